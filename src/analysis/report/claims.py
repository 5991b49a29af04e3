"""The claims of the report: rows of ``data/registry/claims.csv``."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd

from analysis import values
from analysis.errors import InputError
from analysis.report import units
from analysis.report.qualifiers import RULES, Agreement, agreement
from analysis.sources import packages, schema, tables

TABLE = "registry/claims"


@dataclass(frozen=True)
class Claim:
    """One quantitative statement of the report.

    Attributes
    ----------
    id, topic, kind, subject, paragraph, statement, unit, qualifier, period, geography, reference, \
source : str
        As in ``claims.csv``; the statement is in our own words.
    value : str
        The stated value, in the language of :mod:`analysis.values`.
    decimals : int
        Decimal places that the statement promises.
    """

    id: str
    topic: str
    kind: str
    subject: str
    paragraph: str
    statement: str
    value: str
    unit: str
    decimals: int
    qualifier: str
    period: str
    geography: str
    reference: str
    source: str

    @cached_property
    def stated(self) -> values.Value:
        """The stated value with what it stands for."""
        return values.parse(self.value, self.unit)

    @property
    def number(self) -> float:
        """The stated number, for arithmetic within the report."""
        return float(self.value)

    @cached_property
    def says(self) -> str:
        """The value with its qualifier and unit in words: ``"more than 400 billion yuan"``."""
        words = units.words(self.unit)
        pattern = RULES[self.qualifier].words
        if self.qualifier == "late":
            return pattern.replace("{}", self.value)
        if pattern.endswith("s of {}"):
            return pattern.replace("{}", units.plural(self.unit)).removesuffix(" of ")
        return pattern.replace("{}", values.show(self.stated, words))

    def shows(self, found: values.Value) -> str:
        """Return a found value in the claim's unit in words, with two digits more than stated."""
        return values.show(found, units.words(self.unit), decimals=max(self.decimals, 0) + 2)

    def meets(self, found: values.Value) -> Agreement:
        """Return whether a found value agrees with the claim under its qualifier.

        Raises
        ------
        InputError
            If the two do not compare.
        """
        try:
            return agreement(self.qualifier, self.stated, found, decimals=self.decimals)
        except InputError as error:
            raise InputError(f"claim {self.id!r}: {error}") from error


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
    made = map(_claim, frame.itertuples())
    return {one.id: one for one in made}


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


def check_table() -> list[str]:
    """Return what is wrong with ``claims.csv``, one line each: file, row, column, value, rule."""
    problems = schema.broken(packages.table(TABLE))
    return problems or problems_of(tables.read(TABLE))


def problems_of(frame: pd.DataFrame) -> list[str]:
    """Return what is wrong beyond the schema: values against units and qualifiers, paragraphs."""
    last = int(tables.read("report/sections")["last"].str[1:].astype(int).max())
    label = packages.table(TABLE).label
    lines = []
    row: Any
    for number, row in enumerate(frame.itertuples(), start=2):
        where = f"{label}, row {number}"
        if int(row.paragraph[1:]) > last:
            lines.append(
                f"{where}, column paragraph: {row.paragraph!r}: the report ends at P{last}"
            )
        lines += [f"{where}, column value: {problem}" for problem in _value_problems(row)]
    return lines


def _value_problems(row: Any) -> list[str]:
    """Return what is wrong with the value of one row."""
    text, unit, qualifier = (str(getattr(row, key)) for key in ("value", "unit", "qualifier"))
    try:
        value = values.parse(text, unit)
    except InputError as error:
        return [str(error)]
    if qualifier in ("order", "names"):
        return []
    if value.kind == "names":
        return [f"{text!r} is a list: qualifier {qualifier!r} needs one value"]
    if value.is_range != (qualifier == "range"):
        needs = "two ends, low..high" if qualifier == "range" else "one value"
        return [f"{text!r}: qualifier {qualifier!r} needs {needs}"]
    return []


def _claim(row: Any) -> Claim:
    """Return the claim that a row holds."""
    texts = {
        key: "" if pd.isna(getattr(row, key)) else str(getattr(row, key))
        for key in Claim.__dataclass_fields__
        if key != "decimals"
    }
    decimals = getattr(row, "decimals", 0)
    return Claim(**texts, decimals=0 if pd.isna(decimals) else int(decimals))
