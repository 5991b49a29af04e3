"""What there is to run, in which order, and why: light, for a call that finds nothing to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis import notebooks, parameters
from analysis.batch import record
from analysis.batch.record import Checksums, Record

LEDGER = "ledger"
"""The parameter by which a notebook that gathers is told where the ledger is."""


@dataclass(frozen=True)
class Task:
    """One notebook with its parameters and the place of its executed copy.

    Attributes
    ----------
    name : str
        What progress and messages call it.
    notebook : pathlib.Path
        The notebook.
    parameters : dict
        Values by name, as JSON has them.
    target : pathlib.Path
        Where the executed notebook is put.
    gathers : bool
        Whether it reads the findings of all others.
    """

    name: str
    notebook: Path
    parameters: dict[str, Any] = field(hash=False)
    target: Path
    gathers: bool = False


def collection(assigned: Mapping[Path, Mapping[str, parameters.Setting]], out: Path) -> list[Task]:
    """Return a task for each notebook of the collection.

    Parameters
    ----------
    assigned : mapping of pathlib.Path to mapping
        Notebooks with the parameters of each.
    out : pathlib.Path
        Executed notebooks go to ``out/notebooks``; a notebook that gathers gets
        ``out/findings.json`` unless another ledger is given.
    """
    tasks = []
    for path, values in assigned.items():
        given, gathers = dict(values), notebooks.gathers(notebooks.load(path))
        if gathers:
            given.setdefault(LEDGER, str((out / "findings.json").resolve()))
        tasks.append(Task(path.stem, path, given, out / "notebooks" / path.name, gathers))
    return tasks


def before(tasks: Sequence[Task], records: Mapping[Task, Record]) -> dict[Task, set[Task]]:
    """Return for each task those that must end before it begins.

    A task waits for those that wrote what it read, as their records say. While one of the two has
    no record, the first digit of their numbers decides: what cleans (0) goes first. A task that
    takes a ledger waits for all that do not.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks of one run.
    records : mapping of Task to dict
        The record of the last run of each; empty where there is none.
    """
    waits: dict[Task, set[Task]] = {task: set() for task in tasks}
    for task in tasks:
        for other in tasks:
            if other is task or other.notebook == task.notebook:
                continue
            mine, theirs = records[task], records[other]
            if task.gathers or other.gathers:
                needed = task.gathers and not other.gathers
            elif mine.get("reads") is None or theirs.get("writes") is None:
                needed = other.name.startswith("0") and not task.name.startswith("0")
            else:
                needed = not set(theirs["writes"]).isdisjoint(mine["reads"])
            if needed:
                waits[task].add(other)
    return waits


def explain(tasks: Sequence[Task], *, fresh: bool = False) -> dict[Task, list[str]]:
    """Return why each task would run; nothing for one whose record holds.

    A task that depends on another that would run may run as well: only when what it reads has then
    changed, which is not known before.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks of one run.
    fresh : bool, optional
        Whether records are to be ignored.
    """
    records = {task: record.read(task.target) for task in tasks}
    waits = before(tasks, records)
    sums = Checksums()
    found = {
        task: ["--fresh"]
        if fresh
        else record.reasons(records[task], task.notebook, task.parameters, sums)
        for task in tasks
    }
    certain = {task for task in tasks if found[task]}
    for task in tasks:
        upstream = {other.name for other in _upstream(task, waits) & certain}
        if upstream and not found[task]:
            names = ", ".join(sorted(upstream))
            found[task] = [f"if what it reads changes: {names} would run"]
    return found


def _upstream(task: Task, waits: Mapping[Task, set[Task]]) -> set[Task]:
    """Return all that a task waits for, directly or not."""
    found: set[Task] = set()
    new = set(waits[task])
    while new:
        found |= new
        new = {other for one in new for other in waits[one]} - found
    return found
