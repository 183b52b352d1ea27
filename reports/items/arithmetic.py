"""Sums that are taken while answers stream by: a correlation and quartiles, in memory that does not grow. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt

# Two shares of points that differ by less differ by rounding alone.
_NO_SPREAD = 1e-12


class Correlation:
    """Pearson’s r of pairs that are added one by one, by Welford’s method, which does not lose small differences.

    B. P. Welford (1962), Note on a method for calculating corrected sums of squares and products, Technometrics 4(3).
    """

    def __init__(self) -> None:
        self.pairs = 0
        self._x = self._y = self._xx = self._yy = self._xy = 0.0

    def add(self, x: float, y: float) -> None:
        """Count one more pair."""
        self.pairs += 1
        from_x, from_y = x - self._x, y - self._y
        self._x += from_x / self.pairs
        self._y += from_y / self.pairs
        self._xx += from_x * (x - self._x)
        self._yy += from_y * (y - self._y)
        self._xy += from_x * (y - self._y)

    @property
    def value(self) -> float | None:
        """From -1 to 1; ``None`` where one of the two never varies, so that it is not defined."""
        if self.pairs < 2 or min(self._xx, self._yy) / self.pairs < _NO_SPREAD:
            return None
        return max(-1.0, min(1.0, self._xy / sqrt(self._xx * self._yy)))


@dataclass(frozen=True)
class Quartiles:
    """A quarter, a half and three quarters of the values are no larger than these."""

    lower: float
    median: float
    upper: float


def quartiles(counts: Mapping[int, int]) -> Quartiles | None:
    """The quartiles of values, each with how often it came; ``None`` when there are none.

    Between two values the line is straight, and the smallest and the largest count as the ends: definition 7 of
    R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The American Statistician 50(4).
    """
    values = sorted(value for value, count in counts.items() if count > 0)
    if not values:
        return None
    ends = list(accumulate(counts[value] for value in values))

    def at(place: int) -> int:
        return next(value for value, end in zip(values, ends, strict=True) if place < end)

    def quantile(quarters: int) -> float:
        # In whole quarters, so that no rounding can point past the last value.
        place, rest = divmod((ends[-1] - 1) * quarters, 4)
        return at(place) if not rest else at(place) + (at(place + 1) - at(place)) * rest / 4

    return Quartiles(quantile(1), quantile(2), quantile(3))
