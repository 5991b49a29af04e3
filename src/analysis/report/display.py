"""How findings and tables show themselves: to a person as text and HTML."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import values
from analysis.report.claims import claim
from analysis.report.standing import QUESTIONS, answers
from analysis.sources import citations

if TYPE_CHECKING:
    from analysis.report.findings import Finding

SIGNS: dict[str | None, str] = {"yes": "✓", "no": "✗", "mixed": "±", "near": "~", None: "·"}
"""The sign of an answer; ``near`` stands for none of the same scope, but a near one against."""

_WORDS: dict[str | None, str] = {
    "yes": "yes",
    "no": "no",
    "mixed": "mixed",
    "near": "no answer, but a near source speaks against it",
    None: "no answer",
}
_COLOURS: dict[str | None, str] = {
    "yes": "color:#fff;background:#0b5fa5",
    "no": "color:#fff;background:#b3261e",
    "mixed": "color:#fff;background:#8a5a00",
    "near": "color:inherit;outline:1px dotted #6b737c",
    None: "color:inherit;outline:1px solid #b9bec4",
}
_CARD = (
    "border-left:3px solid #b9bec4;padding:.1em 0 .1em .9em;margin:.9em 0;max-width:60em;"
    "white-space:normal"
)
_LEFT = "text-align:left;vertical-align:top;white-space:normal"


class Shown:
    """A table that a notebook shows whole, however long, with a caption and without an index.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to show.
    caption : str
        What it is.
    html : mapping of str to sequence of str, optional
        Columns whose cells are HTML already, such as :func:`strip_html` makes, with what stands
        for them as text.
    """

    def __init__(
        self, frame: pd.DataFrame, caption: str, html: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.frame = frame
        self.caption = caption
        self._html = dict(html or {})

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        plain = self.frame.assign(**self._html)
        return {
            "text/plain": f"{self.caption}\n{plain.to_string(index=False)}",
            "text/html": _table(self.frame, self.caption, list(self._html)),
        }


class Answer:
    """The sentence that answers a notebook's question, shown at its top.

    Parameters
    ----------
    sentence : str
        Its numbers are computed.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/plain": f"Answer. {self.sentence}",
            "text/markdown": f"**Answer.** {self.sentence}",
        }


def strip(given: dict[str, str | None], against: Iterable[str] = ()) -> dict[str, str | None]:
    """Return the sign that each of the five questions gets: its answer, or ``near``."""
    near = set(against)
    return {
        question: given[question] or ("near" if question in near else None)
        for question in QUESTIONS
    }


def strip_text(given: dict[str, str | None], against: Iterable[str] = ()) -> str:
    """Return five answers as a text of one width.

    Examples
    --------
    >>> strip_text({"consistent": None, "faithful": "yes", "reproduced": "no",
    ...             "independent": None, "lasting": "mixed"}, against=["independent"])
    'C· F✓ R✗ I~ L±'
    """
    marks = strip(given, against)
    return " ".join(f"{question[0].upper()}{SIGNS[mark]}" for question, mark in marks.items())


def strip_html(given: dict[str, str | None], against: Iterable[str] = ()) -> str:
    """Return five answers as small squares, each with a title and a text for screen readers."""
    squares = []
    for question, mark in strip(given, against).items():
        words = f"{question}: {_WORDS[mark]}"
        letter = question[0].upper() if mark in (None, "near") else SIGNS[mark]
        squares.append(
            f'<span role="img" title="{words}" aria-label="{words}" style="display:inline-block;'
            f'width:1.4em;margin-right:2px;text-align:center;{_COLOURS[mark]}">{letter}</span>'
        )
    return f'<span style="white-space:nowrap">{"".join(squares)}</span>'


def findings_text(findings: Sequence["Finding"]) -> str:
    """Return findings as text, claim by claim."""
    lines = []
    for key, group in _by_claim(findings).items():
        stated = claim(key)
        lines += [stated.statement, f"    {_strip(group, text=True)}   the report: {stated.says}"]
        lines += [f"    {one.question}: {_found(one)}; {_remarks(one)}" for one in group]
    return "\n".join(lines)


def findings_html(findings: Sequence["Finding"]) -> str:
    """Return findings as cards, one a claim: statement, the report, what was found, answers."""
    return "\n".join(_card(key, group) for key, group in _by_claim(findings).items())


def _card(key: str, group: Sequence["Finding"]) -> str:
    """Return the card of one claim."""
    stated = claim(key)
    lines = "".join(
        f'<li style="margin:.25em 0">{_answer(one)} <b>{escape(_found(one))}</b> '
        f"<small>{escape(_rest(one))}</small></li>"
        for one in group
    )
    return (
        f'<section style="{_CARD}"><div><b>{escape(stated.statement)}</b> '
        f"<small>{stated.paragraph}</small></div>"
        f'<div style="margin:.3em 0">The report: <b>{escape(stated.says)}</b> &ensp;'
        f"{_strip(group, text=False)}</div>"
        f'<ul style="list-style:none;margin:0;padding:0">{lines}</ul></section>'
    )


def _answer(finding: "Finding") -> str:
    """Return the question and its answer as a coloured label; near ones are outlined only."""
    mark = finding.answer if finding.scope == "same" else "near"
    words = f"{finding.question}: {finding.answer or 'no answer'}"
    near = " (near)" if finding.scope == "near" else ""
    return f'<span style="padding:0 .4em;{_COLOURS[mark]}">{words}{near}</span>'


def _by_claim(findings: Sequence["Finding"]) -> dict[str, list["Finding"]]:
    """Return the findings of each claim, in the order of the claims' first ones."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.claim, []).append(finding)
    return groups


def _strip(group: Sequence["Finding"], *, text: bool) -> str:
    """Return the strip of the findings of one claim."""
    against = [one.question for one in group if one.scope == "near" and one.answer == "no"]
    return (strip_text if text else strip_html)(answers(group), against)


def _found(finding: "Finding") -> str:
    """Return what was found, in words."""
    stated = claim(finding.claim)
    return stated.shows(values.parse(finding.value, stated.unit))


def _remarks(finding: "Finding") -> str:
    """Return answer, scope and all the rest of a finding, in a line."""
    said = finding.answer or "neither implies nor excludes it"
    return f"{said}; {finding.scope} scope{': ' if finding.differs else '; '}{_rest(finding)}"


def _rest(finding: "Finding") -> str:
    """Return what differs, marks, source and method of a finding, in a line."""
    where = "; ".join(dict.fromkeys(citations.cite(source).short for source in finding.sources))
    parts = [finding.differs, *finding.marks, f"{where} ({finding.directness})", finding.method]
    return "; ".join(filter(None, parts))


def _table(frame: pd.DataFrame, caption: str, html: Sequence[str]) -> str:
    """Return a frame as HTML: text to the left, numbers to the right, everything else escaped."""
    numeric = {name for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])}

    def cell(name: Any, value: Any) -> str:
        text = "" if value is None or value is pd.NA else str(value)
        style = "text-align:right;vertical-align:top" if name in numeric else _LEFT
        return f'<td style="{style}">{text if name in html else escape(text)}</td>'

    head = "".join(f'<th style="{_LEFT}">{escape(str(name))}</th>' for name in frame.columns)
    body = "".join(
        "<tr>" + "".join(cell(name, row[name]) for name in frame.columns) + "</tr>\n"
        for _, row in frame.iterrows()
    )
    title = f'<caption style="text-align:left">{escape(caption)}</caption>' if caption else ""
    return (
        f'<table class="dataframe">{title}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>{body}</tbody></table>"
    )
