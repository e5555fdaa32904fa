"""Shares and ratios put together from sums, with intervals of 95 %: what is said of several days together."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Z = 1.959963984540054
"""The quantile of the normal distribution beyond which 2.5 % lie."""

Change = Literal["up", "down", "no difference found"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its interval.

    Attributes:
        value: The value, or a difference of two.
        low: Lower end.
        high: Upper end.
    """

    value: float
    low: float
    high: float

    @property
    def change(self) -> Change:
        """What the interval of a difference says."""
        return "up" if self.low > 0 else "down" if self.high < 0 else "no difference found"


@dataclass(frozen=True, slots=True)
class UnitSums:
    """Sums over the units of one day, of a numerator S and a denominator N of each.

    Attributes:
        s: Σ S.
        n: Σ N.
        ss: Σ S².
        sn: Σ S·N.
        nn: Σ N².
        units: How many units have N > 0.
    """

    s: float
    n: float
    ss: float
    sn: float
    nn: float
    units: int


@dataclass(frozen=True, slots=True)
class Ratio(Interval):
    """A ratio of sums over days.

    Attributes:
        variance: Of the ratio.
        n: The sum that it is over.
    """

    variance: float
    n: float


def wilson(hits: float | None, n: float | None) -> Interval | None:
    """Wilson's interval of a share (Wilson 1927).

    Args:
        hits: How many of them; None where that is not known.
        n: How many there are.

    Returns:
        None without anything to count.
    """
    if hits is None or not n:
        return None
    share, zz = hits / n, Z * Z
    middle = (share + zz / (2 * n)) / (1 + zz / n)
    half = Z / (1 + zz / n) * math.sqrt(share * (1 - share) / n + zz / (4 * n * n))
    return Interval(
        share,
        0.0 if hits == 0 else max(0.0, middle - half),
        1.0 if hits == n else min(1.0, middle + half),
    )


def difference_of_shares(after: Interval | None, before: Interval | None) -> Interval | None:
    """The difference of two independent shares, from Wilson's intervals (Newcombe 1998, method 10)."""
    if after is None or before is None:
        return None
    value = after.value - before.value
    return Interval(
        value,
        value - math.hypot(after.value - after.low, before.high - before.value),
        value + math.hypot(after.high - after.value, before.value - before.low),
    )


def ratio_over_days(days: Iterable[UnitSums]) -> Ratio | None:
    """The ratio of sums over days, by the delta method with days as independent (Deng et al. 2018).

    A day of one unit has no variance of its own to estimate and counts as it is.

    Returns:
        None where there is nothing to divide by.
    """
    days = list(days)
    n = math.fsum(day.n for day in days)
    if not n:
        return None
    value = math.fsum(day.s for day in days) / n
    spread = math.fsum(
        (day.ss - 2 * value * day.sn + value**2 * day.nn)
        * (day.units / (day.units - 1) if day.units > 1 else 1)
        for day in days
    )
    variance = max(0.0, spread) / n**2
    half = Z * math.sqrt(variance)
    return Ratio(value, value - half, value + half, variance, n)


def difference_of_ratios(after: Ratio | None, before: Ratio | None) -> Interval | None:
    """The difference of two ratios of sums over days that do not overlap."""
    if after is None or before is None:
        return None
    value = after.value - before.value
    half = Z * math.sqrt(after.variance + before.variance)
    return Interval(value, value - half, value + half)
