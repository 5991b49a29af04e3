"""A notebook over a grid of parameters: the runs, their folders, and one table of all findings."""

import hashlib
import itertools
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from analysis import files, notebooks, parameters, values
from analysis.batch.tasks import Task
from analysis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NAME = 100
"""Bytes that the name of a run's folder may have."""

MOST = 100_000
"""Runs that a grid may mean: some days of a machine; more is a slip."""


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
        If the grid is empty or a key is no such thing; the message names the key.

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
            if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
                raise InputError(f"{label}, zip: give a list of sets of parameters")
            axes.append([dict(one) for one in value])
        else:
            axes.append([{key: one} for one in _values(key, value, label)])
    _few_enough(math.prod(map(len, axes)), label)
    runs = []
    for parts in itertools.product(*axes):
        names = [name for part in parts for name in part]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise InputError(f"{label}: {', '.join(sorted(twice))} is given twice")
        runs.append({name: value for part in parts for name, value in part.items()})
    return runs


def _few_enough(runs: int, label: str) -> None:
    """Raise ``InputError`` if a grid means more runs than anybody waits for."""
    if runs > MOST:
        raise InputError(f"{label}: {runs:,} runs; a grid may mean {MOST:,} at most")


def _values(key: str, value: Any, label: str) -> list[Any]:
    """Return the values of one parameter."""
    if isinstance(value, list):
        if not value:
            raise InputError(f"{label}, {key}: the list is empty")
        return value
    if not isinstance(value, Mapping):
        return [value]
    if set(value) == {"seeds"} and isinstance(value["seeds"], int) and value["seeds"] > 0:
        _few_enough(value["seeds"], f"{label}, {key}")
        return list(range(value["seeds"]))
    if {"from", "to"} <= set(value) <= {"from", "to", "step"}:
        try:
            first, last, step = (Decimal(str(value.get(k, 1))) for k in ("from", "to", "step"))
            steps = int((last - first) / step) if step > 0 else -1
        except (ArithmeticError, ValueError) as error:
            raise InputError(f"{label}, {key}: {dict(value)} is not a range of numbers") from error
        if steps < 0 or last < first:
            raise InputError(f"{label}, {key}: {dict(value)} has no values; step upwards")
        _few_enough(steps + 1, f"{label}, {key}")
        whole = all(isinstance(one, int) for one in value.values())
        numbers = [first + step * n for n in range(steps + 1)]
        return [int(one) if whole else float(one) for one in numbers]
    raise InputError(f"{label}, {key}: {dict(value)} is neither a range (from, to, step) nor seeds")


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
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not YAML: {reason}") from error
    except RecursionError as error:
        raise InputError(f"{path}: too deep; a grid is parameters with their values") from error
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
    if clean == text and len(clean.encode()) <= LONGEST_NAME:
        return clean
    digest = hashlib.sha256(json.dumps(dict(values)).encode()).hexdigest()[:12]
    start = clean.encode()[: LONGEST_NAME - 13].decode(errors="ignore")
    return f"{start}-{digest}"


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


def write(done: Sequence[Task], path: Path, *, anew: bool = False) -> None:
    """Write the findings of these runs as Parquet, whole or not at all, unless they stand there.

    Parameters
    ----------
    done : sequence of Task
        Tasks whose executed notebooks exist.
    path : pathlib.Path
        The table.
    anew : bool, optional
        Whether one of them ran just now: then its time is not asked, for a clock may go back.
    """
    if not anew and _stands(done, path):
        return
    with files.replacing(path) as beside:
        findings(done).to_parquet(beside, index=False)


def _stands(done: Sequence[Task], path: Path) -> bool:
    """Return whether a table holds these runs and is younger than they are."""
    import pyarrow.parquet as parquet

    newest = max((task.target.stat().st_mtime for task in done), default=0)
    if not path.exists() or path.stat().st_mtime <= newest:
        return False
    try:
        known = set(parquet.read_table(path, columns=["run"])["run"].to_pylist())
    except (OSError, ValueError):  # Torn, or another's.
        return False
    return known == {task.name for task in done}


def _cell(value: Any) -> Any:
    """Return a parameter as a cell of a table; a list as text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _number(text: str) -> float | None:
    """Return a value as a number, or None if it is a date, names or a range."""
    try:
        return values.parse(text).number
    except InputError:
        return None
