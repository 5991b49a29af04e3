"""What the pages say: claims, their findings and sources as plain records."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import values
from analysis.report import display, ledger, robustness, scorecard, units, vintages
from analysis.report.claims import Claim, claim
from analysis.report.findings import Finding
from analysis.report.standing import QUESTIONS, STANDINGS
from analysis.sources import citations, tables

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Do not quote": (
        "The report's own text, its source or that source's figures say otherwise.",
        ("inconsistent", "misquoted", "not reproduced"),
    ),
    "Quote with care": (
        "Copied rightly, but others count otherwise or its publisher has since said so.",
        ("disputed", "revised"),
    ),
    "May be quoted": ("Figures bear it out, or its source says so.", ("confirmed", "as cited")),
    "Nobody can check": ("Nothing at hand answers.", ("untested",)),
}


@dataclass(frozen=True)
class Page:
    """One claim as its page shows it.

    Attributes
    ----------
    id, topic, kind, paragraph, section, statement, stated : str
        The claim in words, and where the report makes it.
    standing, meaning : str
        Where it stands, and what that means; empty for a claim of the report about itself.
    instead : str
        What to say instead of a claim that fails.
    strip : list of dict
        The five questions: ``name``, ``letter``, ``asks``, ``mark``, ``words``, ``findings``.
    dots : list of dict
        Numbers to draw, the report's first: ``label``, ``value``, ``shown``, ``kind``.
    notebook, looked_for, editions, universes : str
        Where it was computed; what was looked for; how it fares elsewhere.
    """

    id: str
    topic: str
    kind: str
    paragraph: str
    section: str
    statement: str
    stated: str
    standing: str
    meaning: str
    instead: str
    strip: list[dict[str, Any]]
    dots: list[dict[str, Any]]
    notebook: str
    looked_for: str
    editions: str
    universes: str

    def record(self) -> dict[str, Any]:
        """Return the page as plain data, for ``claims.json``."""
        return asdict(self)


class Collected:
    """The findings of a ledger and what is made of them, each once.

    Parameters
    ----------
    entries : sequence of dict
        A ledger.
    """

    def __init__(self, entries: Sequence[ledger.Entry]) -> None:
        self.entries = entries

    @cached_property
    def standings(self) -> pd.DataFrame:
        """Where every claim stands."""
        return scorecard.standings(self.entries)

    @cached_property
    def editions(self) -> pd.DataFrame:
        """What every edition and publisher says."""
        return vintages.editions(self.entries)

    @cached_property
    def universes(self) -> pd.DataFrame:
        """What every combination of choices gives."""
        return robustness.chosen()


def pages(found: Collected) -> list[Page]:
    """Return a page a claim, in the order of the report."""
    mine: dict[str, list[ledger.Entry]] = {}
    for entry in found.entries:
        mine.setdefault(entry["claim"], []).append(entry)
    beside = vintages.outlived(found.editions), robustness.holding(found.universes)
    sections = tables.read("report/sections")
    rows = found.standings.to_dict("records")
    return [_page(row, mine.get(row["id"], []), beside, sections) for row in rows]


def cited(source: str) -> dict[str, Any]:
    """Return a source with its place in our tables and at its publisher."""
    return asdict(citations.cite(source))


def _page(
    row: Mapping[Any, Any],
    entries: Sequence[ledger.Entry],
    beside: tuple[Mapping[str, str], Mapping[str, str]],
    sections: pd.DataFrame,
) -> Page:
    """Return the page of one claim."""
    item = claim(row["id"])
    findings = ledger.typed(entries)
    name = row["standing"] if isinstance(row["standing"], str) else ""
    inside = (sections["first"] <= item.paragraph) & (item.paragraph <= sections["last"])
    pairs = list(zip(findings, entries, strict=True))
    given = {question: _none(row[question]) for question in QUESTIONS}
    marks = display.strip(given, row["near_against"])
    return Page(
        id=item.id,
        topic=item.topic,
        kind=item.kind,
        paragraph=item.paragraph,
        section=str(sections.loc[inside, "section"].iloc[0]),
        statement=item.statement,
        stated=item.says,
        standing=name,
        meaning=STANDINGS[name][1] if name else "a statement of the report about itself",
        instead=_instead(item, name, row),
        strip=[
            {
                "name": question,
                "letter": question[0].upper(),
                "asks": asks,
                "mark": marks[question] or "none",
                "sign": display.SIGNS[marks[question]],
                "findings": [_found(item, *pair) for pair in pairs if pair[0].question == question],
            }
            for question, asks in QUESTIONS.items()
        ],
        dots=_dots(item, findings),
        notebook=row["notebook"] or "",
        looked_for=row["looked_for"] or "",
        editions=beside[0].get(item.id, ""),
        universes=beside[1].get(item.id, ""),
    )


def _none(cell: Any) -> str | None:
    """Return an answer, None if there is none."""
    return cell if isinstance(cell, str) else None


def _instead(item: Claim, name: str, row: Mapping[Any, Any]) -> str:
    """Return what to say instead, from the finding that made the standing."""
    if name not in scorecard.FAILURES or not row["found"]:
        return ""
    digits = max(item.decimals, 0)
    value = values.parse(row["found"], item.unit)
    found = values.show(value, units.words(item.unit), decimals=digits)
    if name == "inconsistent":
        return f"The report's own figures give {found}."
    who = citations.cite(row["sources"][0]).short if row["sources"] else "its source"
    verb = {"misquoted": "prints", "not reproduced": "gives", "revised": "now says"}
    counted = item.kind not in ("date", "order") and item.unit != "names"
    return f"{who} {verb.get(name, 'counts' if counted else 'says')} {found}."


def _found(item: Claim, finding: Finding, entry: ledger.Entry) -> dict[str, Any]:
    """Return a finding with its sources."""
    return {
        "answer": finding.answer or "no answer",
        "scope": finding.scope,
        "shown": item.shows(values.parse(finding.value, item.unit)),
        "differs": finding.differs,
        "method": finding.method,
        "directness": finding.directness,
        "notebook": entry["notebook"],
        "cell": entry["cell"],
        "sources": [cited(source) for source in finding.sources],
    }


def _dots(item: Claim, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return what to draw: the report's value and every number found for it."""
    stated = item.stated
    if stated.kind != "number" or stated.is_range or not _numbers(findings, item):
        return []
    rows = [{"label": f"The report, {item.paragraph}", "value": item.number, "kind": "report"}]
    for finding, value in _numbers(findings, item):
        near = finding.scope == "near"
        kind = "near" if near else "agrees" if finding.answer == "yes" else "differs"
        label = citations.cite(finding.sources[0]).short
        rows.append({"label": label + (" (near)" if near else ""), "value": value, "kind": kind})
    drawn = {(row["label"], row["value"], row["kind"]): row for row in rows}
    return [{**row, "shown": f"{row['value']:,.6g}"} for row in drawn.values()]


def _numbers(findings: Sequence[Finding], item: Claim) -> list[tuple[Finding, float]]:
    """Return the findings that are single numbers, those within the report first."""
    found = []
    for finding in findings:
        value = values.parse(finding.value, item.unit)
        if value.kind == "number" and not value.is_range:
            found.append((finding, value.number))
    return found
