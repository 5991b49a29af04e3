"""The registry of numbers: every number of the report, with its claim or the reason for none."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.report.claims import claims
from analysis.report.tokens import Token, paragraphs_of, tokens_of
from analysis.sources import packages, schema, tables

TABLE = "registry/numbers"
PHRASES = "registry/phrases"


def problems(report: Path | None = None) -> list[str]:
    """Return what is wrong with the registry, a line each.

    Parameters
    ----------
    report : pathlib.Path, optional
        The report's text; with it, the numbers found in it must be those of the registry.

    Returns
    -------
    list of str
        File, row and column, or paragraph and token; empty if all is well.

    Raises
    ------
    InputError
        If the claims are broken, or the report cannot be read.
    """
    problems = schema.broken(packages.table(TABLE))
    if problems:
        return problems
    numbers = tables.read(TABLE)
    lines = [*_rows(numbers), *_unreached(numbers)]
    if report is not None:
        lines += [*unmatched(numbers, tokens_of(report)), *_missing_phrases(report)]
    return lines


def unmatched(numbers: pd.DataFrame, found: Iterable[Token]) -> list[str]:
    """Return where the registry and the numbers found in the text differ, by paragraph."""
    registered: dict[str, list[tuple[str, str]]] = defaultdict(list)
    in_text: dict[str, list[tuple[str, str]]] = defaultdict(list)
    row: Any
    for row in numbers.itertuples():
        registered[row.paragraph].append((str(row.token), str(row.kind)))
    for token in found:
        in_text[token.paragraph].append((token.token, token.kind))
    lines = []
    for paragraph in sorted({*registered, *in_text}):
        mine, theirs = registered[paragraph], in_text[paragraph]
        matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                continue
            missing = [
                f"{paragraph}: {token!r} ({kind}) stands in the report, not in numbers.csv"
                for token, kind in theirs[c:d]
            ]
            extra = [
                f"{paragraph}: {token!r} ({kind}) stands in numbers.csv, not in the report"
                for token, kind in mine[a:b]
            ]
            lines += missing + extra
    return lines


def summary() -> pd.DataFrame:
    """Return how many numbers of each kind are carried by a claim, or by no claim for a reason.

    Returns
    -------
    pandas.DataFrame
        Rows ``claim`` and each reason; columns ``digits``, ``year``, ``word``, ``all``.
    """
    numbers = tables.read(TABLE)
    counts = pd.crosstab(numbers["reason"].fillna("claim"), numbers["kind"])
    counts = counts.rename_axis(index="carried by", columns=None)
    return counts.assign(all=counts.sum(axis=1)).sort_values("all", ascending=False)


def mentions(*identifiers: str) -> pd.DataFrame:
    """Return the years by which the report's numbers mention these claims.

    Returns
    -------
    pandas.DataFrame
        The rows of ``numbers.csv`` that are years, with ``claim`` and ``value`` as a whole number.
    """
    rows = carriers(tables.read(TABLE))
    rows = rows[rows["claim"].isin(identifiers) & (rows["kind"] == "year")]
    return rows.drop_duplicates(["paragraph", "position"]).astype({"value": int})


def _rows(numbers: pd.DataFrame) -> list[str]:
    """Return what is wrong with single rows."""
    known = claims()
    lines = []
    expected: dict[str, int] = defaultdict(int)
    row: Any
    for row_number, row in enumerate(numbers.itertuples(), start=2):
        where = f"data/registry/numbers.csv, row {row_number}"
        expected[row.paragraph] += 1
        if row.position != expected[row.paragraph]:
            lines.append(
                f"{where}, column position: {row.position} at {row.paragraph} {row.token!r}: "
                f"{expected[row.paragraph]} is next"
            )
            expected[row.paragraph] = int(row.position)
        claimed, excused = not pd.isna(row.claims), not pd.isna(row.reason)
        if claimed == excused:
            lines.append(
                f"{where}, columns claims and reason: {row.paragraph} {row.token!r} "
                f"has {'both' if claimed else 'neither'}; it needs one"
            )
        lines += [
            f"{where}, column claims: {identifier!r} is no id of claims.csv"
            for identifier in (row.claims.split("; ") if claimed else [])
            if identifier not in known
        ]
        if row.kind != "word" and not _same_digits(row.token, row.value):
            lines.append(f"{where}, column value: {row.value} is not {row.token!r}, scaled by tens")
    return lines


def _missing_phrases(report: Path) -> list[str]:
    """Return phrases that do not stand in their paragraph of the report."""
    text = paragraphs_of(report)
    return [
        f"{row.paragraph}: {row.phrase!r} stands in phrases.csv, not in the report"
        for row in tables.read(PHRASES).itertuples()
        if str(row.phrase) not in text.get(str(row.paragraph), "")
    ]


def _unreached(numbers: pd.DataFrame) -> list[str]:
    """Return claims that no number carries, or not where they say, or not at their value."""
    carried = carriers(numbers).groupby("claim")
    lines = []
    for item in claims().values():
        where = f"data/registry/claims.csv: claim {item.id!r}"
        if item.id not in carried.groups:
            lines.append(f"{where} is reached by no number: numbers.csv, column claims, names it")
            continue
        rows = carried.get_group(item.id)
        if item.paragraph not in set(rows["paragraph"]):
            lines.append(f"{where} stands in {item.paragraph}, its numbers do not")
        stated = rows[rows["unit"] == item.unit]["value"].dropna()
        plain = item.value.replace(".", "", 1).isdigit()
        if plain and len(stated) and float(item.value) not in set(stated.astype(float)):
            lines.append(f"{where} has value {item.value}, its numbers {sorted(set(stated))}")
    return lines


def carriers(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each number and claim that it carries, with the claim's id in ``claim``.

    Phrases that quantify without a number (``registry/phrases``) stand beside the numbers.
    """
    phrases = tables.read(PHRASES).rename(columns={"phrase": "token"}).assign(kind="word")
    rows = pd.concat([numbers, phrases], ignore_index=True)
    return rows.assign(claim=rows["claims"].str.split("; ")).explode("claim").dropna(subset="claim")


def _same_digits(token: str, value: float) -> bool:
    """Return whether a value shows the digits of a token, whatever its power of ten."""
    if pd.isna(value):
        return False
    digits = token.replace(",", "").replace(".", "").strip("0")
    return f"{value:.12g}".replace(".", "").strip("0") == digits or not digits
