"""Sets of numbers between two ends."""

from dataclasses import dataclass
from decimal import Decimal

INFINITY = Decimal("Infinity")


@dataclass(frozen=True)
class Interval:
    """A set of numbers between two ends; for dates, of ordinals of days.

    Attributes
    ----------
    low, high : decimal.Decimal
        The ends; infinite for a bound.
    low_open, high_open : bool, optional
        Whether an end itself is left out.

    Examples
    --------
    >>> Interval(Decimal(1), Decimal(2)).overlaps(Interval(Decimal(2), Decimal(3)))
    True
    >>> Interval(Decimal(1), Decimal(2), high_open=True).overlaps(Interval(Decimal(2), Decimal(3)))
    False
    """

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two have a number in common."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low != high:
            return low < high
        return self._holds(low) and other._holds(low)

    def within(self, other: "Interval") -> bool:
        """Return whether all of this one lies in the other."""
        above = self.low > other.low or (
            self.low == other.low and (self.low_open or not other.low_open)
        )
        below = self.high < other.high or (
            self.high == other.high and (self.high_open or not other.high_open)
        )
        return above and below

    def closed(self) -> "Interval":
        """Return the same with both ends in it."""
        return Interval(self.low, self.high)

    @property
    def width(self) -> Decimal:
        """The distance of the ends."""
        return self.high - self.low

    @property
    def is_bound(self) -> bool:
        """Whether one end is infinite."""
        return self.low == -INFINITY or self.high == INFINITY

    def _holds(self, x: Decimal) -> bool:
        above = x > self.low or (x == self.low and not self.low_open)
        below = x < self.high or (x == self.high and not self.high_open)
        return above and below
