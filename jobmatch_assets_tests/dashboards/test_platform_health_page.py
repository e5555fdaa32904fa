"""The page of platform health in a browser: what it draws is what SQL says of the copy."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.platform_health import platform_health, with_tables
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]
PAGE = "platform_health.html"
ALL = "platform = '__all__'"
WITHOUT_FIRST = "cohort_week > (select min(cohort_week) from retention_weekly)"


@pytest.fixture
def ten_weeks(copy: Copy) -> Copy:
    return platform_health(copy, 70).publication(70)


def test_tiles_tell_the_last_date_against_the_same_day_of_the_week(
    ten_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(ten_weeks) / PAGE, "#from=2026-04-20&to=2026-04-26") as seen:
        active, stickiness = seen.text("#tile-mau"), seen.text("#tile-stickiness")
        new, users = seen.text("#tile-new_units"), seen.text("#tile-users")
        registered = seen.text("#tile-new_registrations")
    query = f"select mau, stickiness from platform_health_daily where {ALL} and event_date = ?"
    ((mau, share),) = ten_weeks.ask(query, ["2026-04-26"])
    ((mau_before, _),) = ten_weeks.ask(query, ["2026-04-19"])
    assert f"{mau}\n" in active
    assert "on 26 Apr 2026" in active
    assert f"{100 * (mau / mau_before - 1):.1f} % against 19 Apr 2026" in active
    assert f"{100 * share:.1f} %" in stickiness
    dates = "between '2026-04-20' and '2026-04-26'"
    ((of_week,),) = ten_weeks.ask(
        f"select sum(new_units) from platform_health_daily where {ALL} and event_date {dates}"
    )
    assert f"\n{of_week}\n" in new
    assert "against 13–19 Apr 2026" in new
    ((there,),) = ten_weeks.ask(
        "select users from users_daily where role = '__all__' and date = '2026-04-26'"
    )
    assert f"\n{there}\n" in users
    ((created,),) = ten_weeks.ask(
        f"select sum(new_registrations) from users_daily where role = '__all__' and date {dates}"
    )
    assert f"\n{created}\n" in registered


def test_lines_of_users_are_those_of_the_rows_and_young_data_are_told(
    ten_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(ten_weeks) / PAGE, "#from=2026-03-02&to=2026-05-10") as seen:
        drawn, note = seen.rows("active"), seen.text("#chart-active .notes")
        seen.page.select_option("#choose-platform", value="web")
        seen.settle()
        of_web, sticky = seen.rows("active"), seen.rows("stickiness")
        panels = seen.page.locator("#chart-by_platform h4").all_inner_texts()
        seen.page.evaluate("location.hash = '#from=2026-05-01&to=2026-05-08'")
        seen.page.wait_for_function("jobmatch.page.state.from === '2026-05-01'")
        seen.settle()
        assert seen.page.locator("#chart-active .notes").is_hidden()
    for platform, rows in (("__all__", drawn), ("web", of_web)):
        expected = ten_weeks.ask(
            "select dau, wau, mau, window_days from platform_health_daily where platform = ? order by event_date",
            [platform],
        )
        for place, name in enumerate(("on the day", "in 7 days", "in 28 days")):
            found = [(row["value"], row["window_days"]) for row in rows if row["series"] == name]
            assert found == [(row[place], row[3]) for row in expected]
    assert "On 2–28 Mar 2026 the data are less than 28 dates old" in note
    assert panels == ["web"]
    assert [(row["value"], row["n"]) for row in sticky] == ten_weeks.ask(
        "select round(stickiness, 8), mau from platform_health_daily where platform = 'web' order by event_date"
    )


def test_a_tile_of_young_data_tells_no_change(ten_weeks: Copy, built: Build, browser: Browser) -> None:
    folder = built(ten_weeks)
    with opened(browser, folder / PAGE, "#from=2026-03-09&to=2026-03-15") as seen:
        assert "the data are 14 dates old, not 28: not to be compared yet" in seen.text("#tile-mau")
        assert "%" not in seen.text("#tile-mau")
    with opened(browser, folder / PAGE, "#from=2026-03-24&to=2026-03-30") as seen:
        assert "no change is told: the data were 22 dates old then" in seen.text("#tile-mau")
        assert "% against 23 Mar 2026" in seen.text("#tile-dau")


def test_stacks_add_up_to_their_whole(ten_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(ten_weeks) / PAGE, "#from=2026-03-02&to=2026-05-10&role=employer") as seen:
        came, states = seen.rows("new_and_returning"), seen.rows("states")
        bars = seen.page.locator("#chart-states svg .mark-rect path").count()
    assert [(row["new_units"], row["returning_units"], row["whole"]) for row in came] == ten_weeks.ask(
        f"select new_units, returning_units, dau from platform_health_daily where {ALL} order by event_date"
    )
    columns = ("active_users", "pending_users", "suspended_users", "rest", "whole")
    assert [tuple(row[name] for name in columns) for row in states] == ten_weeks.ask(
        "select active_users, pending_users, suspended_users, "
        "users - active_users - pending_users - suspended_users, users "
        "from users_daily where role = 'employer' order by date"
    )
    assert bars >= 4 * 70


def test_events_stand_beside_those_of_the_days_before(
    ten_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(ten_weeks) / PAGE, "#from=2026-04-20&to=2026-04-26") as seen:
        rows, panels = seen.rows("activity"), seen.rows("activity_by_date")
    columns = "logins", "signups", "searches", "job_views", "bookmarks", "profile_updates", "applies"
    sums = ", ".join(f"sum({column})" for column in columns)
    query = f"select {sums} from platform_health_daily where {ALL} and event_date between ? and ?"
    (now,) = ten_weeks.ask(query, ["2026-04-20", "2026-04-26"])
    (before,) = ten_weeks.ask(query, ["2026-04-13", "2026-04-19"])
    assert [(row["value"], row["before"]) for row in rows] == list(zip(now, before, strict=True))
    assert [row["change"] for row in rows if row["series"] == "profile updates"] == [None]
    assert len({row["panel"] for row in panels}) == len(columns)
    assert [row["value"] for row in panels if row["panel"] == "searches"] == [
        value
        for (value,) in ten_weeks.ask(
            f"select searches from platform_health_daily where {ALL} "
            "and event_date between '2026-04-20' and '2026-04-26' order by event_date"
        )
    ]


def test_roles_have_states_of_the_last_date_and_counts_of_all(
    ten_weeks: Copy, built: Build, browser: Browser
) -> None:
    ten_weeks.change("delete from users_daily where role = 'employer' and date > '2026-03-20'")
    with opened(browser, built(ten_weeks) / PAGE, "#from=2026-03-02&to=2026-04-26") as seen:
        rows = {row["role"]: row for row in seen.rows("roles")}
    ((users, active),) = ten_weeks.ask(
        "select users, active_users from users_daily where role = 'candidate' and date = '2026-04-26'"
    )
    assert (rows["candidate"]["users"], rows["candidate"]["active_users"]) == (users, active)
    ((created, deleted),) = ten_weeks.ask(
        "select sum(new_registrations), sum(deleted) from users_daily where role = 'candidate' and date <= '2026-04-26'"
    )
    assert (rows["candidate"]["new_registrations"], rows["candidate"]["deleted"]) == (created, deleted)
    assert rows["employer"]["users"] == 0


def test_retention_puts_complete_weeks_of_newcomers_together(
    ten_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(ten_weeks) / PAGE) as seen:
        rows, cells = seen.rows("retention"), seen.rows("cohorts")
        tile, late = seen.text("#tile-back_after_1"), seen.text("#tile-back_after_12")
        notes = seen.text("#chart-retention .notes")
        hollow = seen.page.locator("#chart-retention svg .mark-symbol path[fill='#ffffff']").count()
    expected = ten_weeks.ask(
        "select weeks_since, sum(active_units), sum(cohort_size) from retention_weekly "
        f"where is_complete and weeks_since > 0 and {WITHOUT_FIRST} and cohort_week <= '2026-05-08' "
        "group by 1 order by 1"
    )
    assert [(row["weeks_since"], row["hits"], row["n"]) for row in rows if row["is_all"]] == expected
    assert all(row["low"] < row["value"] < row["high"] for row in rows if row["is_all"])
    drawn = ten_weeks.ask(
        "select weeks_since, active_units, cohort_size, not is_complete from retention_weekly "
        "where weeks_since > 0 and cohort_week <= '2026-05-08' order by cohort_week, weeks_since"
    )
    assert [(r["weeks_since"], r["hits"], r["n"], r["incomplete"]) for r in cells] == drawn
    assert hollow == sum(n >= 20 and is_open for _, _, n, is_open in drawn) > 3
    assert "1 of 10 cohorts has fewer than 20 users" in notes
    newest = ten_weeks.ask(
        "select sum(active_units), sum(cohort_size) from (select * from retention_weekly where is_complete "
        "and weeks_since = 1 order by cohort_week desc limit 4)"
    )
    ((active, size),) = newest
    assert f"{100 * active / size:.1f} %" in tile
    assert f"n = {size} who came first on 30 Mar–26 Apr 2026" in tile
    assert "no earlier cohorts to compare with" in tile
    assert "nothing to measure" in late


def test_retention_against_the_cohorts_before(copy: Copy, built: Build, browser: Browser) -> None:
    platform_health(copy, 210).publication(210)
    with opened(browser, built(copy) / PAGE) as seen:
        tile, cells = seen.text("#tile-back_after_1"), seen.rows("cohorts")
        first = min(row["cohort"] for row in cells if row["weeks_since"] == 26)
        lines = seen.page.locator("#chart-cohorts svg .mark-rect path").count()
    (now, before) = copy.ask(
        "select sum(active_units) / sum(cohort_size) from (select *, (row_number() over (order by cohort_week desc) - 1) "
        "// 4 as part from retention_weekly where is_complete and weeks_since = 1) where part < 2 group by part "
        "order by part"
    )
    change = 100 * (now[0] - before[0])
    assert f"+{change:.1f} pp" in tile
    assert "against" in tile
    assert len({row["cohort"] for row in cells}) == 26
    assert not first.startswith("2 Mar 2026")
    assert lines == len(cells)


def test_without_users_or_a_return_the_page_says_what_is_missing(
    copy: Copy, built: Build, browser: Browser
) -> None:
    platform_health(copy, 6).publication(6).change("delete from users_daily")
    with opened(browser, built(copy) / PAGE) as seen:
        for chart in ("states", "came_and_went", "roles"):
            message = seen.text(f"#chart-{chart} .message")
            assert "no rows in users_daily yet. They are made of entities (user)" in message
        assert "whether anybody comes back is seen from then on" in seen.text("#chart-retention .message")
        assert "There are no rows in users_daily yet" in seen.text("#tile-users")
        assert len(seen.rows("active")) == 3 * 4


@pytest.mark.parametrize("is_there", [True, False])
def test_without_rows_or_tables_every_part_says_so(
    copy: Copy, built: Build, browser: Browser, *, is_there: bool
) -> None:
    copy.search_quality(7).publication(7)
    if is_there:
        with_tables(copy)
    with opened(browser, built(copy) / PAGE) as seen:
        for message in seen.page.locator("figure.chart p.message").all_inner_texts():
            is_lacking = not is_there and "users_daily" not in message
            assert ("The published copy lacks" if is_lacking else "There are no rows in") in message
            assert "jobmatch run" in message
        assert seen.page.locator("svg .mark-line path").count() == 0


def test_names_are_text_and_a_phone_has_room(copy: Copy, built: Build, browser: Browser) -> None:
    name = "<img src=x onerror=alert(1)> " + "long name " * 12
    platform_health(copy, 60).publication(60)
    copy.plant("update users_daily set role = ? where role = 'employer'", name)
    copy.plant("update platform_health_daily set platform = ? where platform = 'ios'", name)
    with opened(browser, built(copy) / PAGE, viewport=PHONE) as seen:
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
        assert name.strip() in seen.text("#chart-roles")
        assert name.strip() in seen.page.locator("#chart-by_platform h4").all_inner_texts()
        assert seen.page.locator("main img").count() == 0


def test_a_year_is_small(copy: Copy, built: Build) -> None:
    platform_health(copy, 365).publication(365)
    assert len(gzip.compress((built(copy) / PAGE).read_bytes())) < 1_000_000
