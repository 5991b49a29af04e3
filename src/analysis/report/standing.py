"""Where a claim stands: five questions, their answers, and what follows from them.

Only findings of the same scope decide. Where several answer one question, the most direct ones
decide; if these disagree, the answer is mixed.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from analysis.sources.citations import DIRECTNESS

QUESTIONS: dict[str, str] = {
    "consistent": "does the report agree with itself?",
    "faithful": "does the source that it cites say so?",
    "reproduced": "do the underlying figures of that source give it?",
    "independent": "does somebody else count the same?",
    "lasting": "do later editions of the source still say so?",
}
"""The five questions, in the order of the strip."""

ANSWERS = ("yes", "no", "mixed")

Answers = Mapping[str, str | None]
"""The answer to each question; None where nothing answers."""

STANDINGS: dict[str, tuple[str, str]] = {
    "inconsistent": ("consistent: no", "the report contradicts itself"),
    "misquoted": ("faithful: no", "its source says otherwise"),
    "not reproduced": ("reproduced: no", "its source's own figures do not give it"),
    "disputed": ("independent: no or mixed", "others count otherwise"),
    "revised": ("lasting: no or mixed", "its publisher has since said otherwise"),
    "confirmed": ("reproduced or independent: yes", "figures bear it out"),
    "as cited": ("faithful: yes", "copied rightly; the number itself is unchecked"),
    "untested": ("else", "nothing at hand answers, which is said in the open"),
}
"""Every standing with when it applies and what it means; the first that applies is a claim's."""

_FAILS: dict[str, str] = {
    "consistent": "inconsistent",
    "faithful": "misquoted",
    "reproduced": "not reproduced",
    "independent": "disputed",
    "lasting": "revised",
}


class Answering(Protocol):
    """What of a finding decides."""

    @property
    def question(self) -> str:
        """The question that it answers."""

    @property
    def answer(self) -> str | None:
        """Yes, no, or None where it does not decide."""

    @property
    def scope(self) -> str:
        """Same or near."""

    @property
    def directness(self) -> str:
        """How near its farthest source is to the publisher."""


Some = TypeVar("Some", bound=Answering)


def deciding(findings: Iterable[Some], question: str) -> list[Some]:
    """Return the findings that decide a question: of the same scope, and the most direct."""
    order = list(DIRECTNESS)
    mine = [f for f in findings if f.question == question and f.scope == "same" and f.answer]
    nearest = min((order.index(f.directness) for f in mine), default=None)
    return [f for f in mine if order.index(f.directness) == nearest]


def answers(findings: Iterable[Answering]) -> dict[str, str | None]:
    """Return the answer to each question."""
    findings = list(findings)
    return {question: _answer(deciding(findings, question)) for question in QUESTIONS}


def near_against(findings: Iterable[Answering]) -> list[str]:
    """Return the questions to which some finding of near scope says no."""
    said = {f.question for f in findings if f.scope == "near" and f.answer == "no"}
    return [question for question in QUESTIONS if question in said]


def standing(given: Answers) -> str:
    """Return where a claim with these answers stands.

    Mixed answers count as no: a source that says both has not said so, and a report that
    contradicts itself once contradicts itself.

    Examples
    --------
    >>> standing({"faithful": "yes", "lasting": "mixed"}), standing({"consistent": "yes"})
    ('revised', 'untested')
    """
    for question, name in _FAILS.items():
        if given.get(question) in ("no", "mixed"):
            return name
    if "yes" in (given.get("reproduced"), given.get("independent")):
        return "confirmed"
    return "as cited" if given.get("faithful") == "yes" else "untested"


def question_of(name: str, given: Answers) -> str | None:
    """Return the question whose answer made a standing; None for an untested claim."""
    for question, failure in _FAILS.items():
        if failure == name:
            return question
    if name == "confirmed":
        return "reproduced" if given.get("reproduced") == "yes" else "independent"
    return "faithful" if name == "as cited" else None


def _answer(deciders: Iterable[Answering]) -> str | None:
    """Return the one answer of several findings."""
    said = {finding.answer for finding in deciders}
    if len(said) > 1:
        return "mixed"
    return said.pop() if said else None
