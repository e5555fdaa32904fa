"""The funnel page in a browser: what it draws is what SQL says of the copy."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]


@pytest.fixture
def two_weeks(copy: Copy) -> Copy:
    return copy.funnel(14).publication(14)


def test_it_opens_from_a_file_and_asks_for_nothing_else(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "funnel.html") as seen:
        assert seen.text("h1") == "Funnel"
        assert seen.page.locator("#chart-rates svg .mark-line path").count() == 3


def test_a_request_that_leaves_the_page_is_found(
    two_weeks: Copy, built: Build, browser: Browser, tmp_path: Path
) -> None:
    page = built(two_weeks) / "funnel.html"
    planted = tmp_path / "planted.html"
    text = page.read_text().replace("img-src data: blob:", "img-src *")
    planted.write_text(text.replace("<main", '<img src="https://example.com/a.png" alt=""><main', 1))
    with pytest.raises(AssertionError, match="request: https://example"), opened(browser, planted):
        pass


def test_rates_are_ratios_of_sums_with_wilsons_interval(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(
        browser, built(two_weeks) / "funnel.html", "#from=2026-03-03&to=2026-03-05&platform=ios"
    ) as seen:
        drawn = seen.rows("rates")
        tile = seen.text("#tile-search_to_apply_rate")
    expected = two_weeks.ask(
        """
        select event_date::varchar, reached_click, reached_impression from funnel_daily
        where event_date between '2026-03-03' and '2026-03-05'
          and platform = 'ios' and device_type = '__all__' and surface = '__all__' order by 1
        """
    )
    found = [row for row in drawn if row["series"] == "impression → click"]
    assert [(row["day"], row["hits"], row["n"]) for row in found] == expected
    for row in found:
        low, high = wilson(row["hits"], row["n"])
        assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-12)
    ((share, entered),) = two_weeks.ask(
        """
        select sum(reached_apply) / sum(entered), sum(entered) from funnel_daily
        where event_date between '2026-03-03' and '2026-03-05'
          and platform = 'ios' and device_type = '__all__' and surface = '__all__'
        """
    )
    assert f"{100 * share:.1f} %" in tile
    assert f"n = {entered:,}" in tile


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The roots of (share - p)² = z² p (1 - p) / n."""
    z, share = 1.959963984540054, hits / n
    a, b, c = 1 + z * z / n, -(2 * share + z * z / n), share * share
    half = math.sqrt(b * b - 4 * a * c)
    return (-b - half) / (2 * a), (-b + half) / (2 * a)
