"""The intervals that the browser computes, against SciPy, published examples and simulation."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from scipy.stats import binomtest

from jobmatch_assets_tests.bench.browser import library

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with library(browser) as empty:
        yield empty


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (3, 17), (499, 1000), (7, 10**9)])
def test_wilsons_interval_is_scipys(page: Page, hits: int, n: int) -> None:
    found = page.evaluate("([hits, n]) => jobmatch.statistics.wilson(hits, n)", [hits, n])
    expected = binomtest(hits, n).proportion_ci(method="wilson")
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-15)
    assert found["value"] == hits / n


def test_nothing_to_count_has_no_share(page: Page) -> None:
    assert page.evaluate("[jobmatch.statistics.wilson(0, 0), jobmatch.statistics.wilson(null, null)]") == [
        None,
        None,
    ]
    assert page.evaluate("jobmatch.statistics.difference(1, 2, 0, 0)") is None


@pytest.mark.parametrize(
    ("counts", "interval"),
    [
        # Newcombe 1998, table II, method 10
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((10, 10, 0, 20), (0.6791, 1.0000)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 10), (0.6075, 1.0000)),
    ],
)
def test_differences_of_shares_have_newcombes_interval(
    page: Page, counts: tuple[int, ...], interval: tuple[float, float]
) -> None:
    found = page.evaluate("counts => jobmatch.statistics.difference(...counts)", list(counts))
    assert (round(found["low"], 4), round(found["high"], 4)) == interval


def test_ratios_over_days_have_the_interval_of_the_delta_method(page: Page) -> None:
    draw = np.random.default_rng(3)
    days, spread, total = [], 0.0, [0.0, 0.0]
    units = [(draw.integers(1, 6, size=size), draw.random(size)) for size in (30, 50, 1)]
    for n, rate in units:
        s = n * rate
        days.append(
            {
                "s": s.sum(),
                "n": int(n.sum()),
                "ss": (s * s).sum(),
                "sn": (s * n).sum(),
                "nn": int((n * n).sum()),
                "units": len(n),
            }
        )
        total[0] += s.sum()
        total[1] += n.sum()
    ratio = total[0] / total[1]
    for n, rate in units:
        residuals = n * rate - ratio * n
        # Σ residuals² · U/(U - 1): the days are independent, the residuals of a day not centred.
        spread += (residuals**2).sum() * (len(n) / (len(n) - 1) if len(n) > 1 else 1)
    half = 1.959964 * spread**0.5 / total[1]
    found = page.evaluate("days => jobmatch.statistics.ratio(days)", days)
    assert found["value"] == pytest.approx(ratio)
    assert (found["low"], found["high"]) == pytest.approx((ratio - half, ratio + half), rel=1e-6)
    assert (found["n"], found["units"]) == (total[1], 81)
    assert page.evaluate("jobmatch.statistics.ratio([])") is None


def test_intervals_of_ratios_hold_as_often_as_they_say(page: Page) -> None:
    draw, truth, held = random.Random(5), 0.3, 0
    for _ in range(400):
        days = []
        for _ in range(3):
            units = [(1 + draw.randrange(4), min(1.0, draw.random() * 0.6)) for _ in range(60)]
            sums = [(n, sum(draw.random() < p for _ in range(n))) for n, p in units]
            days.append(
                {
                    "s": sum(s for _, s in sums),
                    "n": sum(n for n, _ in sums),
                    "ss": sum(s * s for _, s in sums),
                    "sn": sum(s * n for n, s in sums),
                    "nn": sum(n * n for n, _ in sums),
                    "units": len(sums),
                }
            )
        found = page.evaluate("days => jobmatch.statistics.ratio(days)", days)
        held += found["low"] <= truth <= found["high"]
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(
    ("interval", "word"),
    [
        ((0.01, 0.02), "up"),
        ((-0.02, -0.01), "down"),
        ((-0.01, 0.01), "no difference found"),
        ((0, 1), "no difference found"),
    ],
)
def test_an_interval_that_holds_0_is_no_difference(
    page: Page, interval: tuple[float, float], word: str
) -> None:
    found = page.evaluate("([low, high]) => jobmatch.statistics.verdict({ low, high })", list(interval))
    assert found == word
