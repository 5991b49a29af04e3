"""A stated or found value: the set of numbers, days or names that it stands for.

Values are written in one small language, in tables and in findings alike:

========================  ======================================================
``52.88``                 a number
``31.0±0.05``             a number that its source rounds, with half a unit: from 30.95 up to,
                          but not with, 31.05
``>400`` ``>=30``         a bound; ``<600`` and ``<=50`` likewise; also of dates
``0.8..1.4``              a range with both ends; also of years
``2017`` ``2017-07``      a date to the year, the month or the day, where the
``2017-07-20``            unit is one of :data:`DATES`
``Wuhan; Chongqing``      names, where the unit is ``names``, or numbers in an order;
                          ``?`` stands for a place that is not seen
========================  ======================================================

:func:`parse` reads it, ``str(value)`` writes it, :func:`show` words it for a person. This module
knows no file and no claim.
"""

import calendar
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from analysis.errors import InputError
from analysis.intervals import INFINITY, Interval

DATES = ("year", "date")
"""The units of dates."""

NAMES = "names"
"""The unit of names."""

Found = int | float | str | Decimal | Sequence["int | float | str | Decimal"]
"""What a computation may give: a number, a text of the language, or several in an order."""

_BOUND = re.compile(r"(?P<sign>[<>]=?)(?P<limit>.+)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_SIGNS = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most"}


@dataclass(frozen=True)
class Value:
    """A value as a text of the language and the set that it stands for.

    Attributes
    ----------
    text : str
        As the language writes it.
    kind : str
        ``"number"``, ``"date"`` or ``"names"``.
    interval : Interval or None
        What it stands for; None for names.
    names : tuple of str
        The names, or the numbers of an order; empty otherwise.
    """

    text: str
    kind: str
    interval: Interval | None = None
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    @property
    def ends(self) -> Interval:
        """What it stands for; an InputError if it is a list of names."""
        if self.interval is None:
            raise InputError(f"{self.text!r} is a list of names, no number or date")
        return self.interval

    @property
    def number(self) -> float:
        """The number, the centre of a rounded one, or the limit of a bound; else an InputError."""
        text = self.text.lstrip("<>=").split("±")[0]
        if self.kind != "number" or self.is_range:
            raise InputError(f"{self.text!r} is no single number")
        return float(text)

    @property
    def is_range(self) -> bool:
        """Whether it is written with both ends."""
        return ".." in self.text

    @property
    def limit(self) -> Decimal | None:
        """The number that it says is not exceeded; None if it says no such thing."""
        ends = self.interval
        return ends.high if ends is not None and ends.low == -INFINITY else None

    @property
    def is_point(self) -> bool:
        """Whether it stands for one number."""
        return self.interval is not None and self.interval.low == self.interval.high

    def scaled(self, factor: Decimal) -> "Value":
        """Return the same value in a unit that is ``factor`` times smaller.

        Examples
        --------
        >>> str(parse("1.4±0.05", "cny_tn").scaled(Decimal(1000)))
        '1400±50'
        """
        if factor == 1 or self.kind != "number" or self.interval is None:
            return self
        text = re.sub(r"\d+(?:\.\d+)?", lambda m: plain(Decimal(m[0]) * factor), self.text)
        return parse(text, "")


def parse(text: str, unit: str = "") -> Value:
    """Return the value that a text of the language means.

    Parameters
    ----------
    text : str
        As the module's table has it.
    unit : str, optional
        Decides between dates, names and numbers.

    Raises
    ------
    InputError
        If the text is no such value.

    Examples
    --------
    >>> parse(">400").interval.low, parse("2017-07", "date").interval.width
    (Decimal('400'), Decimal('30'))
    """
    text = text.strip()
    try:
        if unit == NAMES or ";" in text:
            names = tuple(part.strip() for part in text.split(";"))
            if not all(names):
                raise ValueError
            return Value("; ".join(names), "names", names=names)
        if unit in DATES:
            return Value(text, "date", _set(text, _days))
        return Value(text, "number", _set(text, _rounded))
    except (ValueError, ArithmeticError) as error:
        raise InputError(f"{text!r} is no {_what(unit)}") from error


def of(found: Found, unit: str = "") -> Value:
    """Return a computed result as a value; numbers are kept to twelve significant digits.

    Raises
    ------
    InputError
        If the result is not finite, or a text that is no value.

    Examples
    --------
    >>> str(of(0.1 + 0.2)), str(of(["China", "India"], "names"))
    ('0.3', 'China; India')
    """
    if isinstance(found, str):
        return parse(found, unit)
    if isinstance(found, Sequence):
        return parse("; ".join(p if isinstance(p, str) else str(of(p)) for p in found), NAMES)
    if not math.isfinite(found):
        raise InputError(f"{found} is no {_what(unit)}")
    return parse(plain(Decimal(f"{float(found):.12g}")), unit)


def rounded(number: float | Decimal, decimals: int) -> str:
    """Return a number as printed to these decimals: ``rounded(31, 1)`` is ``"31.0±0.05"``."""
    half = Decimal(1).scaleb(-decimals) / 2
    return f"{Decimal(str(number)):.{max(decimals, 0)}f}±{plain(half)}"


def plain(number: Decimal) -> str:
    """Return a number without exponent and needless zeros."""
    text = f"{number or abs(number):f}"  # Zero has no sign.
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Value, words: str = "{}", *, decimals: int | None = None) -> str:
    """Return a value in words, for a person.

    Parameters
    ----------
    value : Value
        What to show.
    words : str, optional
        The unit as a pattern: ``"{} billion US dollars"``, ``"{}"``, ``"{th}"`` for a place.
    decimals : int, optional
        Decimals to show of a computed number; as written if left out.

    Examples
    --------
    >>> show(parse(">400"), "{} billion yuan"), show(parse("2"), "{th}")
    ('more than 400 billion yuan', '2nd')
    >>> show(parse("2017-07-20", "date")), show(parse("0.8..1.4"), "{} points")
    ('20 July 2017', '0.8 to 1.4 points')
    >>> show(parse("31.0±0.05"), "{} per cent"), show(parse("17.2099"), "{} %", decimals=2)
    ('31.0 per cent', '17.21 %')
    """
    if value.kind == "names":
        return "; ".join(value.names)
    if value.is_range:
        ends = (_shown(end, value.kind, decimals) for end in value.text.split(".."))
        return _worded(" to ".join(ends), words)
    bound = _BOUND.fullmatch(value.text)
    if bound:
        limit = _shown(bound["limit"], value.kind, decimals)
        return f"{_SIGNS[bound['sign']]} {_worded(limit, words)}"
    return _worded(_shown(value.text, value.kind, decimals), words)


def _shown(text: str, kind: str, decimals: int | None) -> str:
    """Return one number or date in words, without its unit."""
    if kind == "date":
        year, *rest = text.split("-")
        month = [calendar.month_name[int(part)] for part in rest[:1]]
        return " ".join([*(str(int(part)) for part in rest[1:]), *month, year])
    centre, rounds, _ = text.partition("±")
    number = Decimal(centre)
    places = -int(number.as_tuple().exponent)
    if decimals is not None and not rounds:
        places = min(places, max(decimals, 0))
    return f"{number:,.{places}f}"


def _worded(text: str, words: str) -> str:
    """Return a number with its unit; ``{th}`` makes it a place."""
    if "{th}" not in words:
        return words.replace("{}", text)
    last = text.rsplit(" ", 1)[-1]
    teen = last[-2:] in ("11", "12", "13")
    ending = "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(last[-1], "th")
    return words.replace("{th}", text + ending)


def _set(text: str, read: Callable[[str], Interval]) -> Interval:
    """Return what a bound, a range or a single value stands for."""
    bound = _BOUND.fullmatch(text)
    if bound is None:
        return _ends(text, read)
    limit, strict = read(bound["limit"]), "=" not in bound["sign"]
    if bound["sign"].startswith(">"):
        return Interval(limit.high if strict else limit.low, INFINITY, low_open=strict)
    return Interval(-INFINITY, limit.low if strict else limit.high, high_open=strict)


def _rounded(text: str) -> Interval:
    """Return what a number stands for, rounded or not."""
    centre, rounds, half = text.partition("±")
    middle, error = _decimal(centre), _decimal(half if rounds else "0")
    if error < 0:
        raise ValueError(text)
    return Interval(middle - error, middle + error, high_open=error > 0)


def _ends(text: str, read: Callable[[str], Interval]) -> Interval:
    """Return what one value or a range of two stands for."""
    parts = [read(part) for part in text.split("..")]
    low, high = parts[0], parts[-1]
    both = replace(low, high=high.high, high_open=high.high_open)
    if len(parts) > 2 or not both.overlaps(both):
        raise ValueError(text)
    return both


def _decimal(text: str) -> Decimal:
    """Return a number in plain digits."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    return Decimal(text)


def _days(text: str) -> Interval:
    """Return the ordinals of the first and the last day of a year, a month or a day."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return Interval(Decimal(first.toordinal()), Decimal(last.toordinal()))


def _what(unit: str) -> str:
    """Return what a text of a unit should be, for messages."""
    if unit in DATES:
        return "date (YYYY, YYYY-MM or YYYY-MM-DD, or two joined by '..')"
    if unit == NAMES:
        return "list of names joined by '; '"
    return "number, rounded number (31.0±0.05), bound (>400) or range (0.8..1.4)"
