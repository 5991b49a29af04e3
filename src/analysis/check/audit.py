"""Audit of the raw data: which wrong figure is noticed, by whom, and which by nobody.

Checksums are left out of it: what notices is a schema, an error, a processed table, a finding, or a
figure's data.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from analysis import figures, notebooks, paths
from analysis.check import compare, mutate
from analysis.check.execute import Seen, seen
from analysis.check.mutate import Mutation
from analysis.report import findings
from analysis.sources import packages, schema, tables

DRAWING = tuple(name for name in figures.__all__ if name.islower())


@dataclass(frozen=True)
class Baseline:
    """What every notebook shows before anything is changed.

    Attributes
    ----------
    shown : dict
        What the cells of each notebook show, by its name; figures by the data they are given.
    reads, writes : dict
        The tables that each notebook reads and writes.
    cites : dict
        The sources that its findings cite.
    """

    shown: Mapping[str, Sequence[Seen]]
    reads: Mapping[str, frozenset[str]]
    writes: Mapping[str, frozenset[str]]
    cites: Mapping[str, frozenset[str]]

    def readers(self, mutation: Mutation, key: str) -> list[Path]:
        """Return the notebooks that a table reaches, those first that cite the changed row."""
        found = []
        reached = {mutation.table}
        for path in notebooks.select(list(self.reads)):
            if self.reads[path.stem] & reached:
                found.append(path)
                reached |= self.writes[path.stem]
        cited = f"{mutation.table}#{key}"
        return sorted(
            found, key=lambda p: (not self.writes[p.stem], cited not in self.cites[p.stem])
        )


def baseline(jobs: int, names: Sequence[str] = ()) -> Baseline:
    """Execute notebooks, all by default, and keep what they show and read; nothing is drawn."""
    books = notebooks.select(names)
    with get_context("fork").Pool(jobs, maxtasksperchild=1) as pool:  # Each has read nothing yet.
        done = pool.map(_executed, books, chunksize=1)
    names = [path.stem for path in books]
    shown, reads, writes = (dict(zip(names, part, strict=True)) for part in zip(*done, strict=True))
    cites = {
        name: frozenset(
            source
            for cell in cells
            for found in cell.data.get(findings.MIME, [])
            for source in found["sources"]
        )
        for name, cells in shown.items()
    }
    return Baseline(shown, reads, writes, cites)


def _executed(path: Path) -> tuple[list[Seen], frozenset[str], frozenset[str]]:
    """Execute a notebook, and return what it shows and which tables it reads and writes."""
    with undrawn():
        now = seen(path)
    return now, frozenset(tables.were_read()), frozenset(tables.were_written())


def audit(
    todo: Sequence[Mutation], jobs: int, names: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Yield each mutation with who noticed it: ``by`` is empty if nobody did.

    Parameters
    ----------
    todo : sequence of Mutation
        What to change, one at a time.
    jobs : int
        Processes, each with a copy of the data of its own.
    names : sequence of str, optional
        The notebooks that look; all by default.
    """
    global _before
    _before = baseline(jobs, names)
    with get_context("fork").Pool(jobs, _own_copy) as pool:
        yield from pool.imap_unordered(_noticed, todo, chunksize=4)


def by_table(results: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return how many mutations were noticed, a row a table, and by what."""
    frame = pd.DataFrame(results)
    frame["noticed"] = frame["by"] != ""
    counts = frame.groupby("table").agg(changed=("noticed", "size"), noticed=("noticed", "sum"))
    kinds = pd.crosstab(frame["table"], frame["by"]).drop(columns="", errors="ignore")
    return counts.join(kinds).sort_index().reset_index()


def undrawn() -> Any:
    """Return a context in which figures carry the data they are given and are not drawn."""

    def stand_in(frame: pd.DataFrame, **words: Any) -> figures.Figure:
        title, unit, source = (str(words.get(name, "")) for name in ("title", "unit", "source"))
        return figures.Figure("", b"", title, unit, source, frame)

    stands: dict[str, Any] = dict.fromkeys(DRAWING, stand_in)
    return patch.multiple(figures, **stands)


_before: Baseline


def _own_copy() -> None:
    """Give a process a copy of the data of its own."""
    folder = Path(tempfile.mkdtemp(prefix="audit-"))
    shutil.copytree(paths.data(), folder / "data")
    os.environ["ANALYSIS_DATA"] = str(folder / "data")


def _noticed(mutation: Mutation) -> dict[str, Any]:
    """Change one cell, see who notices, and change it back."""
    table = packages.table(mutation.table)
    text = table.path.read_text(encoding="utf-8")
    keys = list(table.resource.schema.primary_key)
    row = list(tables.rows(table.name).items())[mutation.row - 2]
    table.path.write_text(mutate.applied(text, mutation), encoding="utf-8")
    try:
        by = "schema" if schema.broken(table) else _reader(mutation, row[0] if keys else "")
    finally:
        table.path.write_text(text, encoding="utf-8")
    return {**asdict(mutation), "by": by}


def _reader(mutation: Mutation, key: str) -> str:
    """Return what the first notebook that notices notices; empty if none does."""
    kept = {one.name: one.path.read_bytes() for one in _processed()}
    try:
        with undrawn():
            for path in _before.readers(mutation, key):
                try:
                    now = seen(path)
                except Exception:
                    return "error"
                if any(one.path.read_bytes() != kept[one.name] for one in _processed()):
                    return "processed table"
                found = compare.between(_before.shown[path.stem], now)
                if found:
                    return _kind(found[0].what)
    finally:
        for one in _processed():
            one.path.write_bytes(kept[one.name])
    return ""


def _processed() -> list[packages.Table]:
    """Return the processed tables."""
    return [one for name, one in packages.tables().items() if name.startswith("processed/")]


def _kind(what: str) -> str:
    """Return what kind of thing noticed."""
    if "figure" in what:
        return "figure"
    return "shown" if what in ("shows", "prints", "cells") else "finding"
