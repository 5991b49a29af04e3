"""Check the whole collection, or what one table touches, against what is stored."""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from matplotlib.figure import Figure as Canvas

from analysis import notebooks, paths
from analysis.batch import record
from analysis.check import compare
from analysis.check.compare import Difference
from analysis.check.execute import seen, stored
from analysis.kernels import client
from analysis.sources import packages

CLEANING = "0"
"""How the names of notebooks begin that write ``data/processed``, the overview apart."""


def compare_all(names: Sequence[str] = (), jobs: int = 1) -> list[Difference]:
    """Return what differs between what is stored and what the notebooks compute now.

    Parameters
    ----------
    names : sequence of str, optional
        Notebooks; all by default.
    jobs : int, optional
        Processes.

    Returns
    -------
    list of Difference
        Of processed tables first, then of notebooks in their order.
    """
    for name, value in client.FOR_ZYGOTES.items():
        os.environ.setdefault(name, value)
    importlib.import_module(client.PRELOAD[0])
    chosen = notebooks.select(names)
    first = [path for path in chosen if cleans(path)]
    rest = [path for path in chosen if not cleans(path)]
    with processed_apart() as before, unsaved():
        found = [one for path in first for one in differences_of(path)]
        found += of_processed(before)
        if jobs == 1 or len(rest) < 2:
            return found + [one for path in rest for one in differences_of(path)]
        with get_context("fork").Pool(jobs) as pool:  # The tables read so far are shared.
            return found + [one for part in pool.imap(differences_of, rest) for one in part]


def differences_of(path: Path) -> list[Difference]:
    """Return what differs in one notebook; an error in a cell is a difference."""
    try:
        return compare.between(stored(path), seen(path))
    except Exception as error:
        where = "; ".join(getattr(error, "__notes__", [path.stem]))
        return [Difference(where, "fails", "a result", f"{type(error).__name__}: {error}")]


def of_processed(before: Path) -> list[Difference]:
    """Return how the processed tables differ from those in a folder."""
    found = []
    for name, table in packages.tables().items():
        if name.startswith("processed/"):
            found += compare.between_tables(table.label, before / table.path.name, table.path)
    return found


def touched_by(name: str) -> list[str]:
    """Return the notebooks that a table reaches, by the records of the last run.

    Parameters
    ----------
    name : str
        ``"PACKAGE/TABLE"``.

    Returns
    -------
    list of str
        Those that read it, or read what those write; also those that have no record.

    Raises
    ------
    InputError
        If there is no such table.
    """
    files = {str(packages.table(name).path.resolve())}
    known = {
        path: record.read(paths.ROOT / "build" / "notebooks" / path.name)
        for path in paths.notebooks()
    }
    found: list[str] = []
    for path, ran in known.items():
        absolute = {str((paths.ROOT / one).resolve()) for one in ran.get("reads", ())}
        if not ran or absolute & files:
            found.append(path.stem)
            files |= {str((paths.ROOT / one).resolve()) for one in ran.get("writes", ())}
    return found


@contextmanager
def processed_apart() -> Iterator[Path]:
    """Work on a copy of the data, so that what the cleaning notebooks write stays apart.

    Yields
    ------
    pathlib.Path
        The processed tables as they are stored.
    """
    own = paths.data()
    before = os.environ.get("ANALYSIS_DATA")
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        copy = Path(folder, "data")
        shutil.copytree(own, copy)
        os.environ["ANALYSIS_DATA"] = str(copy)
        try:
            yield own / "processed"
        finally:
            if before is None:
                del os.environ["ANALYSIS_DATA"]
            else:
                os.environ["ANALYSIS_DATA"] = before


def unsaved() -> Any:
    """Return a context in which figures are drawn but not made into pictures."""
    return patch.object(Canvas, "savefig", lambda *_, **__: None)


def cleans(path: Path) -> bool:
    """Return whether a notebook writes processed tables."""
    return path.stem.startswith(CLEANING) and not path.stem.startswith("00")
