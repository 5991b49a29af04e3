"""Findings: what a notebook says of the report's claims.

A notebook calls :func:`find` and leaves the result as the last value of its cell. It shows as text
and as a table, and carries the record for machines in a MIME bundle of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import InvalidOperation
from html import escape
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.report.claims import Claim, claim
from analysis.report.qualifiers import Value
from analysis.sources import packages, statements, tables

MIME = "application/vnd.china-ai-ecosystem.findings+json"

EVIDENCE: dict[str, str] = {
    "recomputed": "from the underlying figures of the source that the report cites",
    "cross-checked": "from the figures of another publisher, or of a later edition of the source",
    "stated": "the cited source itself says so or says otherwise",
    "internal": "arithmetic within the report",
    "none": "no evidence at hand",
}
"""The kinds of evidence, strongest first."""

VERDICTS: dict[str, str] = {
    "confirmed": "the recomputed value meets the claim under its qualifier",
    "contradicted": "it does not",
    "inconsistent": "the report contradicts itself",
    "untested": "no evidence at hand",
}


@dataclass(frozen=True)
class Finding:
    """What one kind of evidence says of one claim.

    Attributes
    ----------
    claim : str
        The claim's id.
    recomputed : float, int, str, list of str or None
        The value found, in the claim's unit; None if there is no evidence.
    evidence, verdict : str
        A key of :data:`EVIDENCE`; a key of :data:`VERDICTS`.
    method : str
        How the value was found, in a line; without evidence, what was looked for.
    sources : tuple of str
        The raw tables at the root of the value.
    """

    claim: str
    recomputed: Value | None
    evidence: str
    verdict: str
    method: str
    sources: tuple[str, ...]


class Findings(Sequence[Finding]):
    """Findings that show themselves in a notebook."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = tuple(findings)

    def __getitem__(self, index: Any) -> Any:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def frame(self) -> pd.DataFrame:
        """Return a table for readers: claim, report's value, value found, verdict, evidence."""
        rows = []
        for finding in self._findings:
            stated = claim(finding.claim)
            rows.append(
                {
                    "claim": finding.claim,
                    "report says": stated.stated,
                    "found": shown(finding.recomputed, stated),
                    "verdict": finding.verdict,
                    "evidence": finding.evidence,
                }
            )
        return pd.DataFrame(rows)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        frame = self.frame()
        methods = sorted({f.method for f in self._findings})
        notes = "".join(f"<p><small>{escape(method)}</small></p>" for method in methods)
        return {
            "text/plain": "\n".join([frame.to_string(index=False), *methods]),
            "text/html": frame.to_html(index=False) + notes,
            MIME: [asdict(finding) for finding in self._findings],
        }


def find(
    values: Mapping[str, Value],
    *,
    evidence: str,
    method: str,
    sources: Sequence[str],
) -> Findings:
    """Judge claims by the values found for them.

    Parameters
    ----------
    values : mapping of str to float, int, str or list of str
        Claim ids with the value found for each, in the claim's unit.
    evidence : str
        A key of :data:`EVIDENCE` other than ``"none"``.
    method : str
        How the values were found, in a line.
    sources : sequence of str
        The tables that the values were computed from; each must have been read before, or be a raw
        table behind one that was. A row of a table of statements is named as ``"TABLE#ROW"``.

    Raises
    ------
    InputError
        If a claim or an evidence is unknown, a value does not compare with its claim, a source was
        not read, or evidence that must come from outside the report rests on a table of the report.
    """
    if evidence not in EVIDENCE or evidence == "none":
        allowed = ", ".join(key for key in EVIDENCE if key != "none")
        raise InputError(f"evidence {evidence!r} is not one of: {allowed}")
    roots = _roots(sources)
    from_report = [root for root in roots if root.startswith("report/")]
    if evidence != "internal" and from_report:
        raise InputError(f"evidence {evidence!r} cannot rest on the report: {from_report[0]}")
    if not roots:
        raise InputError(f"evidence {evidence!r} needs a source")
    return Findings(
        Finding(
            key,
            _plain(value),
            evidence,
            _verdict(claim(key), value, evidence),
            method,
            roots,
        )
        for key, value in values.items()
    )


def from_statements(pairs: Mapping[str, str], *, evidence: str, method: str) -> Findings:
    """Judge claims by figures that publications state.

    Parameters
    ----------
    pairs : mapping of str to str
        Claim ids, each with the id of a row of the table of statements.
    evidence : str
        ``"stated"`` if the report cites the publication, ``"cross-checked"`` if another says it.
    method : str
        Whose statements they are, in a line.

    Raises
    ------
    InputError
        As :func:`find`, or if there is no such statement.
    """
    found: list[Finding] = []
    for key, row in pairs.items():
        text = statements.stated_text(row)
        value = float(text) if _is_number(text) else text
        sources = statements.sources(row)
        found.extend(find({key: value}, evidence=evidence, method=method, sources=sources))
    return Findings(found)


def _is_number(text: str) -> bool:
    """Return whether a text is a plain number."""
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def untested(claims: Sequence[str], *, looked_for: str) -> Findings:
    """Say that nothing at hand tests these claims, and what was looked for.

    Parameters
    ----------
    claims : sequence of str
        Claim ids.
    looked_for : str
        What was searched and not found, in a line.
    """
    return Findings(
        Finding(claim(key).id, None, "none", "untested", looked_for, ()) for key in claims
    )


def shown(value: Value | None, stated: Claim) -> str:
    """Return a value with two digits more than the claim states."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(
            shown(part, stated) if not isinstance(part, str) else part for part in value
        )
    if isinstance(value, float) and stated.unit != "year":
        return f"{value:,.{max(stated.decimals, 0) + 2}f}"
    return str(value)


def _verdict(stated: Claim, value: Value, evidence: str) -> str:
    """Return the verdict on a claim."""
    try:
        met = stated.is_met_by(value)
    except InvalidOperation as error:
        raise InputError(
            f"claim {stated.id!r}: {value!r} is not a number; its value is {stated.stated!r}"
        ) from error
    if met:
        return "confirmed"
    return "inconsistent" if evidence == "internal" else "contradicted"


def _roots(sources: Sequence[str]) -> tuple[str, ...]:
    """Return the raw tables at the root of the sources; each must have been read, or its child."""
    read = tables.were_read()
    ancestors = {root for name in read for root in packages.roots(name)}
    roots: set[str] = set()
    for source in sources:
        name, _, row = source.partition("#")
        if name not in read and name not in ancestors:
            raise InputError(f"source {name!r} was not read; read were: {', '.join(sorted(read))}")
        roots |= {f"{root}#{row}" if row else root for root in packages.roots(name)}
    return tuple(sorted(roots))


def _plain(value: Value) -> Value:
    """Return a value of plain Python type, floats to 12 significant digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]  # type: ignore[misc]
    number = float(value)
    return int(number) if number.is_integer() else float(f"{number:.12g}")
