"""States that pages must say something true of: nothing there, one day, what is held back, hostile names, a year."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets.dashboards.registry import file_of, registered
from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.published import FIRST, Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]
PAGES = [page.name for page in registered() if not page.instances]


@pytest.mark.parametrize("name", PAGES)
def test_without_any_event_each_part_says_what_is_missing(
    copy: Copy, built: Build, browser: Browser, name: str
) -> None:
    with opened(browser, built(copy) / file_of(name)) as seen:
        assert "the copy does not say when" in seen.text("#state")
        for chart in seen.page.locator("figure.chart").all():
            assert chart.locator("p.message").inner_text().endswith(".")
        assert seen.page.locator("svg .mark-line path").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_copy_of_an_earlier_version_is_told(copy: Copy, built: Build, browser: Browser, name: str) -> None:
    tables = [table for (table,) in copy.ask("select table_name from duckdb_tables()")]
    copy.change(*(f"drop table {table}" for table in tables), "create table other (x int)")
    with opened(browser, built(copy) / file_of(name)) as seen:
        assert "Run jobmatch run" in seen.text("#state")
        assert all(
            text.endswith(".") for text in seen.page.locator("figure.chart p.message").all_inner_texts()
        )


def test_one_day_is_drawn_with_nothing_to_compare(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(1).publication(1)
    folder = built(copy)
    with opened(browser, folder / "funnel.html") as seen:
        assert {row["day"] for row in seen.rows("rates")} == {FIRST}
        assert seen.page.locator("#chart-rates svg [aria-roledescription=point]").count() == 3
        assert "not complete" in seen.text("#chart-rates .notes")
        assert "no date yet" in seen.text("#state")
    with opened(browser, folder / "index.html") as seen:
        assert "no earlier days to compare with" in seen.text("#tile-searches")


def test_a_null_is_a_gap_and_not_a_zero(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(7).publication(7).change("delete from funnel_daily where event_date = '2026-03-05'")
    with opened(browser, built(copy) / "funnel.html") as seen:
        path = seen.page.locator("#chart-rates svg .mark-line path").first.get_attribute("d") or ""
        assert path.count("M") == 2
        assert seen.page.locator("#chart-rates svg [aria-roledescription=point]").count() == 18
        seen.page.locator("#chart-steps_by_date").scroll_into_view_if_needed()
        (row,) = [
            text
            for text in seen.page.locator("#chart-steps_by_date tr").all_inner_texts()
            if "2026-03-05" in text
        ]
        assert set(row.split()[1:]) == {"–"}


def test_incomplete_dates_are_hollow_and_held_back_dates_hatched_and_named(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7).change(
        """
        insert into held_back values
        ('2026-03-04', 'silver', 'quarantine_share', '2026-03-04 10:00:00+00', 'Most lines are <b>broken</b>'),
        ('2026-03-05', 'silver', 'quarantine_share', null, 'The same'), (null, 'whole', null, null, 'Waits')
        """,
        """
        insert into failing_checks values
        ('silver/events', 'duplicate_share', '2026-03-04', true, '2026-03-04 10:00:00+00', 'Too many'),
        ('gold/funnel_daily', 'matches_contract', null, false, null, 'Something')
        """,
    )
    folder = built(copy)
    with opened(browser, folder / "funnel.html") as seen:
        assert seen.page.locator("#chart-rates svg .mark-symbol path[fill='#ffffff']").count() == 2 * 3
        (hatched,) = seen.page.locator("#chart-rates svg .held_back_marks path").all()
        assert "hatch" in hatched.evaluate("path => getComputedStyle(path).fill")
        assert seen.page.locator("#chart-rates svg text", has_text="held back").count() == 1
        assert "2 failing checks" in seen.text("#state")
        assert "Tables held back" in seen.text("#state")
        seen.page.get_by_text("Tables held back").click()
        assert "Most lines are <b>broken</b>" in seen.text("#state")
        assert seen.page.locator("#state b").count() == 0
    with opened(browser, folder / "index.html") as seen:
        assert seen.page.locator("#chart-checks tbody tr").count() == 2
        assert "Too many" in seen.text("#chart-checks")


def test_a_publication_that_failed_is_a_red_strip_with_its_age(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7)
    note = copy.path.with_name(f".{copy.path.name}.failure.json")
    note.write_text('{"when": "2026-03-10T10:00:00+00:00", "message": "The disk is full <i>.</i>"}')
    with opened(browser, built(copy) / "index.html") as seen:
        alarm = seen.text("#state .alarm")
        assert "The last publication failed" in alarm
        assert "days ago: The disk is full <i>.</i>" in alarm


HOSTILE = [
    "<script>alert(1)</script>",
    "a" * 200,
    "__all__",
    "(none)",
    "=1+1",
    "</script><!--",
    "\u2028'\"&amp;",
]


@pytest.mark.parametrize("platform", HOSTILE)
def test_names_are_text_wherever_they_stand(
    copy: Copy, built: Build, browser: Browser, platform: str
) -> None:
    copy.funnel(3).publication(3).plant(
        "update funnel_daily set platform = ? where platform = 'ios'", platform
    )
    with opened(browser, built(copy) / "funnel.html", viewport=PHONE) as seen:
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
        if platform != "__all__":
            assert platform in seen.js(
                "[...document.querySelectorAll('#choose-platform option')].map((o) => o.value)"
            )
            seen.page.select_option("#choose-platform", value=platform)
            seen.settle()
            assert seen.js("jobmatch.page.state.filters.platform") == platform
        assert seen.page.locator("body script").count() == 4


def test_a_year_of_days_stays_small_and_is_drawn(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(365).publication(365)
    folder = built(copy)
    for name in PAGES:
        assert len(gzip.compress((folder / file_of(name)).read_bytes())) < 1_000_000
    with opened(browser, folder / "funnel.html", "#from=2026-03-02&to=2027-03-01") as seen:
        assert len(seen.rows("rates")) == 3 * 365
        assert seen.page.locator("#chart-rates svg .mark-line path").count() == 3


def test_a_tile_whose_column_the_copy_lacks_says_so(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(7).publication(7).change("alter table ranking_metrics_daily drop column success_ss")
    with opened(browser, built(copy) / "index.html") as seen:
        assert "lacks ranking_metrics_daily (success_ss)" in seen.text("#tile-success_at_k")
        assert seen.text("#tile-searches .value") != "–"
