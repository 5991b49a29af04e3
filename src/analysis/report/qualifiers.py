"""When a found value agrees with a claim: one rule a qualifier, all of them here.

A stated number promises the digits it shows. ``52.88`` promises hundredths; the trailing zeros of
a round number promise nothing, so ``30`` with ``decimals = -1`` is met by all that rounds to 30 in
tens. Each rule gives the intervals that meet the claim; what is found is an interval too, and
agreement is a matter of the two:

- a number, a rounded number or a range agrees if it has a number in common with the claim's;
- a bound (``>400``) agrees only if all of it lies within, that is, if it implies the claim.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.errors import InputError
from analysis.intervals import INFINITY, Interval
from analysis.values import Value, parse, plain

MARKS: dict[str, str] = {
    "coarser": "the source prints fewer digits than the claim",
    "loose": "the bound is met, but by more than half as much again",
    "truncated": "agrees only if the report cut digits off instead of rounding",
    "raised": "agrees only if the report rounded up",
    "label differs": "the report renames what its source calls otherwise",
    "partial": "the source's series is seen in part",
}
"""The marks that a finding may carry; they are shown and do not change the answer."""

UNSEEN = "?"
"""A place of an order that the source shows no part of; such a finding is marked ``partial``."""


@dataclass(frozen=True)
class Stated:
    """What a claim states: its value and the decimals that it promises."""

    value: Value
    decimals: int

    @property
    def low(self) -> Decimal:
        """The value, or its low end."""
        return self.value.ends.low

    @property
    def high(self) -> Decimal:
        """The value, or its high end."""
        return self.value.ends.high

    @property
    def unit(self) -> Decimal:
        """One unit of the last promised digit; a date promises its own days."""
        return Decimal(0) if self.value.kind == "date" else Decimal(1).scaleb(-self.decimals)


Readings = dict[str, Interval]


@dataclass(frozen=True)
class Rule:
    """A qualifier's rule.

    Attributes
    ----------
    says : str
        When a value meets it, in words.
    readings : callable
        The intervals that meet a claim, by the mark of each; without a mark under ``""``.
    words : str, optional
        The pattern that puts the qualifier into words before a person.
    meets_bound : bool, optional
        Whether a rounded number that touches the open end agrees.
    """

    says: str
    readings: Callable[[Stated], Readings]
    words: str = "{}"
    meets_bound: bool = False


@dataclass(frozen=True)
class Agreement:
    """What comparing a found value with a claim gave.

    Attributes
    ----------
    agrees : bool
        Whether it does.
    undecided : bool
        Whether it is a bound that neither implies nor excludes the claim.
    marks : tuple of str
        Keys of :data:`MARKS`.
    """

    agrees: bool
    undecided: bool = False
    marks: tuple[str, ...] = ()


def _exact(s: Stated) -> Readings:
    half = s.unit / 2
    return {
        "": Interval(s.low - half, s.high + half, high_open=bool(s.unit)),
        "truncated": Interval(s.low, s.low + s.unit, high_open=bool(s.unit)),
        "raised": Interval(s.low - s.unit, s.low, low_open=bool(s.unit)),
    }


def _about(s: Stated) -> Readings:
    tolerance = max(s.unit / 2, min(s.unit, abs(s.low) / 10))
    return {"": Interval(s.low - tolerance, s.high + tolerance)}


def _up_to(s: Stated) -> Readings:
    return {"": Interval(s.low * Decimal("0.9"), s.low + s.unit / 2)}


def _several(most: int) -> Callable[[Stated], Readings]:
    """Return the rule of a word such as "hundreds of": twice the word up to the next one."""
    return lambda s: {"": Interval(2 * s.low, most * s.low, high_open=True)}


def _late(s: Stated) -> Readings:
    decade = date.fromordinal(int(s.low)).year
    return {"": parse(f"{decade + 6}..{decade + 9}", "year").ends}


RULES: dict[str, Rule] = {
    "exact": Rule(
        "rounds to the stated number at the stated decimals; for a date, falls in it", _exact
    ),
    "about": Rule(
        "lies within one unit of the last stated digit, or a tenth if that is less, "
        "and never less than rounding allows",
        _about,
        "about {}",
    ),
    "almost": Rule(
        "lies below the stated number by at most a tenth",
        lambda s: {"": Interval(s.low * Decimal("0.9"), s.low, high_open=True)},
        "almost {}",
        meets_bound=True,
    ),
    "over": Rule(
        "lies above the stated number",
        lambda s: {"": Interval(s.low, INFINITY, low_open=True)},
        "more than {}",
        meets_bound=True,
    ),
    "under": Rule(
        "lies below the stated number",
        lambda s: {"": Interval(-INFINITY, s.low, high_open=True)},
        "less than {}",
        meets_bound=True,
    ),
    "at least": Rule(
        "is the stated number or more",
        lambda s: {"": Interval(s.low, INFINITY)},
        "at least {}",
    ),
    "up to": Rule(
        "as a maximum, rounds to the stated number or lies below it by at most a tenth; "
        "or is the same number given as a limit",
        _up_to,
        "up to {}",
        meets_bound=True,
    ),
    "rank": Rule("is the same place in the ranking", lambda s: {"": Interval(s.low, s.high)}),
    "range": Rule(
        "lies between the two ends, or has ends that round to them",
        lambda s: {"": Interval(s.low - s.unit / 2, s.high + s.unit / 2)},
    ),
    "dozens of": Rule("is 24 or more and below 100", _several(9), "dozens of {}"),
    "hundreds of": Rule("is 200 or more and below 1,000", _several(10), "hundreds of {}"),
    "millions of": Rule(
        "is 2 million or more and below 1,000 million", _several(1000), "millions of {}"
    ),
    "late": Rule("falls in the last four years of the decade", _late, "the late {}s"),
    "order": Rule("is the same list in the same order, where it is seen", lambda s: {}),
    "names": Rule("names the same, in any order", lambda s: {}),
}
"""The qualifiers. A list has no interval; it is compared name by name."""


def agreement(qualifier: str, stated: Value, found: Value, *, decimals: int = 0) -> Agreement:
    """Return whether a found value agrees with a stated one.

    Parameters
    ----------
    qualifier : str
        A key of :data:`RULES`.
    stated, found : Value
        In the same unit.
    decimals : int, optional
        Decimal places that the statement promises; negative left of the point.

    Raises
    ------
    InputError
        If the two are of different kinds, a number and a date, say.

    Examples
    --------
    >>> agreement("exact", parse("52.88"), parse("52.8786"), decimals=2)
    Agreement(agrees=True, undecided=False, marks=())
    >>> agreement("exact", parse("31.04"), parse("31.0±0.05"), decimals=2).marks
    ('coarser',)
    >>> agreement("over", parse("400"), parse(">300")).undecided
    True
    """
    if (stated.kind == "names") != (found.kind == "names") or (stated.kind == "date") != (
        found.kind == "date"
    ):
        raise InputError(f"{str(found)!r} does not compare with {str(stated)!r}")
    if stated.kind == "names":
        return Agreement(_same_names(qualifier, stated.names, found.names))
    rule, claim = RULES[qualifier], Stated(stated, decimals)
    readings = rule.readings(claim)
    if qualifier == "up to" and found.limit is not None:
        found = parse(plain(found.limit))  # Both give a maximum: the two are compared.
    if found.is_range and qualifier == "range":
        return Agreement(_same_ends(claim, found.ends))
    hit = [mark for mark, reading in readings.items() if _meets(rule, reading, found)]
    if not hit:
        excluded = not any(found.ends.overlaps(one) for one in readings.values())
        return Agreement(False, undecided=found.ends.is_bound and not excluded)
    marks = [] if "" in hit else [hit[0]]
    return Agreement(True, marks=(*marks, *_looseness(qualifier, claim, found.ends)))


def _meets(rule: Rule, reading: Interval, found: Value) -> bool:
    """Return whether a found value meets one reading of a rule."""
    if found.ends.is_bound:
        return found.ends.within(reading)
    if rule.meets_bound and not found.is_point:
        reading = reading.closed()
    return found.ends.overlaps(reading)


def _looseness(qualifier: str, claim: Stated, found: Interval) -> list[str]:
    """Return the marks of a source that says less than the claim, or much more than its bound."""
    marks = []
    # Years and months differ in length by up to three days, which makes none of them coarser.
    own = claim.high - claim.low + 3 if claim.value.kind == "date" else claim.unit
    if qualifier in ("exact", "about", "rank", "late") and not found.is_bound and found.width > own:
        marks.append("coarser")
    if qualifier in ("over", "at least") and found.low > claim.low * Decimal("1.5"):
        marks.append("loose")
    if qualifier == "under" and found.high < claim.low / Decimal("1.5"):
        marks.append("loose")
    return marks


def _same_ends(claim: Stated, found: Interval) -> bool:
    """Return whether both ends of a range round to those stated."""
    half = claim.unit / 2
    return abs(found.low - claim.low) <= half and abs(found.high - claim.high) <= half


def _same_names(qualifier: str, stated: Sequence[str], found: Sequence[str]) -> bool:
    """Return whether two lists are the same, in order or as sets."""
    mine, theirs = ([name.casefold() for name in names] for names in (stated, found))
    if qualifier == "names":
        return set(mine) == set(theirs)
    if len(mine) != len(theirs):
        return False
    return all(b in (a, UNSEEN) for a, b in zip(mine, theirs, strict=True))
