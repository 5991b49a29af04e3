"""The scorecard: the headline of every claim, which is its strongest finding, and counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.report.claims import claims
from analysis.report.findings import EVIDENCE, VERDICTS, shown
from analysis.sources import statements, tables

CONSEQUENTIAL = "report/consequential"

Record = Mapping[str, Any]

_CLAIM_COLUMNS = [
    "id",
    "topic",
    "paragraph",
    "statement",
    "value",
    "unit",
    "qualifier",
    "stated",
]


class Table:
    """A table that a notebook shows whole, however long."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/plain": self.frame.to_string(index=False),
            "text/html": self.frame.to_html(index=False),
        }


def headlines(records: Sequence[Record]) -> pd.DataFrame:
    """Return one row a claim with its headline finding.

    Parameters
    ----------
    records : sequence of mapping
        Findings as :class:`analysis.report.findings.Finding` has them, with ``notebook`` added.

    Returns
    -------
    pandas.DataFrame
        Columns ``id``, ``topic``, ``paragraph``, ``statement``, ``value``, ``unit``,
        ``qualifier``, ``stated``, ``recomputed``, ``evidence``, ``verdict``, ``method``,
        ``sources``, ``notebook``; in the order of ``claims.csv``. A claim without a finding has
        evidence ``none`` and verdict ``untested``.

    Raises
    ------
    InputError
        If a claim has two findings of the same kind of evidence.
    """
    strength = list(EVIDENCE)
    best: dict[str, Record] = {}
    seen: dict[tuple[str, str], str] = {}
    for record in records:
        key = (record["claim"], record["evidence"])
        if key in seen:
            raise InputError(
                f"claim {key[0]!r} has two {key[1]!r} findings: "
                f"in {seen[key]} and in {record['notebook']}"
            )
        seen[key] = record["notebook"]
        rival = best.get(key[0])
        if rival is None or strength.index(key[1]) < strength.index(rival["evidence"]):
            best[key[0]] = record
    nothing = {"recomputed": None, "evidence": "none", "verdict": "untested"}
    empty: dict[str, Any] = {**nothing, "method": "", "sources": [], "notebook": ""}
    rows = []
    for item in claims().values():
        record = best.get(item.id, empty)
        rows.append(
            {
                **{key: getattr(item, key) for key in _CLAIM_COLUMNS},
                **{key: record[key] for key in empty},
            }
        )
    return pd.DataFrame(rows, columns=[*_CLAIM_COLUMNS, *empty])


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many headlines there are by evidence (rows) and verdict (columns), with totals."""
    cross = pd.crosstab(table["evidence"], table["verdict"])
    cross = cross.reindex(index=list(EVIDENCE), columns=list(VERDICTS), fill_value=0)
    cross.loc["all"] = cross.sum()
    return cross.assign(all=cross.sum(axis=1))


def only(
    table: pd.DataFrame, *, topic: str | None = None, verdict: str | None = None
) -> pd.DataFrame:
    """Return the headlines of a topic or with a verdict.

    Raises
    ------
    InputError
        If there is no such topic or verdict; the message lists those there are.
    """
    wanted = {"topic": (topic, list(table["topic"].unique())), "verdict": (verdict, list(VERDICTS))}
    for column, (value, known) in wanted.items():
        if value is None:
            continue
        if value not in known:
            raise InputError(f"--{column} {value!r} is not one of: {', '.join(known)}")
        table = table[table[column] == value]
    return table


def by_topic(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many headlines there are by topic (rows) and verdict (columns)."""
    cross = pd.crosstab(table["topic"], table["verdict"])
    return cross.reindex(index=table["topic"].unique(), columns=list(VERDICTS), fill_value=0)


def inconsistencies(records: Sequence[Record]) -> Table:
    """Return the claims that the report itself contradicts, headline or not, with the method."""
    known = claims()
    rows = [
        {
            "claim": record["claim"],
            "paragraph": known[record["claim"]].paragraph,
            "stated": known[record["claim"]].stated,
            "follows": shown(record["recomputed"], known[record["claim"]]),
            "from": record["method"],
        }
        for record in records
        if record["verdict"] == "inconsistent"
    ]
    return Table(pd.DataFrame(rows))


def consequential(table: pd.DataFrame) -> Table:
    """Return the failing claims of most consequence, as ``data/raw/report/consequential`` has them.

    Which they are, their order and the sentence of why are a judgement; values, verdicts and
    sources are those of the headlines. A listed claim that does not fail is left out.

    Parameters
    ----------
    table : pandas.DataFrame
        Headlines, as of :func:`headlines`.

    Raises
    ------
    InputError
        If a listed claim is unknown.
    """
    known = table.set_index("id")
    failing = known["verdict"].isin(["contradicted", "inconsistent"])
    rows = []
    for row in tables.read(CONSEQUENTIAL).itertuples():
        if row.claim not in known.index:
            raise InputError(
                f"{CONSEQUENTIAL}, row {row.Index + 2}, column claim: no claim {row.claim!r}"
            )
        if not failing[row.claim]:
            continue
        claim = known.loc[row.claim]
        rows.append(
            {
                "": row.place,
                "claim": claim["statement"],
                "paragraph": claim["paragraph"],
                "report says": claim["stated"],
                "found": shown(claim["recomputed"], claims()[row.claim]),
                "from": "; ".join(dict.fromkeys(map(statements.publisher, claim["sources"]))),
                "why it matters": row.why,
            }
        )
    return Table(pd.DataFrame(rows))


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many claims there are by topic (rows) and evidence, and how many lack a notebook.

    Returns
    -------
    pandas.DataFrame
        A column each kind of evidence, ``all`` and ``no notebook``; a row each topic, and ``all``.
    """
    cross = pd.crosstab(table["topic"], table["evidence"])
    cross = cross.reindex(index=table["topic"].unique(), columns=list(EVIDENCE), fill_value=0)
    cross["all"] = cross.sum(axis=1)
    orphans = table[table["notebook"] == ""].groupby("topic").size()
    cross["no notebook"] = orphans.reindex(cross.index, fill_value=0)
    cross.loc["all"] = cross.sum()
    return cross


def readable(table: pd.DataFrame) -> Table:
    """Return headlines as a table for readers, every row shown."""
    known = claims()
    columns = ["id", "paragraph", "stated", "recomputed", "evidence", "verdict", "notebook"]
    found = [shown(row.recomputed, known[row.id]) for row in table.itertuples()]
    return Table(table.assign(recomputed=found)[columns].reset_index(drop=True))


def headline(table: pd.DataFrame) -> str:
    """Return the scorecard's headline: ``"30 claims: 20 confirmed, 1 contradicted, …"``."""
    verdicts = Counter(table["verdict"])
    parts = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS)
    return f"{len(table)} claims: {parts}"
