"""Findings: what notebooks say of the report's claims, each an answer to one question.

A notebook calls :func:`find`, :func:`compare` or :func:`analysis.report.links.findings` and leaves
the result as the last value of its cell. It shows as text and as a table, and carries the records
for machines in a MIME bundle of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis import values
from analysis.errors import InputError
from analysis.report import comparable, display
from analysis.report.claims import Claim, claim
from analysis.report.qualifiers import MARKS
from analysis.report.standing import QUESTIONS
from analysis.sources import citations, packages, tables

MIME = "application/vnd.china-ai-ecosystem.findings+json"

SCOPES = ("same", "near")

Sources = Sequence[str] | Mapping[str, Sequence[str]]
"""The sources of all findings, or those of each claim."""


@dataclass(frozen=True)
class Finding:
    """The answer to one question about one claim.

    Attributes
    ----------
    claim, question : str
        The claim's id; a key of :data:`analysis.report.standing.QUESTIONS`.
    answer : str or None
        ``"yes"`` or ``"no"``; None for a near bound that neither implies nor excludes the claim.
    value : str
        What was found, in the claim's unit and the language of :mod:`analysis.values`.
    scope : str
        ``"same"``, which decides, or ``"near"``, which is context.
    differs : str
        What differs from the claim; never empty for a near one.
    marks : tuple of str
        Keys of :data:`analysis.report.qualifiers.MARKS`.
    pair : str
        For a contradiction of two claims, what both findings have in common; empty otherwise.
    directness : str
        That of the farthest source.
    sources : tuple of str
        What the value rests on, as :mod:`analysis.sources.citations` names sources.
    method : str
        How the value was found, in a line.
    """

    claim: str
    question: str
    answer: str | None
    value: str
    scope: str
    differs: str
    marks: tuple[str, ...]
    pair: str
    directness: str
    sources: tuple[str, ...]
    method: str


class Findings(Sequence[Finding]):
    """Findings that show themselves in a notebook."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = tuple(findings)

    def __getitem__(self, index: Any) -> Any:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {
            "text/plain": display.findings_text(self._findings),
            "text/html": display.findings_html(self._findings),
            MIME: [asdict(finding) for finding in self._findings],
        }


def find(
    found: Mapping[str, values.Found],
    *,
    question: str,
    method: str,
    sources: Sources,
    scope: str = "same",
    differs: str = "",
    marks: Sequence[str] = (),
    pair: str = "",
) -> Findings:
    """Answer a question about claims by the values found for them.

    Parameters
    ----------
    found : mapping of str to float, int, str or list
        Claim ids with the value found for each, in the claim's unit; a text is read as
        :func:`analysis.values.parse` does.
    question : str
        A key of :data:`analysis.report.standing.QUESTIONS`.
    method : str
        How the values were found, in a line.
    sources : sequence of str, or mapping of claim ids to such
        The tables, or rows ``"TABLE#KEY"``, that each value rests on.
    scope, differs : str, optional
        ``"near"`` and what differs, where quantity, place, period or definition is another.
    marks : sequence of str, optional
        Marks to add to those that the comparison itself gives.
    pair : str, optional
        What the two findings of a contradiction have in common.

    Raises
    ------
    InputError
        If a claim, question, scope, mark or source is unknown; a value does not compare; a near
        finding does not say what differs; a question other than ``consistent`` rests on the report;
        or a bound of the same scope neither implies nor excludes the claim.
    """
    _one_of("question", question, QUESTIONS)
    _one_of("scope", scope, SCOPES)
    for mark in marks:
        _one_of("mark", mark, MARKS)
    if scope == "near" and not differs:
        raise InputError("a finding of scope 'near' needs `differs`: what differs from the claim")
    return Findings(
        _finding(
            claim(key),
            value,
            question,
            method,
            _sources(sources, key, question),
            scope,
            differs,
            tuple(marks),
            pair,
        )
        for key, value in found.items()
    )


def compare(
    found: Mapping[str, values.Found],
    *,
    series: str,
    other: str,
    method: str,
    sources: Sources,
    marks: Sequence[str] = (),
) -> Findings:
    """Answer by another series; question, scope and what differs are those of the registry.

    Parameters
    ----------
    found, method, sources, marks
        As of :func:`find`.
    series, other : str
        A pair of ``data/registry/comparable.csv``: what the claims state, and what is set beside.

    Raises
    ------
    InputError
        As :func:`find`, or if the pair is not in the registry.
    """
    pair = comparable.pair(series, other)
    return find(
        found,
        question=pair.question,
        scope=pair.scope,
        differs=pair.differs,
        method=method,
        sources=sources,
        marks=marks,
    )


def join(groups: Iterable[Findings]) -> Findings:
    """Return the findings of several groups as one, for a cell to show."""
    return Findings(finding for group in groups for finding in group)


def _finding(
    stated: Claim,
    found: values.Found,
    question: str,
    method: str,
    sources: tuple[str, ...],
    scope: str,
    differs: str,
    marks: tuple[str, ...],
    pair: str,
) -> Finding:
    """Return one finding, judged by the claim's own qualifier."""
    try:
        value = values.of(found, stated.unit)
    except InputError as error:
        raise InputError(f"claim {stated.id!r}: {error}") from error
    result = stated.meets(value)
    # A number given as exact where the source gives a bound is not what the source says.
    dropped = question == "faithful" and stated.qualifier == "exact"
    undecided = result.undecided and not dropped
    if undecided and scope == "same":
        raise InputError(
            f"claim {stated.id!r}: {value} neither implies nor excludes {stated.says}; "
            "give it scope near"
        )
    return Finding(
        claim=stated.id,
        question=question,
        answer=None if undecided else "yes" if result.agrees else "no",
        value=str(value),
        scope=scope,
        differs=differs,
        marks=(*marks, *result.marks),
        pair=pair,
        directness=citations.least_direct(list(sources)),
        sources=sources,
        method=method,
    )


def _sources(sources: Sources, key: str, question: str) -> tuple[str, ...]:
    """Return the sources of one claim's finding, each checked; tables by their raw roots."""
    given = sources[key] if isinstance(sources, Mapping) else sources
    roots: dict[str, None] = {}
    for source in given:
        name, _, row = source.partition("#")
        _must_be_read(name)
        roots |= {f"{root}#{row}" if row else root: None for root in packages.roots(name)}
    if not roots:
        raise InputError(f"claim {key!r}: a finding needs a source")
    report = [root for root in roots if root.split("/")[0] in ("report", "registry")]
    if report and question != "consistent":
        raise InputError(f"claim {key!r}: {question!r} cannot rest on the report: {report[0]}")
    return tuple(sorted(roots))


def _must_be_read(name: str) -> None:
    """Refuse a source that was not read, nor a table made from it."""
    read = tables.were_read()
    if name not in read and not any(name in packages.roots(other) for other in read):
        raise InputError(f"source {name!r} was not read; read were: {', '.join(sorted(read))}")


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise InputError(f"{what} {value!r} is not one of: {', '.join(known)}")
