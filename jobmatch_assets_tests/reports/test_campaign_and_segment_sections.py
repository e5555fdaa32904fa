"""The sections of campaigns and of segments say what the copy holds, and are not there where it holds nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.reports import wording
from jobmatch_assets_tests.bench.campaigns import with_campaigns, with_tables
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.bench.published_segments import with_segments, with_shapes
from jobmatch_assets_tests.reports.conftest import Made
from jobmatch_assets_tests.reports.planted import DAYS, full

Maker = Callable[..., Made]

WEEK = "2026-W11"
IN_WEEK = "event_date between '2026-03-09' and '2026-03-15'"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return full(tmp_path / "gold.duckdb")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_each_currency_has_its_costs_beside_those_of_the_week_before(copy: Copy, make: Maker) -> None:
    text = make(with_campaigns(copy), WEEK).text
    for currency in ("EUR", "GBP"):
        ((now, before),) = copy.ask(
            "select sum(spend_hour) filter (event_date >= '2026-03-09'), "
            "sum(spend_hour) filter (event_date < '2026-03-09') from job_spend_hourly "
            f"where campaign_id <> 0 and currency = '{currency}' and event_date <= '2026-03-15'"
        )
        assert plain(f"{currency} {wording.amount(now, currency)} {wording.amount(before, currency)}") in text
    # Campaign 3 alone bids in GBP, and has the clicks, applications and spend of its own rows only.
    ((spend, clicks, applications),) = copy.ask(
        f"select sum(spend), sum(clicks), sum(conversion) from campaign_daily where campaign_id = 3 and {IN_WEEK}"
    )
    for n in (clicks, applications):
        assert plain(wording.amount(float(spend) / float(n), "GBP")) in text


def test_what_is_bid_in_several_currencies_is_in_the_spend_of_each_and_in_no_cost(
    copy: Copy, make: Maker
) -> None:
    text = make(with_campaigns(copy), "2026-W10").text
    assert "(mixed)" not in text
    for currency in ("EUR", "GBP"):
        ((spend,),) = copy.ask(
            "select sum(spend_hour) from job_spend_hourly where event_date < '2026-03-09' "
            f"and campaign_id <> 0 and currency = '{currency}'"
        )
        assert plain(wording.amount(spend, currency)) in text


def test_budgets_are_those_of_sunday_and_the_furthest_come_first(copy: Copy, make: Maker) -> None:
    text = make(with_campaigns(copy), WEEK).text
    assert "Of 3 budgets on Sunday, 1 are used up, 1 go too fast" in text
    assert "1 too slowly" in text
    furthest = text.partition("Budgets that are furthest")[2]
    assert furthest.index("1 10.00 EUR") < furthest.index("2 20.00 EUR") < furthest.index("3 40.00 GBP")
    assert "150.0 % 50.0 %" in furthest or "150.0 % used up" in furthest


def test_users_jobs_and_companies_are_counted_by_segment_on_sunday(copy: Copy, make: Maker) -> None:
    text = make(with_segments(copy, DAYS), WEEK).text
    ((now, before, came, went),) = copy.ask(
        "select sum(units) filter (date = '2026-03-15'), sum(units) filter (date = '2026-03-08'), "
        "sum(entered) filter (date between '2026-03-09' and '2026-03-15'), "
        "sum(\"left\") filter (date between '2026-03-09' and '2026-03-15') "
        "from user_segments_daily where segment = 'regular'"
    )
    assert f"regular {now} {before} {came} {went}" in text
    assert "good 2 40.0 % 2 40.0 %" in text
    assert "silent 1 25.0 % 1 25.0 %" in text


@pytest.mark.parametrize("state", ["no tables", "no rows", "older tables"])
def test_without_entities_there_is_no_section(state: str, copy: Copy, make: Maker) -> None:
    if state == "no rows":
        with_shapes(with_tables(copy))
    if state == "older tables":
        with_campaigns(with_segments(copy, DAYS)).change(
            "alter table campaign_daily drop column pacing",
            "alter table company_mart_history drop column valid_to",
        )
    text = make(copy, WEEK).text
    assert "Costs by currency" not in text
    assert "Users by segment" not in text
