"""Which pairs of series count the same thing: ``data/registry/comparable.csv``, decided once."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.sources import tables

TABLE = "registry/comparable"


@dataclass(frozen=True)
class Pair:
    """Two series set beside each other.

    Attributes
    ----------
    series, other : str
        What claims state, and what is set beside it.
    question : str
        The question that the other answers.
    scope : str
        ``"same"`` or ``"near"``.
    differs : str
        What differs, or in what way they are the same.
    year : int or None
        The year of the other, where it is not the claim's.
    base : str
        The series that the other is computed from; empty if it is a series itself.
    """

    series: str
    other: str
    question: str
    scope: str
    differs: str
    year: int | None = None
    base: str = ""


def pairs(series: str) -> list[Pair]:
    """Return all that was decided of a series, in the order of the registry."""
    frame = tables.read(TABLE)
    return [_pair(row) for row in frame[frame["series"] == series].itertuples()]


def pair(series: str, other: str) -> Pair:
    """Return what was decided of two series.

    Raises
    ------
    InputError
        If nothing was; the message lists the pairs of the first series, or all series.

    Examples
    --------
    >>> pair("ai_index_2022.journal_publications_share", "ncses_2024.articles_share").scope
    'near'
    """
    known = pairs(series)
    hits = [one for one in known if one.other == other]
    if not hits:
        near = [one.other for one in known] or sorted(set(tables.read(TABLE)["series"]))
        raise InputError(
            f"data/registry/comparable.csv: no pair {series!r} and {other!r}; "
            f"there are: {', '.join(near)}"
        )
    return hits[0]


def _pair(row: Any) -> Pair:
    """Return the pair of one row."""
    return Pair(
        str(row.series),
        str(row.other),
        str(row.question),
        str(row.scope),
        str(row.differs),
        None if pd.isna(row.year) else int(row.year),
        "" if pd.isna(row.base) else str(row.base),
    )
