"""The scorecard: where every claim stands, with its five answers, and counts of all of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from analysis.sources import citations, tables

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


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that have a standing: those about the world."""
    return table[table["subject"] == "world"]


def headline(table: pd.DataFrame) -> str:
    """Return the headline: how many claims stand where, dates apart from all others."""
    world = counted(table)
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
    world = counted(table)
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
    world = counted(table)
    outside = [question for question in QUESTIONS if question != "consistent"]
    known = world[list(QUESTIONS)].notna()
    known["beyond the report"] = known[outside].any(axis=1)
    known["figures"] = known[["reproduced", "independent"]].any(axis=1)
    known["untested"] = world["standing"] == "untested"
    known["claims"] = True
    sums = known.groupby(world["topic"], sort=False).sum().astype(int)
    sums.loc["all"] = sums.sum()
    return sums


def readable(table: pd.DataFrame, caption: str) -> Shown:
    """Return claims as a table for readers, every row shown, the strip of answers in each."""
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
        }
    )
    strips = [_strip(row, display.strip_text) for row in table.itertuples()]
    return Shown(frame, caption, html={"answers": strips})


def contradictions(entries: Entries) -> Shown:
    """Return what the report itself contradicts, with the arithmetic in a line."""
    rows = [
        {
            "statement": claim(one.claim).statement,
            "paragraph": claim(one.claim).paragraph,
            "the report says": claim(one.claim).says,
            "follows": found_words(claim(one.claim), one.value),
            "from": one.method,
        }
        for one in ledger.typed(entries)
        if one.question == "consistent" and one.answer == "no"
    ]
    return Shown(pd.DataFrame(rows), "Where the report contradicts itself")


def consequential(table: pd.DataFrame) -> Shown:
    """Return the failing claims of most consequence, as ``registry/consequential`` has them.

    Which they are, their order and the sentence of why are a judgement; values, standings and
    sources are those of the findings. A listed claim that does not fail is left out.

    Raises
    ------
    InputError
        If a listed claim is unknown.
    """
    known = table.set_index("id")
    fails = known["standing"].isin(FAILURES)
    rows = []
    row: Any
    for row in tables.read(CONSEQUENTIAL).itertuples():
        if row.claim not in known.index:
            raise InputError(
                f"data/registry/consequential.csv, row {row.Index + 2}, column claim: "
                f"no claim {row.claim!r}"
            )
        if not fails[row.claim]:
            continue
        item = known.loc[row.claim]
        where = dict.fromkeys(citations.cite(source).short for source in item["sources"])
        rows.append(
            {
                "": row.place,
                "claim": item["statement"],
                "paragraph": item["paragraph"],
                "the report says": item["stated"],
                "found": found_words(claim(row.claim), item["found"]),
                "standing": item["standing"],
                "from": "; ".join(where),
                "why it matters": row.why,
            }
        )
    return Shown(pd.DataFrame(rows), "Claims that fail, those of most consequence first")


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
    low = high = None
    if value.kind == "number" and value.interval is not None:
        low, high = (
            float(end) if end.is_finite() else None
            for end in (value.interval.low, value.interval.high)
        )
    return {"found": head.value, "low": low, "high": high}


def _strip(row: Any, show: Callable[..., str]) -> str:
    """Return the strip of a row of :func:`standings`."""
    given = {question: getattr(row, question) for question in QUESTIONS}
    return show(given, row.near_against)
