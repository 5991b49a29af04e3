"""A notebook over a grid of parameters: the runs, their folders, and one table of all findings."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files, notebooks, parameters, values
from analysis.batch import grids
from analysis.batch.tasks import Task
from analysis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NAME = 100
"""Bytes that the name of a run's folder may have."""


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


def of_folder(folder: Path, out: Path) -> list[Task]:
    """Return the runs of every grid of a folder, each named by its notebook: ``22_patents.yaml``.

    Raises
    ------
    InputError
        If the folder has no grid, or a grid names no notebook or no set of its choices.
    """
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise InputError(f"{folder}: no grid (*.yaml) there")
    todo = []
    for grid in found:
        (notebook,) = notebooks.select([grid.stem])
        runs = tasks(notebook, grids.load(grid), out / grid.stem)
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
