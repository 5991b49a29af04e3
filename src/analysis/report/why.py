"""Why a claim stands where it stands: the whole chain from the paragraph to the original."""

from collections.abc import Sequence
from textwrap import TextWrapper

from analysis import values
from analysis.report import display, ledger
from analysis.report.claims import Claim, claim
from analysis.report.findings import Finding
from analysis.report.qualifiers import MARKS
from analysis.report.standing import QUESTIONS, STANDINGS, answers, near_against, standing
from analysis.sources import citations, tables
from analysis.sources.citations import DIRECTNESS

Entries = Sequence[ledger.Entry]


def why(identifier: str, entries: Entries, width: int = 80) -> str:
    """Return the chain of a claim as text.

    Parameters
    ----------
    identifier : str
        The claim's id.
    entries : sequence of mapping
        A ledger.
    width : int, optional
        Columns of a line; addresses and commands are never broken.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    item = claim(identifier)
    mine = [entry for entry in entries if entry["claim"] == item.id]
    findings = ledger.typed(mine)
    lines = [*_head(item, findings), ""]
    for question, asks in QUESTIONS.items():
        group = [(f, e) for f, e in zip(findings, mine, strict=True) if f.question == question]
        answer = answers(findings)[question] or "no answer"
        lines += [f"{question}: {asks} {answer}"]
        for finding, entry in group:
            lines += _finding(item, finding, entry)
    looked_for = tables.read("registry/unanswered").set_index("claim")["looked_for"]
    if item.id in looked_for.index:
        lines += ["", f"looked for and not found: {looked_for[item.id]}"]
    books = dict.fromkeys(str(entry["notebook"]) for entry in mine)
    if books:
        numbers = " ".join(name.split("_")[0] for name in books)
        again = f"analysis run {numbers} --fresh"
        lines += ["", f"repeat it: {again} && analysis why {item.id} --ledger build/findings.json"]
    return "\n".join(_wrapped(line, width) for line in lines)


def _head(item: Claim, findings: Sequence[Finding]) -> list[str]:
    """Return what the report says, where, and where that stands."""
    given = answers(findings)
    numbers = tables.read("registry/numbers")
    carries = numbers["claims"].fillna("").str.split("; ").map(lambda ids: item.id in ids)
    where = [f"{row.paragraph} ({row.token!r})" for row in numbers[carries].itertuples()]
    cited = f"reference {item.reference}" if item.reference else item.source or "none named"
    lines = [
        f"{item.statement}",
        f"    the report says: {item.says}",
        f"    in its text: {', '.join(where) or item.paragraph}",
        f"    it cites: {cited}",
    ]
    if item.subject == "report":
        return [*lines, "    a statement of the report about itself: it has no standing"]
    name = standing(given)
    strip = display.strip_text(given, near_against(findings))
    return [*lines, f"    {strip}   {name}: {STANDINGS[name][1]}"]


def _finding(item: Claim, finding: Finding, entry: ledger.Entry) -> list[str]:
    """Return one finding with its sources."""
    found = item.shows(values.parse(finding.value, item.unit))
    said = finding.answer or "neither implies nor excludes it"
    scope = "decides" if finding.scope == "same" else "near, context only"
    choices = ", ".join(f"{name} = {value}" for name, value in entry["choices"].items())
    lines = [f"  - {found}: {said} ({scope})"]
    if finding.differs:
        lines.append(f"    what differs: {finding.differs}")
    lines += [f"    mark: {mark}: {MARKS[mark]}" for mark in finding.marks]
    if finding.pair:
        lines.append(f"    the two that contradict each other: {finding.pair}")
    lines.append(f"    how: {finding.method}")
    lines.append(
        f"    where: notebook {entry['notebook']}, cell {entry['cell']}"
        + (f"; choices: {choices}" if choices else "")
    )
    for source in finding.sources:
        lines += _source(source)
    return lines


def _source(source: str) -> list[str]:
    """Return one source: table and row, publisher, edition, locator, address, licence, checksum."""
    cited = citations.cite(source)
    row = f", row {cited.row}" if cited.row else ""
    lines = [
        f"    source: {cited.publisher}, {cited.edition or 'undated'}: {cited.title}",
        f"      table: {cited.file}{row}",
        f"      in it: {cited.locator}" if cited.locator else "",
        f"      directness: {cited.directness}: {DIRECTNESS[cited.directness]}",
        f"      {cited.url}" if cited.url else "",
        f"      licence: {cited.licence}" if cited.licence else "",
        f"      sha256 of the original: {cited.sha256}" if cited.sha256 else "",
        f"      note: {cited.note}" if cited.note else "",
    ]
    return [line for line in lines if line]


def _wrapped(line: str, width: int) -> str:
    """Return a line broken at words, what follows indented below its text."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    wrapper = TextWrapper(
        width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.fill(line) if line else ""
