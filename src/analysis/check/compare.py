"""What differs between what is stored and what is computed now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from analysis.check.execute import TEXT, Seen
from analysis.figures import MIME as FIGURE
from analysis.report import findings
from analysis.report.universes import MIME as UNIVERSES

_OF_CLAIMS = {findings.MIME: ("claim", "question"), UNIVERSES: ("claim",)}


@dataclass(frozen=True)
class Difference:
    """One thing that is no longer as it is stored.

    Attributes
    ----------
    where : str
        ``"22_patents, cell 8"`` or ``"data/processed/series.csv, row 12"``.
    what : str
        The claim and question, the column, or what kind of thing.
    before, after : str
        As stored; as computed.
    """

    where: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: stored {self.before}, computed {self.after}"


def between(stored: Sequence[Seen], computed: Sequence[Seen]) -> list[Difference]:
    """Return how what a notebook's cells show differs."""
    found: list[Difference] = []
    for one, other in zip_longest(stored, computed):
        here = one or other
        where = f"{here.notebook}, cell {here.cell}"
        if one is None or other is None:
            words = ["a cell", "none"]
            found.append(Difference(where, "cells", *(words if one else reversed(words))))
            continue
        before = len(found)
        for kind, keys in _OF_CLAIMS.items():
            found += _of_claims(where, one.data.get(kind, []), other.data.get(kind, []), keys)
        found += _of_figure(where, one.data.get(FIGURE), other.data.get(FIGURE))
        if len(found) == before:
            found += _of_text(where, "shows", _text(one), _text(other))
            found += _of_text(where, "prints", one.printed, other.printed)
    return found


def between_tables(label: str, stored: Path, computed: Path) -> list[Difference]:
    """Return how a processed table differs, row by row and column by column.

    Parameters
    ----------
    label : str
        What messages call it.
    stored, computed : pathlib.Path
        Two CSV files.
    """
    if stored.read_bytes() == computed.read_bytes():
        return []
    import pandas as pd

    one, other = (pd.read_csv(p, dtype=str, keep_default_na=False) for p in (stored, computed))
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        sizes = [f"{len(f)} rows of {', '.join(f.columns)}" for f in (one, other)]
        return [Difference(label, "table", *sizes)]
    return [
        Difference(f"{label}, row {row}", f"column {column}", before, after)
        for row, (ones, others) in enumerate(zip(one.values, other.values, strict=True), start=2)
        for column, before, after in zip(one, ones, others, strict=True)
        if before != after
    ]


def _of_claims(
    where: str,
    one: Sequence[Mapping[str, Any]],
    other: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
) -> Iterator[Difference]:
    """Yield how findings or universes of a cell differ."""
    for before, after in zip_longest(one, other):
        if before == after:
            continue
        here = before or after or {}
        what = ", ".join(str(here[key]) for key in keys)
        if before is None or after is None:
            words = [str((here)["value"]), "none"]
            yield Difference(where, what, *(words if before else reversed(words)))
            continue
        for name in before:
            if before[name] != after.get(name):
                yield Difference(where, f"{what}, {name}", str(before[name]), str(after.get(name)))


def _of_figure(where: str, one: Any, other: Any) -> Iterator[Difference]:
    """Yield how a figure's words or data differ."""
    now = other
    if one == now:
        return
    if not one or not now:
        yield Difference(where, "figure", str(bool(one)), str(bool(now)))
        return
    for name in ("title", "unit", "source"):
        if one[name] != now[name]:
            yield Difference(where, f"the figure's {name}", one[name], now[name])
    for column in dict.fromkeys([*one["data"], *now["data"]]):
        before, after = one["data"].get(column, []), now["data"].get(column, [])
        if before != after:
            row = next(n for n, (a, b) in enumerate(zip_longest(before, after)) if a != b)
            values = [str(f[row]) if row < len(f) else "none" for f in (before, after)]
            yield Difference(where, f"the figure's data, column {column}, row {row + 1}", *values)


def _of_text(where: str, what: str, one: str, other: str) -> Iterator[Difference]:
    """Yield the first line that differs."""
    lines = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    for before, after in lines:
        if before != after:
            yield Difference(where, what, before.strip() or "nothing", after.strip() or "nothing")
            return


def _text(shown: Seen) -> str:
    """Return what a cell shows as text."""
    return str(shown.data.get(TEXT, ""))
