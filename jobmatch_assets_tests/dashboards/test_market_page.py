"""The page of the market in a browser: what it draws is what SQL says of the copy."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.market import HOSTILE, POSTINGS, postings_of
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]

ALL_ROWS = "category = '__all__' and country = '__all__' and source = '__all__'"


@pytest.fixture
def two_weeks(copy: Copy) -> Copy:
    return postings_of(copy, 14)


def test_tiles_say_what_is_live_at_the_close_and_what_happened_until_then(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    address = "#from=2026-03-09&to=2026-03-15"
    with opened(browser, built(two_weeks) / "market.html", address) as seen:
        live, stale = seen.text("#tile-live_postings"), seen.text("#tile-stale_share")
        posted, ended = seen.text("#tile-posted"), seen.text("#tile-filled_share")
    of = f"from postings_daily where {ALL_ROWS} and date"
    ((now,), (before,)) = (
        two_weeks.ask(f"select live_postings {of} = '{date}'")[0] for date in ("2026-03-15", "2026-03-08")
    )
    assert f"{now}\n" in live
    assert "at the close of 15 Mar 2026" in live
    assert f"{100 * (now / before - 1):.1f} % against 8 Mar 2026".replace("-", "−") in live
    ((share, n),) = two_weeks.ask(f"select stale_postings / live_postings, live_postings {of} = '2026-03-15'")
    assert f"{100 * share:.1f} %" in stale
    assert f"n = {n} live postings" in stale
    week = two_weeks.ask(
        f"select sum(posted)::bigint, sum(filled) / sum(ended), sum(ended)::bigint {of} >= '2026-03-09'"
    )
    assert f"{week[0][0]}\n" in posted
    assert f"{100 * week[0][1]:.1f} %" in ended
    assert f"n = {week[0][2]} that ended" in ended


def test_what_is_live_begins_and_ends_is_that_of_the_rows(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "market.html", "#country=DE") as seen:
        drawn = {chart: seen.rows(chart) for chart in ("live", "flow", "reasons", "stale_share")}
    for chart, series, column in (
        ("live", "postings", "live_postings"),
        ("live", "openings", "live_openings"),
        ("flow", "resumed", "resumed"),
        ("reasons", "closed for another reason", "closed_other"),
        ("reasons", "expired", "expired"),
        ("stale_share", "stale", "stale_postings / live_postings"),
    ):
        expected = two_weeks.ask(f"select {column} from postings_daily where country = 'DE' order by date")
        assert [(row["value"],) for row in drawn[chart] if row["series"] == series] == expected, (
            chart,
            series,
        )


def test_a_date_without_a_row_counts_nothing_and_has_no_age(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change("delete from postings_daily where country = 'FR' and date = '2026-03-06'")
    with opened(browser, built(two_weeks) / "market.html", "#country=FR") as seen:
        live, age = seen.rows("live"), seen.rows("age")
        stale = seen.rows("stale_share")
    assert [row["value"] for row in live if row["day"] == "2026-03-06"] == [0, 0]
    assert [(row["value"], row["n"]) for row in age if row["day"] == "2026-03-06"] == [(None, None)]
    assert [row["value"] for row in stale if row["day"] == "2026-03-06"] == [None, None]


def test_a_median_of_too_few_is_a_gap(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "market.html", "#category=(unknown)") as seen:
        age = seen.rows("age")
        points = seen.page.locator("#chart-age svg .mark-symbol path").count()
    assert age[3]["value"] is None
    assert points == 13


def test_groups_stand_by_what_is_live_and_names_are_text(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "market.html", viewport=PHONE) as seen:
        categories, countries = seen.rows("by_category"), seen.rows("by_country")
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
        assert seen.page.locator("body img").count() == 0
        assert seen.page.locator("#chart-by_category svg .mark-rect path").count() == 3
    assert [row["group"] for row in categories] == ["nursing", HOSTILE, "(unknown)"]
    expected = two_weeks.ask(
        """
        select country, last(live_postings order by date), sum(posted)::bigint, sum(filled) / sum(ended)
        from postings_daily where country <> '__all__' group by all order by 2 desc
        """
    )
    assert [(row["group"], row["live"], row["posted"], row["filled_share"]) for row in countries] == expected


def test_two_filters_together_have_no_rows_and_the_page_says_so(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "market.html", "#country=DE&source=crm") as seen:
        assert "Choose fewer filters" in seen.text("#chart-live .message")
        assert seen.text("#tile-live_postings .value") == "–"


@pytest.mark.parametrize("statement", [POSTINGS, "create table other (x int)"])
def test_without_entities_the_page_says_what_to_send(
    copy: Copy, built: Build, browser: Browser, statement: str
) -> None:
    copy.change(statement).publication(14)
    with opened(browser, built(copy) / "market.html") as seen:
        for part in ("#chart-live .message", "#chart-by_country .message"):
            assert "made of entities (job)" in seen.text(part)
            assert "docs/entities.md" in seen.text(part)
        for part in ("#tile-live_postings", "#tile-ended"):
            assert "There are no rows in postings_daily yet" in seen.text(part)
        assert seen.page.locator("svg .mark-line path").count() == 0


def test_when_nothing_ended_the_page_says_so(two_weeks: Copy, built: Build, browser: Browser) -> None:
    reasons = ("ended", "filled", "expired", "cancelled", "deleted", "paused", "closed_other")
    two_weeks.change(f"update postings_daily set {', '.join(f'{reason} = 0' for reason in reasons)}")
    with opened(browser, built(two_weeks) / "market.html") as seen:
        assert seen.text("#chart-reasons .message") == "Nothing ended on these dates."
        assert seen.text("#tile-filled_share .value") == "–"


def test_a_year_stays_small(copy: Copy, built: Build, browser: Browser) -> None:
    page = built(postings_of(copy, 365)) / "market.html"
    assert len(gzip.compress(page.read_bytes())) < 500_000
    with opened(browser, page, "#from=2026-03-02&to=2027-03-01") as seen:
        assert len(seen.rows("live")) == 2 * 365
