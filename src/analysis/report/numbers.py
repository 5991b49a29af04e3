"""The registry of numbers: every number of the report, with its claim or the reason for none."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from analysis.report.claims import claims
from analysis.report.tokens import Token, tokens_of
from analysis.sources import packages, tables

TABLE = "report/numbers"


def check(report: Path | None = None) -> list[str]:
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
    problems = tables.check(packages.table(TABLE))
    if problems:
        return problems
    numbers = tables.read(TABLE)
    lines = [*_rows(numbers), *_unreached(numbers)]
    if report is not None:
        lines += against(numbers, tokens_of(report))
    return lines


def against(numbers: pd.DataFrame, found: Iterable[Token]) -> list[str]:
    """Return where the registry and the numbers found in the text differ, by paragraph."""
    registered, in_text = defaultdict(list), defaultdict(list)
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


def _rows(numbers: pd.DataFrame) -> list[str]:
    """Return what is wrong with single rows."""
    known = claims()
    lines = []
    expected: dict[str, int] = defaultdict(int)
    for row_number, row in enumerate(numbers.itertuples(), start=2):
        where = f"data/raw/report/numbers.csv, row {row_number}"
        expected[row.paragraph] += 1
        if row.position != expected[row.paragraph]:
            lines.append(
                f"{where}, column position: {row.position} at {row.paragraph} {row.token!r}: "
                f"{expected[row.paragraph]} is next"
            )
            expected[row.paragraph] = int(row.position)
        claimed, excused = not pd.isna(row.claim), not pd.isna(row.reason)
        if claimed == excused:
            lines.append(
                f"{where}, columns claim and reason: {row.paragraph} {row.token!r} "
                f"has {'both' if claimed else 'neither'}; it needs one"
            )
        elif claimed and row.claim not in known:
            lines.append(f"{where}, column claim: {row.claim!r} is no id of claims.csv")
        if row.kind != "word" and not _same_digits(row.token, row.value):
            lines.append(f"{where}, column value: {row.value} is not {row.token!r}, scaled by tens")
    return lines


def _unreached(numbers: pd.DataFrame) -> list[str]:
    """Return claims that no number carries, or not where they say, or not at their value."""
    carried = numbers.dropna(subset="claim").groupby("claim")
    lines = []
    for item in claims().values():
        where = f"data/raw/report/claims.csv: claim {item.id!r}"
        if item.id not in carried.groups:
            lines.append(f"{where} is reached by no number")
            continue
        rows = carried.get_group(item.id)
        if item.paragraph not in set(rows["paragraph"]):
            lines.append(f"{where} stands in {item.paragraph}, its numbers do not")
        stated = rows[(rows["unit"] == item.unit) & (rows["kind"] != "word")]["value"]
        plain = item.value.replace(".", "", 1).isdigit()
        if plain and len(stated) and float(item.value) not in set(stated.astype(float)):
            lines.append(f"{where} has value {item.value}, its numbers {sorted(set(stated))}")
    return lines


def _same_digits(token: str, value: float) -> bool:
    """Return whether a value shows the digits of a token, whatever its power of ten."""
    if pd.isna(value):
        return False
    digits = token.replace(",", "").replace(".", "").strip("0")
    return f"{value:.12g}".replace(".", "").strip("0") == digits or not digits
