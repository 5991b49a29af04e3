"""The scorecard: where every claim stands, with its five answers, and counts of all of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import values
from analysis.errors import InputError
from analysis.report import display, ledger
from analysis.report.claims import Claim, claim, claims
from analysis.report.display import Shown
from analysis.report.findings import Finding
from analysis.report.standing import (
    QUESTIONS,
    STANDINGS,
    answers,
    deciding,
    near_against,
    question_of,
    standing,
)
from analysis.sources import tables

CONSEQUENTIAL = "registry/consequential"
DATES = "date"
"""The kind of claim that the headline counts apart."""

FAILURES = [name for name in STANDINGS if name not in ("confirmed", "as cited", "untested")]
"""The standings of claims that fail."""

Entries = Sequence[ledger.Entry]

_OF_CLAIM = ["id", "topic", "paragraph", "statement", "kind", "subject"]
_STATED = ["value", "unit", "qualifier", "reference", "source"]
_FOUND = ["found", "low", "high", "sources", "notebook"]
COLUMNS = [
    *_OF_CLAIM,
    "stated",
    *_STATED,
    "standing",
    *QUESTIONS,
    "near_against",
    *_FOUND,
    "looked_for",
]


def standings(entries: Entries) -> pd.DataFrame:
    """Return one row a claim: where it stands, its five answers, and the value that decided.

    Parameters
    ----------
    entries : sequence of mapping
        A ledger, as :mod:`analysis.report.ledger` has it.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, in the order of ``claims.csv``. ``stated`` is in words; ``found`` is the
        deciding value in the language of :mod:`analysis.values` (None if untested), ``low`` and
        ``high`` its ends as numbers (None for dates, names and open ends); each question has
        ``"yes"``, ``"no"``, ``"mixed"`` or None; ``near_against`` lists the questions to which a
        finding of near scope says no. A claim of the report about itself has standing
        None.

    Raises
    ------
    InputError
        If a finding names an unknown claim.
    """
    mine: dict[str, list[tuple[Finding, str]]] = {key: [] for key in claims()}
    for entry, finding in zip(entries, ledger.typed(entries), strict=True):
        mine[claim(finding.claim).id].append((finding, str(entry["notebook"])))
    looked_for = tables.read("registry/unanswered").set_index("claim")["looked_for"]
    rows = [
        _row(item, mine[item.id], str(looked_for.get(item.id, ""))) for item in claims().values()
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype(object).where(lambda f: f.notna(), None)


def only(
    table: pd.DataFrame,
    *,
    topic: str | None = None,
    standing: str | None = None,
    question: str | None = None,
) -> pd.DataFrame:
    """Return the claims of a topic, of a standing, or that something answers a question of.

    Raises
    ------
    InputError
        If there is no such topic, standing or question; the message lists those there are.
    """
    wanted = {
        "topic": (topic, list(table["topic"].unique())),
        "standing": (standing, list(STANDINGS)),
        "question": (question, list(QUESTIONS)),
    }
    for name, (value, known) in wanted.items():
        if value is not None and value not in known:
            raise InputError(f"--{name} {value!r} is not one of: {', '.join(known)}")
    if topic is not None:
        table = table[table["topic"] == topic]
    if standing is not None:
        table = table[table["standing"] == standing]
    return table if question is None else table[table[question].notna()]


def with_standing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that have a standing: those about the world."""
    return table[table["subject"] == "world"]


def headline(table: pd.DataFrame) -> str:
    """Return the headline: how many claims stand where, dates apart from all others."""
    world = with_standing(table)
    dates = world["kind"] == DATES
    lines = []
    for what, part in (
        ("amounts, shares, growth rates, counts, ranks and orders", world[~dates]),
        ("dates", world[dates]),
    ):
        number = Counter(part["standing"])
        said = ", ".join(f"{number[name]} {name}" for name in STANDINGS if number[name])
        if len(part):
            lines.append(f"{len(part)} {what}: {said}")
    return "\n".join(lines)


def by(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return how many claims stand where (columns), by topic or kind (rows)."""
    world = with_standing(table)
    cross = pd.crosstab(world[column], world["standing"])
    return cross.reindex(index=world[column].unique(), columns=list(STANDINGS), fill_value=0)


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many claims of each topic each question is answered for, and how many stand open.

    Returns
    -------
    pandas.DataFrame
        A row each topic, and ``all``; columns the questions, ``beyond the report`` (answered by
        another question than ``consistent``), ``figures`` (``reproduced`` or ``independent``),
        ``untested`` and ``claims``.
    """
    world = with_standing(table)
    outside = [question for question in QUESTIONS if question != "consistent"]
    known = world[list(QUESTIONS)].notna()
    known["beyond the report"] = known[outside].any(axis=1)
    known["figures"] = known[["reproduced", "independent"]].any(axis=1)
    known["untested"] = world["standing"] == "untested"
    known["claims"] = True
    sums = known.groupby(world["topic"], sort=False).sum().astype(int)
    sums.loc["all"] = sums.sum()
    return sums


def readable(
    table: pd.DataFrame, caption: str, beside: Mapping[str, Mapping[str, str]] | None = None
) -> Shown:
    """Return claims as a table for readers, every row shown, the strip of answers in each.

    ``beside`` gives more columns: their names, and texts by claim.
    """
    known = claims()
    found = zip(table["id"], table["found"], strict=True)
    frame = pd.DataFrame(
        {
            "statement": table["statement"],
            "paragraph": table["paragraph"],
            "the report says": table["stated"],
            "found": [found_words(known[one], value) for one, value in found],
            "answers": [_strip(row, display.strip_html) for row in table.itertuples()],
            "standing": table["standing"],
            **{name: table["id"].map(texts).fillna("") for name, texts in (beside or {}).items()},
        }
    )
    strips = [_strip(row, display.strip_text) for row in table.itertuples()]
    return Shown(frame, caption, html={"answers": strips})


def worst_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return claims by standing, the gravest first, in the order of the report within each."""
    place = {name: number for number, name in enumerate(STANDINGS)}
    return table.assign(place=table["standing"].map(place)).sort_values("place", kind="stable")


def found_words(stated: Claim, found: str | None) -> str:
    """Return a found value in words; empty if there is none."""
    return "" if found is None else stated.shows(values.parse(found, stated.unit))


def _row(item: Claim, mine: list[tuple[Finding, str]], looked_for: str) -> dict[str, Any]:
    """Return the row of one claim."""
    findings = [finding for finding, _ in mine]
    given = answers(findings)
    stands = standing(given) if item.subject == "world" else None
    head = _head(findings, stands, given)
    notebook = next((name for finding, name in mine if finding is head), mine[0][1] if mine else "")
    return {
        **{key: getattr(item, key) for key in [*_OF_CLAIM, *_STATED]},
        "stated": item.says,
        "standing": stands,
        **given,
        "near_against": near_against(findings),
        **_value(item, head),
        "sources": list(head.sources) if head else [],
        "notebook": notebook,
        "looked_for": looked_for,
    }


def _head(
    findings: Iterable[Finding], stands: str | None, given: Mapping[str, str | None]
) -> Finding | None:
    """Return the finding that made the standing: of a failure one that says no."""
    question = question_of(stands, given) if stands else None
    if question is None:
        return None
    wanted = "no" if stands in FAILURES else "yes"
    return next(one for one in deciding(findings, question) if one.answer == wanted)


def _value(item: Claim, head: Finding | None) -> dict[str, Any]:
    """Return the found value and its ends."""
    if head is None:
        return {"found": None, "low": None, "high": None}
    value = values.parse(head.value, item.unit)
    ends = value.interval if value.kind == "number" else None
    low, high = (ends.low, ends.high) if ends is not None else (None, None)
    return {"found": head.value, "low": _finite(low), "high": _finite(high)}


def _finite(end: Decimal | None) -> float | None:
    """Return an end as a number, None if there is none."""
    return float(end) if end is not None and end.is_finite() else None


def _strip(row: Any, show: Callable[..., str]) -> str:
    """Return the strip of a row of :func:`standings`."""
    given = {question: getattr(row, question) for question in QUESTIONS}
    return show(given, row.near_against)
