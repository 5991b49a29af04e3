"""Findings that compute nothing: which statement speaks of which claim, as rows of a table."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis import values
from analysis.errors import InputError
from analysis.report import units
from analysis.report.claims import claim, claims
from analysis.report.display import Shown
from analysis.report.findings import Findings, find
from analysis.sources import statements, tables

TABLE = "registry/links"
UNANSWERED = "registry/unanswered"


def findings(*topics: str, questions: Sequence[str] = ()) -> Findings:
    """Return what publications state of the claims of these topics.

    Parameters
    ----------
    *topics : str
        Topics of claims.
    questions : sequence of str, optional
        Only answers to these; all if empty.

    Raises
    ------
    InputError
        If a topic is unknown, or a row names a claim or statement that is not there.
    """
    wanted = _of(topics)
    rows = tables.read(TABLE)
    rows = rows[rows["claim"].isin(wanted)]
    if questions:
        rows = rows[rows["question"].isin(questions)]
    order = {key: place for place, key in enumerate(claims())}
    rows = rows.assign(place=rows["claim"].map(order)).sort_values("place", kind="stable")
    return Findings(one for row in rows.itertuples() for one in _finding(row))


def unanswered(*topics: str) -> Shown:
    """Return the claims of these topics that nothing at hand answers, with what was looked for.

    Raises
    ------
    InputError
        If a topic is unknown.
    """
    wanted, known = _of(topics), claims()
    rows = tables.read(UNANSWERED)
    rows = rows[rows["claim"].isin(wanted)]
    frame = pd.DataFrame(
        {
            "statement": [known[key].statement for key in rows["claim"]],
            "the report says": [known[key].says for key in rows["claim"]],
            "looked for": list(rows["looked_for"]),
        }
    )
    return Shown(frame, "Claims that nothing at hand answers")


def stated(identifier: str) -> pd.DataFrame:
    """Return every statement that speaks of a claim, by date, whatever its scope.

    Returns
    -------
    pandas.DataFrame
        ``published``, ``publisher``, ``scope``, ``value``, the number in the unit of the claim, and
        ``bound``, what it is a bound of: ``"over"``, ``"under"`` or nothing.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    rows = tables.read(TABLE)
    rows = rows[rows["claim"] == claim(identifier).id]
    said = [statements.row(key) for key in rows["statement"]]
    unit = claim(identifier).unit
    found = [
        units.convert(values.parse(one["value"], one["unit"]), one["unit"], unit) for one in said
    ]
    frame = pd.DataFrame(
        {
            "published": [one["published"] for one in said],
            "publisher": [one["publisher"].partition(",")[0] for one in said],
            "scope": list(rows["scope"]),
            "value": [one.number for one in found],
            "bound": [{">": "over", "<": "under"}.get(str(one)[0], "") for one in found],
        }
    )
    return frame.sort_values("published", kind="stable", ignore_index=True)


def said(statement: str) -> str:
    """Return what a statement says in words: ``"13.8 billion yuan"``."""
    return values.show(statements.value(statement), units.words(statements.row(statement)["unit"]))


def _of(topics: Sequence[str]) -> set[str]:
    """Return the ids of the claims of topics."""
    known = {item.topic for item in claims().values()}
    for topic in topics:
        if topic not in known:
            raise InputError(f"topic {topic!r} is not one of: {', '.join(sorted(known))}")
    return {key for key, item in claims().items() if item.topic in topics}


def _finding(row: Any) -> Findings:
    """Return the finding of one link."""
    key, statement = str(row.claim), str(row.statement)
    differs, mark = ("" if pd.isna(cell) else str(cell) for cell in (row.differs, row.mark))
    said = statements.row(statement)
    value = units.convert(values.parse(said["value"], said["unit"]), said["unit"], claim(key).unit)
    return find(
        {key: str(value)},
        question=str(row.question),
        method=f"as stated: {said['fact']}",
        sources=[statements.source(statement)],
        scope=str(row.scope),
        differs=differs,
        marks=mark.split("; ") if mark else [],
    )
