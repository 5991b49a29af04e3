"""When a recomputed value meets a claim: one rule a qualifier, all of them here.

A stated number promises the digits it shows. ``52.88`` promises hundredths, so everything that
rounds to it meets it. The trailing zeros of a round number promise nothing: ``30`` (one decimal
place to the left, written as ``decimals = -1``) is met by all that rounds to 30 in tens. A count
of things that are numbered or listed promises every digit (``decimals = 0``).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

Number = int | float
Value = Number | str | list[str]


@dataclass(frozen=True)
class Stated:
    """A number as the report states it.

    Attributes
    ----------
    value : Decimal
        The number; for a range, its low end.
    high : Decimal
        The high end of a range; equal to ``value`` otherwise.
    decimals : int
        Decimal places that the statement promises; negative to the left of the point.
    """

    value: Decimal
    high: Decimal
    decimals: int

    @property
    def unit(self) -> Decimal:
        """One unit of the last promised digit."""
        return Decimal(1).scaleb(-self.decimals)

    def rounds_to(self, x: Decimal, target: Decimal) -> bool:
        """Return whether ``x`` rounds to ``target``; a tie rounds either way."""
        return abs(x - target) <= self.unit / 2


@dataclass(frozen=True)
class Rule:
    """A qualifier's rule: what it says and the test that decides."""

    says: str
    meets: Callable[[Stated, Decimal], bool]


def _about(stated: Stated, x: Decimal) -> bool:
    tolerance = max(stated.unit / 2, min(stated.unit, abs(stated.value) / 10))
    return abs(x - stated.value) <= tolerance


def _almost(stated: Stated, x: Decimal) -> bool:
    return stated.value * Decimal("0.9") <= x < stated.value


def _up_to(stated: Stated, x: Decimal) -> bool:
    return stated.rounds_to(x, stated.value) or stated.value * Decimal("0.9") <= x <= stated.value


RULES: dict[str, Rule] = {
    "exact": Rule(
        "rounds to the stated number at the stated decimals",
        lambda s, x: s.rounds_to(x, s.value),
    ),
    "about": Rule(
        "lies within one unit of the last stated digit, or a tenth if that is less, "
        "and never less than rounding allows",
        _about,
    ),
    "almost": Rule("lies below the stated number by at most a tenth", _almost),
    "over": Rule("lies above the stated number", lambda s, x: x > s.value),
    "under": Rule("lies below the stated number", lambda s, x: x < s.value),
    "at least": Rule("is the stated number or more", lambda s, x: x >= s.value),
    "up to": Rule(
        "as a maximum, rounds to the stated number or lies below it by at most a tenth", _up_to
    ),
    "rank": Rule("is the same place in the ranking", lambda s, x: x == s.value),
    "range": Rule(
        "lies between the two ends, or is a pair that rounds to them",
        lambda s, x: s.value - s.unit / 2 <= x <= s.high + s.unit / 2,
    ),
}

QUALIFIERS = [*RULES, "order"]


def meets(qualifier: str, stated: str, recomputed: Value, *, decimals: int = 0) -> bool:
    """Return whether a recomputed value meets a stated one.

    Parameters
    ----------
    qualifier : str
        One of :data:`QUALIFIERS`.
    stated : str
        As in ``claims.csv``: a number; ``"low..high"`` for a range; a list joined by ``"; "`` for
        an order; a date (``"2017"``, ``"2017-07"`` or ``"2017-07-20"``) under ``exact``.
    recomputed : float, int, str or list of str
        What the notebook found: a number, a date, a list, or a pair for a range; a text such as
        ``">400"`` or ``"<=50"`` where the source itself gives only a bound, and such as
        ``"31.0±0.05"`` where it gives a rounded number: the claim is met if some number within
        meets it. A day meets its month and its year,
        but a month does not meet a day.
    decimals : int, optional
        Decimal places that the statement promises.

    Raises
    ------
    KeyError
        If the qualifier is not defined.

    Examples
    --------
    >>> meets("exact", "52.88", 52.8786, decimals=2), meets("exact", "52.88", 52.8721, decimals=2)
    (True, False)
    >>> meets("exact", "30", 30.59, decimals=-1), meets("exact", "30", 36, decimals=-1)
    (True, False)
    >>> meets("exact", "2017-07", "2017-07-20")
    True
    """
    if qualifier == "order":
        return as_list(stated) == as_list(recomputed)
    found = str(recomputed)
    if is_date(stated) or is_date(found):
        return found == stated or found.startswith(f"{stated}-")
    if isinstance(recomputed, str) and recomputed[:1] in "<>":
        return _bound_meets(qualifier, Decimal(stated.split("..")[0]), recomputed)
    if isinstance(recomputed, str) and "±" in recomputed:
        return any(
            meets(qualifier, stated, float(x), decimals=decimals)
            for x in _within(recomputed, Decimal(stated.split("..")[0]))
        )
    rule = RULES[qualifier]
    ends = stated.split("..")
    limits = Stated(Decimal(ends[0]), Decimal(ends[-1]), decimals)
    if isinstance(recomputed, list):
        low, high = (Decimal(str(x)) for x in recomputed)
        return limits.rounds_to(low, limits.value) and limits.rounds_to(high, limits.high)
    if isinstance(recomputed, float) and not math.isfinite(recomputed):
        return False
    return rule.meets(limits, Decimal(str(recomputed)))


def _within(rounded: str, stated: Decimal) -> list[Decimal]:
    """Return the ends of what a rounded number may be, and what lies nearest to the stated one."""
    centre, error = (Decimal(part) for part in rounded.split("±"))
    low, high = centre - error, centre + error
    return [low, min(max(stated, low), high), high]


def _bound_meets(qualifier: str, stated: Decimal, bound: str) -> bool:
    """Return whether a source's bound says at least as much as the stated one."""
    sign = bound.rstrip("0123456789.")
    limit = Decimal(bound[len(sign) :])
    if sign.startswith(">"):
        strict = qualifier == "over" and sign == ">="
        return qualifier in ("over", "at least") and (limit > stated if strict else limit >= stated)
    if qualifier == "up to":
        return limit == stated
    return qualifier == "under" and (limit <= stated if sign == "<" else limit < stated)


def as_list(value: Value) -> list[str]:
    """Return a list joined by ``";"`` as its parts."""
    parts = value if isinstance(value, list) else str(value).split(";")
    return [str(part).strip() for part in parts]


def is_date(text: str) -> bool:
    """Return whether the text is a date to the day or the month (a plain year is a number)."""
    parts = text.split("-")
    return len(parts) in (2, 3) and len(parts[0]) == 4 and all(part.isdigit() for part in parts)
