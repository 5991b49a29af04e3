"""Vintages: one quantity and year across the editions and publishers that state it."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis import values
from analysis.errors import InputError
from analysis.report import ledger
from analysis.report.claims import Claim, claim
from analysis.report.findings import Finding
from analysis.sources import citations, series, tables
from analysis.statistics import revisions, samples

COLUMNS = (
    "claim",
    "topic",
    "kind",
    "statement",
    "stated",
    "source",
    "year",
    "question",
    "scope",
    "value",
    "shown",
    "revision_percent",
    "answer",
    "why",
)

EDITIONS = "registry/editions"

_MEASURED = ("amount", "share", "growth", "count")
_YEAR = re.compile(r"(?:19|20)\d\d")


def editions(entries: Sequence[ledger.Entry]) -> pd.DataFrame:
    """Return a row for each edition or publisher that states a claim's quantity.

    Parameters
    ----------
    entries : sequence of dict
        A ledger.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`, in the order of the ledger's claims and of ``year``, in which the
        source was published (missing if it bears no date). ``revision_percent`` is the value
        against the report's, for what is measured; ``answer`` is ``"yes"``, ``"no"`` or missing
        for a bound that decides nothing; ``why`` says what differs. The same value by the same
        source stands once.
    """
    rows = [
        _row(claim(one.claim), one)
        for one in ledger.typed(entries)
        if one.question != "consistent" and claim(one.claim).subject == "world"
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year": "Int64"})
    frame = frame.drop_duplicates(["claim", "source", "value", "scope"])
    order = {key: place for place, key in enumerate(dict.fromkeys(frame["claim"]))}
    frame = frame.assign(place=frame["claim"].map(order))
    frame = frame.sort_values(["place", "year"], kind="stable", na_position="last")
    return frame.drop(columns="place").reset_index(drop=True)


def editions_of(identifier: str, entries: Sequence[ledger.Entry]) -> pd.DataFrame:
    """Return the vintages of one claim.

    Raises
    ------
    InputError
        If there is no such claim, or no source at hand states its quantity.
    """
    item = claim(identifier)
    found = editions([entry for entry in entries if entry["claim"] == item.id])
    if found.empty:
        raise InputError(f"claim {item.id!r}: no edition or publisher at hand states it")
    return found


def several(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of claims that two editions or publishers state, or more."""
    return frame[frame.groupby("claim")["source"].transform("nunique") >= 2]


def survival(frame: pd.DataFrame, *, by: str | None = None, most: int = 3) -> pd.DataFrame:
    """Return the share of claims that outlive one, two and more later editions of their source.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`editions` returns it; findings on ``lasting`` are used, an edition a source.
    by : str, optional
        A column to group by, such as ``kind``; all claims together otherwise.
    most : int, optional
        Up to how many editions.

    Returns
    -------
    pandas.DataFrame
        Rows by group and number of ``editions``; ``claims`` that have so many, how many ``held``
        in all of them, ``percent`` with the 95 per cent Wilson interval ``low`` to ``high``.

    Notes
    -----
    Several findings of one edition count as one, which holds only if all of them do.
    """
    later = frame[(frame["question"] == "lasting") & frame["answer"].notna()]
    later = later.assign(held=later["answer"] == "yes")
    keys = ["claim", "year", "source"]
    editions = later.groupby(keys, dropna=False)["held"].all().reset_index().sort_values(keys[:2])
    editions["number"] = editions.groupby("claim").cumcount() + 1
    editions["outlived"] = editions.groupby("claim")["held"].cummin()
    about = frame.drop_duplicates("claim").set_index("claim")
    editions["group"] = editions["claim"].map(about[by]) if by else "all"
    rows = []
    for group, part in editions[editions["number"] <= most].groupby(["group", "number"]):
        held, size = int(part["outlived"].sum()), len(part)
        wide = samples.wilson(pd.Series([100 * held / size]), size).iloc[0]
        rows.append((*group, size, held, *wide))
    names = [by or "group", "editions", "claims", "held", "percent", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def outlived(frame: pd.DataFrame) -> dict[str, str]:
    """Return in how many later editions of its source each claim holds: ``"1 of 2"``."""
    later = frame[(frame["question"] == "lasting") & (frame["scope"] == "same")]
    held = (later["answer"] == "yes").groupby([later["claim"], later["source"]]).all()
    return {
        str(key): f"{int(part.sum())} of {len(part)}" for key, part in held.groupby(level="claim")
    }


def grid(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one answer a claim and year, for :func:`analysis.figures.matrix`.

    Same-scope answers of a year go before near ones; where they disagree, it is mixed. Years before
    2018 are one column.
    """
    dated = frame.dropna(subset=["year", "answer"])
    dated = dated.assign(year=dated["year"].clip(lower=2017))
    rows = []
    years: Any
    for years, part in dated.groupby(["topic", "statement", "year"], sort=False):
        topic, statement, year = years
        scope = "same" if (part["scope"] == "same").any() else "near"
        given = set(part.loc[part["scope"] == scope, "answer"])
        answer = given.pop() if len(given) == 1 else "mixed"
        name = answer if scope == "same" else f"near {answer}"
        rows.append((topic, statement, int(year), name))
    found = pd.DataFrame(rows, columns=["group", "row", "column", "answer"])
    columns = sorted(found["column"].unique())
    labels = {year: "to 2017" if year == 2017 else str(year) for year in columns}
    column = pd.Categorical(found["column"].map(labels), list(labels.values()), ordered=True)
    return found.assign(column=column)


def changes() -> pd.DataFrame:
    """Return how later editions of ``registry/editions`` revise the first, a row a pair.

    Returns
    -------
    pandas.DataFrame
        ``quantity``, ``first``, ``later``, ``differs`` and what
        :func:`analysis.statistics.revisions.describe` gives.
    """
    rows = []
    row: Any
    for row in tables.read(EDITIONS).itertuples():
        areas = row.areas.split("; ")
        both = [series.numbers(name)[areas].stack() for name in (row.first, row.later)]
        about = pd.Series({"quantity": row.quantity, "first": row.first, "later": row.later})
        found = pd.Series({**revisions.describe(*both), "differs": row.differs})
        rows.append(pd.concat([about, found]))
    return pd.DataFrame(rows)


def text(frame: pd.DataFrame) -> str:
    """Return the vintages of one claim for a terminal."""
    first = frame.iloc[0]
    lines = [first["statement"], f"    the report says: {first['stated']}"]
    row: Any
    for row in frame.itertuples():
        year = "undated" if pd.isna(row.year) else row.year
        change = "" if pd.isna(row.revision_percent) else f" ({row.revision_percent:+.1f} %)"
        answer = {"yes": "holds", "no": "fails"}.get(row.answer, "decides nothing")
        lines.append(f"  {year}  {row.source}: {row.shown}{change}: {answer}, {row.question}")
        if row.why:
            lines.append(f"        {row.scope}: {row.why}")
    return "\n".join(lines)


def _row(item: Claim, one: Finding) -> tuple[Any, ...]:
    """Return the row of one finding."""
    stated = [source for source in one.sources if source.startswith("statements/")]
    cited = citations.cite((*stated, *one.sources)[0])
    year = _YEAR.findall(cited.edition)
    found = values.parse(one.value, item.unit)
    return (
        item.id,
        item.topic,
        item.kind,
        item.statement,
        item.says,
        cited.short if cited.file.split("/")[2] != "statements" else cited.publisher,
        int(year[-1]) if year else pd.NA,
        one.question,
        one.scope,
        one.value,
        item.shows(found),
        _revision(item, found),
        one.answer,
        one.differs,
    )


def _revision(item: Claim, found: values.Value) -> float:
    """Return the difference from the report's value in per cent; missing if none is measured."""
    if item.kind not in _MEASURED or item.stated.is_range or found.is_range or not item.number:
        return np.nan
    return 100 * (found.number / item.number - 1)
