"""The page of segments in a browser: what it draws is what SQL says of the copy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets.contracts.tiers import steps_of
from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.bench.published_segments import SHAPES, with_segments, with_shapes

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]
WEEK = "#from=2026-03-09&to=2026-03-15"


@pytest.fixture
def two_weeks(copy: Copy) -> Copy:
    return with_segments(copy, 14).publication(14)


def test_users_by_segment_are_those_of_the_table(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "segments.html") as seen:
        drawn = {(row["day"], row["series"]): row["value"] for row in seen.rows("users_by_segment")}
        over = {row["word"]: row for row in seen.rows("segments_over_dates")}
        growth = seen.rows("comings_and_goings")
        panels = seen.page.locator("#chart-moves_by_segment .panel h4").all_inner_texts()
    rows = two_weeks.ask('select "date"::varchar, segment, units, entered, "left" from user_segments_daily')
    assert {key: value for key, value in drawn.items() if value} == {row[:2]: row[2] for row in rows}
    assert drawn["2026-03-02", "heavy"] == drawn["2026-03-02", "inactive"] == 0
    assert (over["power"]["entered"], over["power"]["left"], over["power"]["now"]) == (4 + 13 * 3, 13 * 2, 17)
    assert [row["value"] for row in growth if row["series"] == "new"] == [34, 3, *[4] * 12]
    assert [row["value"] for row in growth if row["series"] == "became inactive"] == [0, 0, *[3] * 12]
    assert panels == [word for word, _, _ in steps_of("segment")]


def test_tiles_compare_the_close_of_the_dates_with_that_of_as_many_before(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "segments.html", WEEK) as seen:
        active, wanted = seen.text("#tile-active_users"), seen.text("#tile-wanted_jobs")
        values = [
            seen.text(f"#tile-{name} .value") for name in ("active_users", "inactive_entered", "silent")
        ]
    query = "select sum(units)::int from user_segments_daily where segment <> 'inactive' and \"date\" = ?"
    (((now,),), ((before,),)) = (two_weeks.ask(query, [day]) for day in ("2026-03-15", "2026-03-08"))
    assert values == [str(now), "21", "1"]
    assert f"+{100 * (now / before - 1):.1f} % against" in active
    assert "75.0 %" in wanted
    assert "n = 4 jobs with a tier" in wanted


def test_histories_are_counted_at_the_close_of_each_date(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "segments.html") as seen:
        charts = {name: seen.rows(name) for name in ("jobs_over_time", "companies_over_time")}
    for chart, table, column in (
        ("jobs_over_time", "job_mart_history", "tier"),
        ("companies_over_time", "company_mart_history", "responsiveness"),
    ):
        expected = two_weeks.ask(
            f"""
            select day::date::varchar, {column}, count(*) from {table}, range(date '2026-03-02', date '2026-03-16', interval 1 day) as days(day)
            where valid_from <= day and (valid_to is null or valid_to > day) group by all
            """
        )
        drawn = {(row["day"], row["series"]): row["value"] for row in charts[chart] if row["value"]}
        assert drawn == {row[:2]: row[2] for row in expected}


def test_marts_are_counted_by_their_words(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "segments.html") as seen:
        tiers = {row["word"]: row for row in seen.rows("tiers")}
        crossed = {row["word"]: row for row in seen.rows("tiers_crossed")}
        companies = {row["word"]: row for row in seen.rows("companies")}
        spend = [(row["currency"], row["word"], row["spend"], row["share"]) for row in seen.rows("spend")]
        coec, waits = seen.rows("coec"), seen.rows("waits")
    assert (tiers["good"]["count"], tiers["good"]["clicks"], tiers["good"]["ctr"]) == (2, 55, 55 / 1100)
    assert (tiers["all jobs"]["count"], tiers["all jobs"]["clicks"]) == (5, 109)
    assert (crossed["hot"]["of_low"], crossed["good"]["of_high"], crossed["good"]["count"]) == (1, 1, 2)
    assert companies["fast"]["placed_share"] == 6 / 40
    assert (companies["slow"]["count"], companies["slow"]["placed_share"]) == (0, None)
    # Each currency by itself; several of them have no sum.
    assert spend == [
        ("(mixed)", "weak", None, None),
        ("EUR", "hot", 12.5, 12.5 / 14.75),
        ("EUR", "good", 2.25, 2.25 / 14.75),
        ("USD", "good", 4, 1),
    ]
    assert [(row["step"], row["series"]) for row in coec] == [
        ("0.1 to 0.2", "weak"),
        ("0.8 to 0.9", "good"),
        ("1 to 1.1", "good"),
        ("1.5 to 1.6", "hot"),
    ]
    assert [(row["step"], row["series"], row["value"]) for row in waits] == [
        ("3 to 4", "fast", 1),
        ("3 to 4", "normal", 1),
    ]


def test_thresholds_are_those_that_are_shipped(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "segments.html") as seen:
        rules = {(row["kind"], row["word"]): row["rule"] for row in seen.rows("words")}
    (power, least, _), *_ = steps_of("segment")
    assert rules["Segment of a user", power] == f"{least:g} active dates of 28 or more"
    (hot, coec, _), *_ = steps_of("tier")
    assert rules["Tier of a job", hot] == f"COEC {coec:g} or more"


def test_without_the_tables_each_part_says_how_to_get_them(
    copy: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(copy.funnel(7).publication(7)) / "segments.html") as seen:
        for part in ("#tile-active_users", "#chart-users_by_segment .message", "#chart-companies .message"):
            assert "docs/entities.md says how to send them" in seen.text(part)


def test_tables_without_rows_say_so(copy: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(with_shapes(copy).funnel(7).publication(7)) / "segments.html") as seen:
        for chart, table in (
            ("users_by_segment", "user_segments_daily"),
            ("tiers", "job_mart"),
            ("jobs_over_time", "job_mart_history"),
            ("waits", "company_mart"),
        ):
            assert f"no rows in {table} yet" in seen.text(f"#chart-{chart} .message")


def test_a_copy_of_an_earlier_version_lacks_a_column_and_the_rest_stays(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change("alter table job_mart drop column spend")
    with opened(browser, built(two_weeks) / "segments.html") as seen:
        assert "lacks job_mart (spend)" in seen.text("#chart-spend .message")
        assert len(seen.rows("tiers")) == 5


def test_nothing_is_told_of_anybody_yet(two_weeks: Copy, built: Build, browser: Browser) -> None:
    two_weeks.change(
        "update job_mart set tier = 'insufficient', currency = null, spend = 0",
        "update company_mart set responsiveness = 'insufficient'",
    )
    with opened(browser, built(two_weeks) / "segments.html") as seen:
        assert "nothing can be said of them yet" in seen.text("#chart-coec .message")
        assert "No click carries a bid" in seen.text("#chart-spend .message")
        assert "there is no median" in seen.text("#chart-waits .message")


def test_names_are_text_and_rows_of_jobs_and_companies_are_not_on_the_page(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    name = "<b>" + "x" * 80 + "</b>"
    two_weeks.plant("update job_mart set currency = ? where currency = 'USD'", name)
    two_weeks.change(
        "update job_mart set job_id = 'planted_job'", "update company_mart set company_id = 'planted_company'"
    )
    folder = built(two_weeks)
    assert "planted_" not in (folder / "segments.html").read_text()
    with opened(browser, folder / "segments.html", viewport=PHONE) as seen:
        assert name in seen.text("#chart-spend")
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
    assert set(SHAPES) == {
        "user_segments_daily",
        "job_mart",
        "job_mart_history",
        "company_mart",
        "company_mart_history",
    }
