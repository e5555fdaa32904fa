"""The page of search quality in a browser: what it draws is what SQL says of the copy."""

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
    return copy.search_quality(14).publication(14)


def test_rates_of_several_days_are_quotients_of_sums(two_weeks: Copy, built: Build, browser: Browser) -> None:
    address = "#from=2026-03-09&to=2026-03-15&surface=email"
    with opened(browser, built(two_weeks) / "search_quality.html", address) as seen:
        zero, abandoned = seen.text("#tile-zero_result_rate"), seen.text("#tile-abandonment_rate")
    query = """
        select sum(zero_result_searches) / sum(counted_searches), sum(counted_searches)::bigint,
               sum(abandoned_lists) / sum(lists), sum(lists)::bigint
        from search_quality_daily where surface = 'email' and event_date between {}
    """
    ((rate, counted, share, lists),) = two_weeks.ask(query.format("'2026-03-09' and '2026-03-15'"))
    ((before, *_),) = two_weeks.ask(query.format("'2026-03-02' and '2026-03-08'"))
    assert f"{100 * rate:.1f} %" in zero
    assert f"n = {counted:,} searches that said how much they found" in zero
    assert f"{100 * (rate / before - 1):.1f}".replace("-", "−") in zero
    assert f"{100 * share:.1f} %" in abandoned
    assert f"n = {lists:,} lists" in abandoned


def test_the_rate_of_zero_results_stands_beside_what_it_speaks_of(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "search_quality.html") as seen:
        rates, coverage = seen.rows("zero_results"), seen.rows("coverage")
    expected = two_weeks.ask(
        "select zero_result_rate, counted_searches, counted_searches / searches, searches from search_quality_daily "
        "where surface = '__all__' order by event_date"
    )
    assert [(row["value"], row["n"]) for row in rates] == [row[:2] for row in expected]
    assert [(row["value"], row["n"]) for row in coverage] == [row[2:] for row in expected]
    assert (rates[2]["value"], coverage[2]["value"]) == (None, 0)


def test_means_and_medians_are_those_of_the_dates(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "search_quality.html", "#surface=search") as seen:
        position, time = seen.rows("click_position"), seen.rows("time_to_click")
        points = seen.page.locator("#chart-time_to_click svg .mark-symbol path").count()
    expected = two_weeks.ask(
        "select mean_click_position, clicked_items, median_seconds_to_first_click, lists - abandoned_lists "
        "from search_quality_daily where surface = 'search' order by event_date"
    )
    assert [(row["value"], row["n"]) for row in position] == [row[:2] for row in expected]
    assert [(row["value"], row["n"]) for row in time] == [row[2:] for row in expected]
    assert points == sum(row[2] is not None for row in expected) == 13


def test_clicks_outside_of_lists_are_counted(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "search_quality.html") as seen:
        drawn = seen.rows("unattributed")
    expected = two_weeks.ask(
        "select unattributed_clicks from search_quality_daily where surface = '__all__' order by event_date"
    )
    assert [(row["value"],) for row in drawn if row["series"] == "clicks"] == expected


def test_without_a_column_what_is_made_of_it_says_so_and_the_rest_stays(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change(
        "alter table search_quality_daily drop column counted_searches",
        "alter table search_quality_daily drop column clicked_items",
    )
    with opened(browser, built(two_weeks) / "search_quality.html") as seen:
        for part, column in (
            ("#tile-zero_result_rate", "counted_searches"),
            ("#chart-zero_results .message", "counted_searches"),
            ("#chart-coverage .message", "counted_searches"),
            ("#chart-click_position .message", "clicked_items"),
        ):
            assert f"lacks search_quality_daily ({column})" in seen.text(part)
        assert seen.rows("zero_results") == seen.rows("coverage") == seen.rows("click_position") == []
        assert len(seen.rows("abandonment")) == 14
        assert seen.page.locator("#chart-abandonment .message").is_hidden()
