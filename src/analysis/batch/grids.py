"""Grids: a file of YAML that says which sets of parameters to run."""

import itertools
import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import InputError

MOST = 100_000
"""Runs that a grid may mean: some days of a machine; more is a slip."""

BROKEN = (yaml.YAMLError, ValueError, LookupError, AttributeError)
"""What the parser raises: for a tag or a date that does not fit, not only its own error."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Plain values only; a key that stands twice is an error, and so is a reference."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse references: a few of them would make a file of a line mean billions of values."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("a reference (*) is not allowed in a grid; write the value out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Refuse a mapping that names a key twice; YAML would keep the last."""
        keys = [key.value for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(f"in what begins at line {line}, {', '.join(twice)} stands twice")
        return super().construct_mapping(node, deep)


def expand(grid: Mapping[str, Any], label: str) -> list[dict[str, Any]]:
    """Return the sets of parameters that a grid means, in order.

    Each key is a parameter with a value, a list of values, a range
    (``{from: 0.8, to: 0.9, step: 0.05}``, both ends included) or a number of seeds
    (``{seeds: 5}``: 0 to 4); all are crossed. The key ``zip`` holds sets of parameters that go
    together, and is crossed with the rest.

    Parameters
    ----------
    grid : mapping
        The grid.
    label : str
        What messages call it.

    Raises
    ------
    InputError
        If the grid is empty, a key is no such thing, or there are more than a hundred thousand
        runs; the message names the key.

    Examples
    --------
    >>> expand({"a": [1, 2], "zip": [{"b": 1, "c": 2}, {"b": 3, "c": 4}]}, "grid")[:2]
    [{'a': 1, 'b': 1, 'c': 2}, {'a': 1, 'b': 3, 'c': 4}]
    """
    if not isinstance(grid, Mapping) or not grid:
        raise InputError(f"{label}: a grid is parameters with their values; found {grid!r}")
    axes: list[list[dict[str, Any]]] = []
    for key, value in grid.items():
        if key == "zip":
            mappings = isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
            if not value or not mappings:
                raise InputError(f"{label}, zip: give a list of sets of parameters")
            axes.append([{_named(k, label): v for k, v in one.items()} for one in value])
        else:
            axes.append([{key: one} for one in _values(_named(key, label), value, label)])
        _few(math.prod(map(len, axes)), label)
    runs = []
    for parts in itertools.product(*axes):
        names = [name for part in parts for name in part]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise InputError(f"{label}: {', '.join(sorted(twice))} is given twice")
        runs.append({name: value for part in parts for name, value in part.items()})
    return runs


def _named(key: Any, label: str) -> str:
    """Return a key that may be a parameter's name."""
    if not isinstance(key, str) or not key.isidentifier():
        raise InputError(f"{label}: {key!r} is no name of a parameter")
    return key


def _few(runs: int, label: str) -> int:
    """Return a number of runs that is not too large."""
    if runs > MOST:
        raise InputError(f"{label}: {runs:,} runs; a grid may mean {MOST:,} at most")
    return runs


def _values(key: str, value: Any, label: str) -> list[Any]:
    """Return the values of one parameter."""
    if isinstance(value, list):
        if not value:
            raise InputError(f"{label}, {key}: the list is empty")
        return value
    if not isinstance(value, Mapping):
        return [value]
    if set(value) == {"seeds"} and isinstance(value["seeds"], int) and value["seeds"] > 0:
        return list(range(_few(value["seeds"], f"{label}, {key}")))
    if {"from", "to"} <= set(value) <= {"from", "to", "step"}:
        try:
            first, last, step = (_finite(value.get(k, 1)) for k in ("from", "to", "step"))
            steps = int((last - first) / step) if step > 0 and last >= first else -1
        except ArithmeticError as error:
            raise InputError(f"{label}, {key}: {dict(value)} is not a range of numbers") from error
        if steps < 0:
            raise InputError(f"{label}, {key}: {dict(value)} has no values; step upwards")
        whole = all(isinstance(one, int) for one in value.values())
        numbers = [first + step * n for n in range(_few(steps + 1, f"{label}, {key}"))]
        return [int(one) if whole else float(one) for one in numbers]
    raise InputError(f"{label}, {key}: {dict(value)} is neither a range (from, to, step) nor seeds")


def _finite(number: Any) -> Decimal:
    """Return a finite number of a grid as a decimal."""
    found = Decimal(str(number))
    if not found.is_finite():
        raise InvalidOperation(number)
    return found


def load(path: Path) -> list[dict[str, Any]]:
    """Return the sets of parameters of a grid file.

    Raises
    ------
    InputError
        If the file does not exist, is not YAML, or is no grid.
    """
    try:
        grid = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8; save the file as UTF-8") from error
    except RecursionError as error:
        raise InputError(f"{path}: too deep; a grid is parameters with their values") from error
    except BROKEN as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not YAML: {reason}") from error
    return expand(grid, str(path))
