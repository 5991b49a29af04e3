"""The door to the batch: run the collection, or sweep a notebook over a grid, in one call."""

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files, notebooks, parameters, paths
from analysis.batch import record, sweep, tasks
from analysis.batch.schedule import Listener, Options, Outcome, run
from analysis.batch.tasks import Task
from analysis.errors import InputError
from analysis.report import ledger, scorecard

if TYPE_CHECKING:
    import pandas as pd


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a folder for one run; the system lets go of it even if the run is killed.

    Raises
    ------
    InputError
        If another run holds it.
    """
    out.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(f"{record.short(str(out))}: another run is writing there") from error
        files.remove_parts(out)
        yield


@dataclass(frozen=True)
class Ran:
    """What a run of the collection came to.

    Attributes
    ----------
    outcomes : list of Outcome
        How each notebook ended.
    headline : str
        The scorecard's headline; empty unless the whole collection ended well under its default
        choices, for it would be a headline of something else.
    why_none : str
        Why there is no headline.
    """

    outcomes: list[Outcome]
    headline: str
    why_none: str = ""


def plan(names: Sequence[str], given: Mapping[str, str], out: Path) -> list[Task]:
    """Return the tasks of the named notebooks, or of all, with their parameters checked.

    Raises
    ------
    InputError
        If there is no such notebook or parameter, or a value is not allowed.
    """
    return tasks.collection(parameters.assign(notebooks.select(names), given), out)


def run_collection(
    todo: Sequence[Task],
    out: Path,
    options: Options,
    *,
    whole: bool = True,
    listener: Listener | None = None,
) -> Ran:
    """Run tasks of the collection; write the ledger and, for the whole of it, the headline.

    Parameters
    ----------
    todo : sequence of Task
        As :func:`plan` returns them.
    out : pathlib.Path
        The ledger is ``out/findings.json``, the headline ``out/headline.txt``.
    options : Options
        How to run.
    whole : bool, optional
        Whether these are all notebooks under their default choices.
    listener : Listener, optional
        Told of what happens.
    """
    summary = out / "headline.txt"
    with locked(out):
        summary.unlink(missing_ok=True)
        outcomes = run(todo, options, listener=listener, gather=lambda: write_ledger(todo, out))
        entries = write_ledger(todo, out)
        failed = [outcome for outcome in outcomes if outcome.status == "failed"]
        if failed:
            return Ran(outcomes, "", f"no headline: {len(failed)} of {len(outcomes)} failed")
        if not whole:
            return Ran(outcomes, "", of_these(todo, entries))
        text = scorecard.headline(scorecard.standings(entries))
        files.write_text(summary, text + "\n")
        return Ran(outcomes, text)


def of_these(todo: Sequence[Task], entries: Sequence[Mapping[str, Any]]) -> str:
    """Return what a part of the collection found, in place of the headline of the whole."""
    names = {task.name for task in todo}
    found = [entry for entry in entries if entry["notebook"] in names]
    claims = len({entry["claim"] for entry in found})
    return (
        f"{len(found)} findings on {claims} claims; "
        "a headline is of the whole collection under its default choices"
    )


def run_sweep(
    todo: Sequence[Task],
    out: Path,
    options: Options,
    *,
    listener: Listener | None = None,
) -> tuple[list[Outcome], Path]:
    """Run a notebook over a grid and write ``out/findings.parquet``: of these runs and no others.

    Returns
    -------
    list of Outcome
        How each run ended.
    pathlib.Path
        The table.
    """
    table = out / "findings.parquet"
    with locked(out):
        outcomes = run(todo, options, listener=listener)
        ended = zip(todo, outcomes, strict=True)
        anew = any(outcome.status != "up to date" for outcome in outcomes)
        sweep.write([task for task, end in ended if end.status != "failed"], table, anew=anew)
    return outcomes, table


def write_ledger(todo: Sequence[Task], out: Path) -> list[ledger.Entry]:
    """Write the findings of these tasks, and the stored ones of notebooks that are not among them.

    Parameters
    ----------
    todo : sequence of Task
        The tasks of this run.
    out : pathlib.Path
        The ledger is ``out/findings.json``.
    """
    mine = {task.name: task.target for task in todo}
    places = [mine.get(path.stem, path) for path in paths.notebooks()]
    entries = ledger.harvest(path for path in places if path.exists())
    ledger.dump(entries, out / "findings.json")
    return entries


def run_multiverse(
    todo: Sequence[Task], out: Path, options: Options, *, listener: Listener | None = None
) -> "tuple[list[Outcome], pd.DataFrame]":
    """Run all that :func:`analysis.batch.sweep.of_folder` gives.

    Returns
    -------
    list of Outcome
        How each run ended.
    pandas.DataFrame
        As :func:`analysis.report.universes.gather` gives it.

    Notes
    -----
    Runs that ended before and read nothing that changed are not repeated.
    """
    from analysis.report import universes

    with locked(out):
        outcomes = run(todo, options, listener=listener)
        ended = zip(todo, outcomes, strict=True)
        made = universes.gather([task.target for task, end in ended if end.status != "failed"])
    return outcomes, made
