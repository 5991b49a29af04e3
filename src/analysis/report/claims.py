"""The claims of the report: rows of ``data/raw/report/claims.csv``."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property

import pandas as pd

from analysis.errors import InputError
from analysis.report import qualifiers
from analysis.sources import packages, tables

TABLE = "report/claims"


@dataclass(frozen=True)
class Claim:
    """One quantitative statement of the report.

    Attributes
    ----------
    id, topic, paragraph, statement, unit, qualifier, period, geography, reference : str
        As in ``claims.csv``; the statement is in our own words.
    value : str
        The stated value: a number, ``"low..high"``, a date, or a list joined by ``"; "``.
    decimals : int
        Decimal places that the statement promises.
    """

    id: str
    topic: str
    paragraph: str
    statement: str
    value: str
    unit: str
    decimals: int
    qualifier: str
    period: str
    geography: str
    reference: str

    @cached_property
    def stated(self) -> str:
        """The value with its qualifier and unit, as a reader wants to see it."""
        value = self.value.replace("..", " to ")
        words = "" if self.qualifier in ("exact", "order", "range", "rank") else self.qualifier
        return " ".join(part for part in (words, value, self.unit) if part)

    def is_met_by(self, recomputed: qualifiers.Value) -> bool:
        """Return whether a recomputed value meets the claim under its qualifier."""
        return qualifiers.meets(self.qualifier, self.value, recomputed, decimals=self.decimals)


def claims() -> dict[str, Claim]:
    """Return every claim by id, in the file's order.

    Raises
    ------
    InputError
        If the file breaks its schema or a row contradicts itself.
    """
    return _claims(packages.table(TABLE).sha256)


@cache
def _claims(sha256: str) -> dict[str, Claim]:
    """Return every claim; the file is parsed again only when it changed."""
    frame = tables.read(TABLE)
    problems = problems_of(frame)
    if problems:
        raise InputError(problems[0])
    return {row.id: _claim(row) for row in frame.itertuples()}


def claim(identifier: str) -> Claim:
    """Return one claim.

    Raises
    ------
    InputError
        If there is none of that id; the message lists those of the same topic.
    """
    known = claims()
    if identifier not in known:
        start = identifier.split(".")[0]
        near = [key for key in known if key.startswith(f"{start}.")]
        raise InputError(f"no claim {identifier!r}; there are: {', '.join(near or sorted(known))}")
    return known[identifier]


def check() -> list[str]:
    """Return what is wrong with ``claims.csv``, one line each: file, row, column, value, rule."""
    problems = tables.check(packages.table(TABLE))
    return problems or problems_of(tables.read(TABLE))


def problems_of(frame: pd.DataFrame) -> list[str]:
    """Return what is wrong beyond the schema: values against qualifiers, and paragraphs."""
    last = int(tables.read("report/sections")["last"].str[1:].astype(int).max())
    lines = []
    for number, row in enumerate(frame.itertuples(), start=2):
        where = f"data/raw/report/claims.csv, row {number}"
        if int(row.paragraph[1:]) > last:
            lines.append(
                f"{where}, column paragraph: {row.paragraph!r}: the report ends at P{last}"
            )
        lines += [f"{where}, {problem}" for problem in _value_problems(row)]
    return lines


def _value_problems(row: object) -> list[str]:
    """Return what is wrong with the value of one row."""
    value, low, high, qualifier = (getattr(row, k) for k in ("value", "low", "high", "qualifier"))
    if qualifier == "range":
        if pd.isna(low) or pd.isna(high):
            return ["columns low and high: empty: a range needs both"]
        if low > high:
            return [f"column low: {low} is above high, {high}"]
        return []
    if pd.isna(value):
        return [f"column value: empty: qualifier {qualifier!r} needs one"]
    if qualifier == "order" or qualifiers.is_date(value):
        return []
    try:
        Decimal(value)
    except InvalidOperation:
        return [f"column value: {value!r} is neither a number nor a date (YYYY-MM or YYYY-MM-DD)"]
    return []


def _claim(row: object) -> Claim:
    """Return the claim that a row holds."""
    texts = {
        key: "" if pd.isna(getattr(row, key)) else str(getattr(row, key))
        for key in Claim.__dataclass_fields__
        if key != "decimals"
    }
    if texts["qualifier"] == "range":
        texts["value"] = f"{_plain(row.low)}..{_plain(row.high)}"  # type: ignore[attr-defined]
    decimals = getattr(row, "decimals", 0)
    return Claim(**texts, decimals=0 if pd.isna(decimals) else int(decimals))


def _plain(number: float) -> str:
    """Return a number without a needless ``.0``."""
    return f"{number:.10g}"
