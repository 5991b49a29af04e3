"""The units of claims and statements: how they are worded and how they convert."""

from decimal import Decimal

from analysis.errors import InputError
from analysis.sources import tables
from analysis.values import Value

TABLE = "registry/units"


def words(unit: str) -> str:
    """Return the pattern by which a person reads a number of this unit.

    Examples
    --------
    >>> words("usd_bn")
    '{} billion US dollars'
    """
    return _row(unit)["words"]


def plural(unit: str) -> str:
    """Return what "hundreds of" are hundreds of; empty for things that the statement names.

    Examples
    --------
    >>> plural("usd_bn"), plural("count")
    ('billions of US dollars', '')
    """
    row = _row(unit)
    return row["meaning"] if row["kind"] == "money" else ""


def convert(value: Value, unit: str, to: str, *, yuan_per_dollar: float | None = None) -> Value:
    """Return a value in another unit of the same currency or kind, or, at a rate, in dollars.

    Raises
    ------
    InputError
        If the two units do not measure the same.

    Examples
    --------
    >>> from analysis.values import parse
    >>> str(convert(parse("1.5"), "cny_tn", "cny_bn"))
    '1500'
    >>> str(convert(parse("<13.6"), "cny_bn", "usd_mn", yuan_per_dollar=6.4))
    '<2125'
    """
    if unit == to:
        return value
    mine, theirs = _row(unit), _row(to)
    dates = {unit, to} == {"year", "date"}
    if dates:
        return value
    same = mine["kind"] == theirs["kind"] and unit[:3] == to[:3]
    if mine["kind"] == theirs["kind"] == "number":
        return value
    rate = Decimal(1)
    if yuan_per_dollar is not None and (unit[:3], to[:3]) == ("cny", "usd"):
        rate = Decimal(str(yuan_per_dollar))
    elif not same:
        raise InputError(f"unit {unit!r} does not convert to {to!r}")
    return value.scaled(round(Decimal(mine["factor"]) / Decimal(theirs["factor"]) / rate, 9))


def _row(unit: str) -> dict[str, str]:
    """Return the row of a unit."""
    known = tables.rows(TABLE)
    if unit not in known:
        raise InputError(f"unit {unit!r} is not one of: {', '.join(known)}")
    return known[unit][1]
