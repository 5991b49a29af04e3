"""A notebook over a grid of parameters: the runs, their folders, and one table of all findings."""

import hashlib
import itertools
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from analysis import files, notebooks, parameters, values
from analysis.batch.tasks import Task
from analysis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NAME = 100
MOST = 100_000
"""The most runs that a grid may mean: more is a slip."""

BROKEN = (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError)
"""What the parser raises: for a tag or a date that does not fit, or a nesting without end, not only
its own error."""


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
        raise InputError(f"{label}: {runs} runs; a grid may mean {MOST} at most")
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
            steps = int((last - first) // step) if step > 0 and last >= first else -1
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
        grid = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8; save the file as UTF-8") from error
    except BROKEN as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not YAML: {reason}") from error
    return expand(grid, str(path))


def name(values: Mapping[str, Any]) -> str:
    """Return the name of a run's folder: its parameters; shortened by a checksum if too long.

    Examples
    --------
    >>> name({"year": 2019, "covariance": "HC1"})
    'year=2019,covariance=HC1'
    """
    text = ",".join(f"{key}={value}" for key, value in values.items())
    clean = re.sub(r"[^\w=,.+-]", "_", text)
    if clean == text and len(clean) <= LONGEST_NAME:
        return clean
    digest = hashlib.sha256(json.dumps(dict(values)).encode()).hexdigest()[:12]
    return f"{clean[: LONGEST_NAME - 13]}-{digest}"


def tasks(notebook: Path, runs: Iterable[Mapping[str, Any]], out: Path) -> list[Task]:
    """Return a task for each run, its parameters checked before anything starts.

    Parameters
    ----------
    notebook : pathlib.Path
        A notebook of the collection.
    runs : iterable of mapping
        Sets of parameters.
    out : pathlib.Path
        Each run gets a folder of its own there.

    Raises
    ------
    InputError
        If a parameter is unknown or a value not allowed, or two runs are the same.
    """
    made: dict[str, Task] = {}
    for wanted in runs:
        checked = parameters.checked(notebook, wanted)
        label = name(checked)
        if label in made:
            raise InputError(f"the grid has {label} twice")
        made[label] = Task(label, notebook, checked, out / label / notebook.name)
    return list(made.values())


def of_folder(grids: Path, out: Path) -> list[Task]:
    """Return the runs of every grid of a folder, each named by its notebook: ``22_patents.yaml``.

    Raises
    ------
    InputError
        If the folder has no grid, or a grid names no notebook or no set of its choices.
    """
    found = sorted(grids.glob("*.yaml"))
    if not found:
        raise InputError(f"{grids}: no grid (*.yaml) there")
    todo = []
    for grid in found:
        (notebook,) = notebooks.select([grid.stem])
        runs = tasks(notebook, load(grid), out / grid.stem)
        todo += [replace(task, name=f"{notebook.stem[:2]} {task.name}") for task in runs]
    return todo


def findings(done: Sequence[Task]) -> "pd.DataFrame":
    """Return the findings of all runs as one tidy table.

    Parameters
    ----------
    done : sequence of Task
        Tasks whose executed notebooks exist.

    Returns
    -------
    pandas.DataFrame
        A row each finding of each run: a column each parameter of the grid, then ``run`` and the
        fields of a ledger, with ``number`` (the value as a number, missing if it is none);
        ``sources`` and ``marks`` are joined by ``"; "``, ``choices`` is JSON.
    """
    import pandas as pd

    from analysis.report import ledger

    rows = [
        {
            **{name: _cell(value) for name, value in task.parameters.items()},
            "run": task.name,
            **entry,
            "number": _number(entry["value"]),
            "marks": "; ".join(entry["marks"]),
            "sources": "; ".join(entry["sources"]),
            "choices": json.dumps(entry["choices"], ensure_ascii=False),
        }
        for task in done
        for entry in ledger.harvest([task.target])
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({"number": "float64"}) if len(frame) else frame


def write(done: Sequence[Task], path: Path) -> None:
    """Write the findings of these runs as Parquet, whole or not at all, unless they stand there."""
    import pyarrow.parquet as parquet

    newest = max((task.target.stat().st_mtime for task in done), default=0)
    if path.exists() and path.stat().st_mtime > newest:
        known = set(parquet.read_table(path, columns=["run"])["run"].to_pylist())
        if known == {task.name for task in done}:
            return
    with files.replacing(path) as beside:
        findings(done).to_parquet(beside, index=False)


def _cell(value: Any) -> Any:
    """Return a parameter as a cell of a table; a list as text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _number(text: str) -> float | None:
    """Return a value as a number, or None if it is a date, names or a range."""
    try:
        return values.parse(text).number
    except InputError:
        return None
