"""The section of platform health says what the copy holds, and leaves out what it lacks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.metrics.ratios import difference_of_shares, wilson
from jobmatch_assets.reports import wording
from jobmatch_assets_tests.bench.platform_health import platform_health, with_tables
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.reports.conftest import Made
from jobmatch_assets_tests.reports.planted import DAYS, full

Maker = Callable[..., Made]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return full(tmp_path / "gold.duckdb")


def test_its_numbers_are_those_of_the_tables(copy: Copy, make: Maker) -> None:
    text = make(platform_health(copy, DAYS)).text
    levels = dict(
        copy.ask(
            "select event_date::varchar, (mau, wau, stickiness) from platform_health_daily "
            "where platform = '__all__' and event_date in ('2026-03-08', '2026-03-15')"
        )
    )
    (mau, wau, share), (mau_before, wau_before, share_before) = levels["2026-03-15"], levels["2026-03-08"]
    assert f"Active in 28 days {mau} {mau_before} Active in the week {wau} {wau_before}" in text
    assert f"Stickiness {wording.percent(share)} {wording.percent(share_before)}".replace("\xa0", " ") in text
    ((new, new_before, views, views_before),) = copy.ask(
        "select sum(new_units) filter (event_date >= '2026-03-09'), sum(new_units) filter (event_date < '2026-03-09'), "
        "sum(job_views) filter (event_date >= '2026-03-09'), sum(job_views) filter (event_date < '2026-03-09') "
        "from platform_health_daily where platform = '__all__' and event_date <= '2026-03-15'"
    )
    assert f"New users {new} {new_before}" in text
    assert f"Job views {views} {views_before}" in text
    assert "The data were only 7 dates old" in text
    ((users, created, deleted),) = copy.ask(
        "select max_by(users, date), sum(new_registrations), sum(deleted) from users_daily "
        "where role = '__all__' and date between '2026-03-09' and '2026-03-15'"
    )
    assert f"Registered users {users} " in text
    assert f"Registered in the week {created} " in text
    assert f"Deleted in the week {deleted} " in text


def test_newcomers_of_complete_weeks_are_put_together(tmp_path: Path, make: Maker) -> None:
    days = 7 * 11 + 2
    copy = platform_health(full(tmp_path / "ten.duckdb", days), days)
    text = make(copy).text
    (now, before) = copy.ask(
        "select sum(active_units), sum(cohort_size) from (select *, (row_number() over (order by cohort_week desc) - 1) "
        "// 4 as part from retention_weekly where is_complete and weeks_since = 1 and cohort_week > '2026-03-02') "
        "where part < 2 group by part order by part"
    )
    rate = wilson(*now)
    change = difference_of_shares(rate, wilson(*before))
    assert rate is not None
    assert change is not None
    assert f"1 week later 13 April to 10 May 2026 {100 * rate.value:.1f} %" in text
    assert f"n = {now[1]}" in text
    assert f"n = {before[1]}" in text
    assert f"{change.change} +{100 * change.value:.1f} pp" in text
    assert "12 weeks later" not in text


@pytest.mark.parametrize("state", ["no tables", "no rows", "an older table"])
def test_without_its_tables_there_is_no_section(state: str, copy: Copy, make: Maker) -> None:
    if state != "no tables":
        with_tables(copy)
    if state == "an older table":
        platform_health(copy, DAYS).change(
            *("delete from users_daily", "delete from retention_weekly"),
            "alter table platform_health_daily drop column window_days",
        )
    assert "Platform health" not in make(copy).text


def test_without_records_of_users_the_rest_is_told(copy: Copy, make: Maker) -> None:
    text = make(platform_health(copy, DAYS).change("drop table users_daily")).text
    assert "Active in 28 days" in text
    assert "Who is registered" not in text
