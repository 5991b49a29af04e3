"""Run notebooks headless through papermill, one after the other, in their order."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import papermill
from papermill.exceptions import PapermillExecutionError

from analysis import parameters
from analysis.batch.notebooks import SYNTHESIS
from analysis.report import ledger

KERNEL = "python3"


@dataclass(frozen=True)
class Outcome:
    """How one notebook ended.

    Attributes
    ----------
    notebook : str
        Its name without ending.
    seconds : float
        Wall time.
    error : str
        Empty, or the failing cell and its message.
    """

    notebook: str
    seconds: float
    error: str = ""


def run(
    assigned: Mapping[Path, Mapping[str, parameters.Value]], out: Path, *, progress: bool = True
) -> Iterator[Outcome]:
    """Run notebooks and write executed copies and the ledger of findings.

    Parameters
    ----------
    assigned : mapping of pathlib.Path to mapping
        Notebooks in the order to run, with the parameters of each.
    out : pathlib.Path
        Executed notebooks go to ``out/notebooks``, the ledger to ``out/findings.json``.
    progress : bool, optional
        Whether to draw a bar that names the notebook and counts its cells.

    Yields
    ------
    Outcome
        One a notebook, as each ends. A failure does not stop the others.
    """
    folder = out / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.ipynb"):
        stale.unlink()
    for path, values in assigned.items():
        given = dict(values)
        if path.stem.startswith(SYNTHESIS) and "ledger" in parameters.of(path.stem):
            given.setdefault("ledger", str(_gather(assigned, out)))
        yield _run_one(path, folder / path.name, given, progress)
    _gather(assigned, out)


def _gather(notebooks: Sequence[Path] | Mapping[Path, object], out: Path) -> Path:
    """Write the ledger: this run's findings, and the stored ones of notebooks it leaves out."""
    executed = {path.stem: path for path in (out / "notebooks").glob("*.ipynb")}
    mine = {path.stem for path in notebooks}
    sources = [
        executed.get(path.stem, path)
        for path in ledger.stored()
        if path.stem in executed or path.stem not in mine
    ]
    target = (out / "findings.json").resolve()
    ledger.dump(ledger.harvest(sources), target)
    return target


def _run_one(
    path: Path, target: Path, values: Mapping[str, parameters.Value], progress: bool
) -> Outcome:
    """Run one notebook."""
    begin = time.perf_counter()
    error = ""
    bar = {"desc": path.stem, "leave": False} if progress else False
    try:
        papermill.execute_notebook(
            path, target, dict(values), kernel_name=KERNEL, progress_bar=bar, cwd=path.parent
        )
    except PapermillExecutionError as failure:
        error = f"cell {failure.cell_index + 1}: {failure.ename}: {failure.evalue}"
    return Outcome(path.stem, time.perf_counter() - begin, error)
