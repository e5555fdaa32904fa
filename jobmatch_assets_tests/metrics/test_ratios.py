"""Intervals of what is put together from sums: textbook values, and the oracle of the golden set."""

import importlib
import math
import random
from types import ModuleType

import pytest

from jobmatch_assets.metrics.ratios import (
    Interval,
    Ratio,
    UnitSums,
    Z,
    difference_of_ratios,
    difference_of_shares,
    ratio_over_days,
    wilson,
)
from jobmatch_assets_tests.bench.golden import GOLDEN


@pytest.fixture(scope="module")
def oracle_pages() -> ModuleType:
    """The oracle of what pages show; a program, which looks for its other half beside itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(GOLDEN))
        return importlib.import_module("oracle_pages")


def _rounded(interval: Interval | None) -> tuple[float, float, float]:
    assert interval is not None
    return round(interval.value, 4), round(interval.low, 4), round(interval.high, 4)


def test_a_share_has_wilsons_interval() -> None:
    # (8 + z²/2) / (10 + z²) ± z/(10 + z²)·√(8·2/10 + z²/4), by hand.
    zz = Z**2
    middle, half = (8 + zz / 2) / (10 + zz), Z / (10 + zz) * math.sqrt(1.6 + zz / 4)
    assert _rounded(wilson(8, 10)) == (0.8, round(middle - half, 4), round(middle + half, 4))
    assert _rounded(wilson(8, 10)) == (0.8, 0.4902, 0.9433)


@pytest.mark.parametrize(("hits", "end"), [(0, 0.0), (7, 1.0)])
def test_none_and_all_end_where_shares_end(hits: int, end: float) -> None:
    share = wilson(hits, 7)
    assert share is not None
    assert (share.value, end in (share.low, share.high)) == (end, True)
    assert 0 <= share.low < share.high <= 1


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (None, 3), (1, None)])
def test_without_anything_to_count_there_is_no_share(hits: int | None, n: int | None) -> None:
    assert wilson(hits, n) is None


def test_two_shares_differ_as_newcombe_has_it() -> None:
    # Newcombe 1998, table II (a): 56/70 against 48/80, method 10.
    assert _rounded(difference_of_shares(wilson(56, 70), wilson(48, 80))) == (0.2, 0.0524, 0.3339)
    assert difference_of_shares(wilson(1, 2), None) is None


def test_an_interval_says_up_down_or_nothing() -> None:
    assert [Interval(0, *ends).change for ends in ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0.0, 0.1))] == [
        "up", "down", "no difference found", "no difference found",
    ]  # fmt: skip


def test_a_ratio_over_days_is_that_of_sums_with_its_users_variance() -> None:
    # One day: units (S, N) = (1, 2), (0, 1), (2, 3): R = 3/6, the squares of S less R·N add up to 0.5, times 3/2.
    day = UnitSums(s=3, n=6, ss=5, sn=8, nn=14, units=3)
    found = ratio_over_days([day])
    assert found is not None
    assert (found.value, found.n) == (0.5, 6)
    assert found.variance == pytest.approx(0.5 * 1.5 / 36)
    assert found.high - found.value == pytest.approx(Z * math.sqrt(0.75 / 36))


def test_ratios_over_days_are_those_of_the_oracle(oracle_pages: ModuleType) -> None:
    chance = random.Random(7)
    for _ in range(50):
        days = []
        for _ in range(chance.randint(0, 9)):
            units = [(chance.randint(0, 4), chance.randint(1, 5)) for _ in range(chance.randint(1, 6))]
            days.append(
                UnitSums(
                    sum(s for s, _ in units), sum(n for _, n in units), sum(s * s for s, _ in units),
                    sum(s * n for s, n in units), sum(n * n for _, n in units), len(units),
                )
            )  # fmt: skip
        found = ratio_over_days(days)
        expected = oracle_pages.ratio_over_days(
            [(day.s, day.n, day.ss, day.sn, day.nn, day.units) for day in days]
        )
        got = (found.value, found.low, found.high) if found else (None, None, None)
        assert got == pytest.approx(expected)


def test_two_ratios_differ_by_both_variances() -> None:
    after, before = Ratio(0.5, 0.4, 0.6, 0.0009, 10), Ratio(0.3, 0.2, 0.4, 0.0016, 10)
    change = difference_of_ratios(after, before)
    assert change is not None
    assert (change.value, change.high - change.value) == pytest.approx((0.2, Z * 0.05))
    assert difference_of_ratios(after, None) is None
