"""Claims set beside every series that counts the same or nearly the same.

``registry/measures`` says which series, area and year a claim states; ``registry/comparable`` which
other series stand beside it, for which question and in which scope; ``processed/series`` what they
say. Nothing is chosen by whether it agrees.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis import values
from analysis.report import comparable, units
from analysis.report.claims import claim, claims
from analysis.report.comparable import Pair
from analysis.report.findings import Finding, Findings, compare
from analysis.sources import citations, series, tables

MEASURES = "registry/measures"


def findings(*topics: str, questions: Sequence[str] = ()) -> Findings:
    """Return what comparable series say of the claims of these topics.

    Parameters
    ----------
    *topics : str
        Topics of claims.
    questions : sequence of str, optional
        Only answers to these; all if empty.
    """
    found = []
    for row in _measures(topics):
        for pair in comparable.pairs(str(row.series)):
            said = series.value(pair.other, str(row.code), pair.year or int(row.year))
            if said is not None and (not questions or pair.question in questions):
                found += list(_compared(str(row.claim), *said, pair))
    return Findings(found)


def computed(
    found: Mapping[str, Callable[[pd.DataFrame], values.Found | None]],
    *,
    claimed: str,
    method: str,
    marks: Sequence[str] = (),
) -> Findings:
    """Return what every comparable series gives, computed: a growth, a rank, a year of passing.

    Parameters
    ----------
    found : mapping of str to callable
        Claim ids, each with what to compute from a series: a frame with a column an area (by code)
        and a row a year.
    claimed : str
        The series that the claims state; all pairs of it with a base are computed, save those whose
        base lacks the area or the year.
    method : str
        What is computed, in a line.
    marks : sequence of str, optional
        Marks of all findings.
    """
    results: list[Finding] = []
    for pair in comparable.pairs(claimed):
        frame = series.numbers(pair.base) if pair.base else pd.DataFrame()
        values_found = {key: _tried(function, frame) for key, function in found.items()}
        known = {key: value for key, value in values_found.items() if value is not None}
        if known:
            results += derived(
                known,
                claimed=claimed,
                other=pair.other,
                source=series.table_of(pair.base),
                method=method,
                marks=marks,
            )
    return Findings(results)


def derived(
    found: Mapping[str, values.Found],
    *,
    claimed: str,
    other: str,
    source: str,
    method: str,
    marks: Sequence[str] = (),
) -> Findings:
    """Return findings computed from a table, of one comparable pair.

    Parameters
    ----------
    found : mapping of str to float, int, str or list
        Claim ids with the value computed for each.
    claimed, other : str
        The pair of ``registry/comparable`` that says what the comparison is worth.
    source, method : str
        The table that the values were computed from; how, in a line.
    marks : sequence of str, optional
        Marks of the findings.
    """
    return compare(found, series=claimed, other=other, method=method, sources=[source], marks=marks)


def for_dots(*topics: str, near: bool = True) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return what to draw of these topics: a dot a source, a panel a claim.

    Returns
    -------
    pandas.DataFrame
        As :func:`analysis.figures.dots` takes it.
    dict
        The report's value in each panel.
    """
    rows, stated = [], {}
    for finding in findings(*topics):
        if finding.scope == "near" and not near:
            continue
        item = claim(finding.claim)
        value = values.parse(finding.value, item.unit)
        kind = "near" if finding.scope == "near" else "agrees"
        rows.append(
            {
                "panel": item.statement,
                "label": f"{citations.cite(finding.sources[0]).short}: {_what(finding.method)}",
                "value": value.number,
                "low": float(value.ends.low),
                "high": float(value.ends.high),
                "kind": "differs" if kind == "agrees" and finding.answer == "no" else kind,
            }
        )
        stated[item.statement] = item.number
    return pd.DataFrame(rows), stated


def _tried(
    function: Callable[[pd.DataFrame], values.Found | None], frame: pd.DataFrame
) -> values.Found | None:
    """Return what a function gives, or None where the series lacks the area or the year."""
    try:
        return None if frame.empty else function(frame)
    except KeyError:
        return None


def _what(method: str) -> str:
    """Return what a series measures, from a method as :func:`_compared` words it."""
    return method.partition(",")[0].removesuffix(" printed").removesuffix(" share")


def _measures(topics: Sequence[str]) -> list[Any]:
    """Return the rows of measures whose claims are of these topics, in the order of the claims."""
    order = {key: place for place, key in enumerate(claims())}
    frame = tables.read(MEASURES)
    frame = frame.assign(place=frame["claim"].map(order)).sort_values("place")
    return [row for row in frame.itertuples() if claim(str(row.claim)).topic in topics]


def _compared(key: str, text: str, source: str, pair: Pair) -> Findings:
    """Return the finding of one pair."""
    what = pair.other.split(".")[1].replace("_", " ")
    unit = units.words(claim(key).unit).replace("{} ", "")
    method = f"{what}, {unit}" + (f", {pair.year}" if pair.year else "")
    return compare(
        {key: text}, series=pair.series, other=pair.other, method=method, sources=[source]
    )
