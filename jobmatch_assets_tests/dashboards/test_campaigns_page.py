"""The campaign desk in a browser: what it draws is what SQL says of the copy, and currencies are never added up."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.campaigns import LONG, with_campaigns, with_tables
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.dashboards.test_build import data_of

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]
PAGE = "campaigns.html"
WEEK = "#from=2026-03-09&to=2026-03-15"

COSTS = """
    with carried as (
        select *, last_value(currency ignore nulls) over (partition by campaign_id order by event_date) as in_currency
        from campaign_daily
    )
    select in_currency, sum(clicks)::bigint, sum(conversion)::bigint, sum(qualified_application)::bigint, sum(spend)::double
    from carried where event_date between {} and in_currency in ('EUR', 'GBP') group by all order by all
"""


@pytest.fixture
def campaigns(copy: Copy) -> Copy:
    return with_campaigns(copy)


def test_spend_is_that_of_the_ledger_by_date_and_currency(
    campaigns: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(campaigns) / PAGE) as seen:
        drawn = {(row["panel"], row["day"]): row["value"] for row in seen.rows("spend_by_date")}
        tile = seen.text("#tile-spend")
    expected = campaigns.ask(
        "select currency, event_date::varchar, sum(spend_hour)::double from job_spend_hourly "
        "where campaign_id <> 0 group by all"
    )
    assert drawn == {(currency, day): spend for currency, day, spend in expected}
    totals = {"EUR": 0.0, "GBP": 0.0}
    for currency, _, spend in expected:
        totals[currency] += spend
    assert f"{totals['EUR']:.2f} EUR" in tile
    assert f"and {totals['GBP']:.2f}\u00a0GBP" in tile


def test_costs_are_quotients_of_sums_of_one_currency(campaigns: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(campaigns) / PAGE, WEEK) as seen:
        rows = {row["currency"]: row for row in seen.rows("by_currency")}
        rolling = seen.rows("cpa_by_date")
        tile = seen.text("#tile-cpa")
    expected = campaigns.ask(COSTS.format("'2026-03-09' and '2026-03-15'"))
    assert [row[0] for row in expected] == ["EUR", "GBP"]
    for currency, clicks, applications, qualified, spend in expected:
        row = rows[currency]
        found = (row["clicks"], row["conversion"], row["qualified_application"])
        assert found == (clicks, applications, qualified)
        assert (row["cpc"], row["cpa"]) == pytest.approx((spend / clicks, spend / applications))
        assert row["cpqa"] == pytest.approx(spend / qualified)
        (last,) = [of for of in rolling if (of["panel"], of["day"]) == (currency, "2026-03-15")]
        assert (last["value"], last["n"]) == (pytest.approx(spend / applications), applications)
    assert f"n = {expected[0][2]} applications" in tile


def test_what_has_no_single_currency_is_counted_apart(
    campaigns: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(campaigns) / PAGE) as seen:
        rows = {row["currency"]: row for row in seen.rows("by_currency")}
    assert list(rows) == ["EUR", "GBP", "several on one date", "no bid yet"]
    assert rows["several on one date"]["clicks"] == 4
    assert rows["several on one date"]["spend"] is None
    assert "cpa" not in rows["no bid yet"]
    assert (
        sum(row["conversion"] for row in rows.values())
        == campaigns.ask("select sum(conversion)::bigint from campaign_daily")[0][0]
    )


def test_a_cost_needs_seven_days_and_is_a_gap_before(campaigns: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(campaigns) / PAGE) as seen:
        rows = [row for row in seen.rows("cpc_by_date") if row["panel"] == "EUR"]
    assert [row["value"] is None for row in rows] == [True] * 6 + [False] * 8


def test_budgets_are_those_of_the_last_date(campaigns: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(campaigns) / PAGE, WEEK) as seen:
        rows, drawn = seen.rows("all_budgets"), seen.rows("pace")
        tiles = {name: seen.text(f"#tile-{name}") for name in ("used_up", "too_fast", "too_slow")}
        after, notes = seen.text("#tile-spend_after_exhausted"), seen.text("#chart-all_budgets .notes")
    running = [row["campaign_id"] for row in rows if row["event_date"] == "2026-03-15"]
    assert (running, [row["campaign_id"] for row in drawn]) == ([1, 2, 3], [1, 2, 3])
    assert [(row["campaign_id"], row["event_date"]) for row in rows[3:]] == [(6, "2026-03-11")]
    assert [row["used"] for row in drawn] == pytest.approx([1.5, 0.6, 0.2])
    assert rows[0]["used_up"] == "2 Mar 2026, 09:30 UTC"
    assert [row["others"] for row in rows[:3]] == [None, None, "yes, not counted"]
    for text in tiles.values():
        assert re.search(r"\n1\n", text)
        assert "n = 3 budgets" in text
        assert "at the close of 15 Mar 2026" in text
    assert "5.00 EUR" in after
    assert "Campaigns without a known budget: 2." in notes


def test_clicks_that_repeat_are_a_share_of_those_of_campaigns(
    campaigns: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(campaigns) / PAGE) as seen:
        repeats, without = seen.rows("repeats"), seen.rows("without_bid")
        spent = {(row["panel"], row["day"]): row["value"] for row in seen.rows("repeat_spend_by_date")}
    expected = campaigns.ask(
        "select sum(repeat_clicks)::bigint, sum(clicks_without_bid)::bigint, sum(clicks)::bigint "
        "from job_performance_hourly where campaign_id <> 0 group by event_date order by event_date"
    )
    assert [(row["hits"], row["n"]) for row in repeats] == [(row[0], row[2]) for row in expected]
    assert [row["value"] for row in without] == pytest.approx([row[1] / row[2] for row in expected])
    assert spent["GBP", "2026-03-07"] == 0.75
    assert spent["GBP", "2026-03-08"] == 0


def test_a_currency_that_is_chosen_is_the_only_one(campaigns: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(campaigns) / PAGE, "#currency=GBP") as seen:
        assert {row["panel"] for row in seen.rows("spend_by_date")} == {"GBP"}
        assert [row["currency"] for row in seen.rows("by_currency")] == ["GBP"]
        assert [row["campaign_id"] for row in seen.rows("all_budgets")] == [3]
        assert "GBP" in seen.text("#tile-spend")
        assert "EUR" not in seen.text("#tile-spend")


def test_several_currencies_at_once_are_none(campaigns: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(campaigns) / PAGE, "#currency=(mixed)") as seen:
        assert seen.text("#tile-spend .value") == "–"
        assert seen.rows("spend_by_date") == []


def test_names_are_text_and_leave_room_on_a_phone(campaigns: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(campaigns) / PAGE, viewport=PHONE) as seen:
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
        assert f"1 · {LONG}".strip() in " ".join(seen.page.locator("#chart-all_budgets").all_text_contents())
        assert seen.page.locator("#chart-all_budgets b").count() == 0


def test_without_files_of_entities_the_page_says_what_to_land(
    copy: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(copy.publication(3)) / PAGE) as seen:
        for message in seen.page.locator("figure.chart p.message").all_inner_texts():
            assert "files of campaigns and jobs have landed" in message
        assert "land them" in seen.text("#tile-spend")
        assert "land them" in seen.text("#tile-repeat_share")


def test_tables_without_a_row_say_what_brings_one(copy: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(with_tables(copy).publication(3)) / PAGE) as seen:
        assert "No campaign has a row yet" in seen.text("#chart-spend_by_date .message")


def test_campaigns_without_bids_and_budgets_say_so(campaigns: Copy, built: Build, browser: Browser) -> None:
    campaigns.change("delete from job_spend_hourly", "delete from campaign_daily where campaign_id <> 5")
    with opened(browser, built(campaigns) / PAGE) as seen:
        assert "No click of a campaign carries a bid." in seen.text("#tile-cpc")
        assert "No campaign has a budget" in seen.text("#chart-pace .message")
        assert [row["currency"] for row in seen.rows("by_currency")] == ["no bid yet"]


def test_a_page_carries_sums_and_newest_rows_only(campaigns: Copy, built: Build) -> None:
    tables = data_of(built(campaigns) / PAGE)["tables"]
    assert tables["job_performance_hourly"]["rows"] == 14
    assert tables["budgets"]["rows"] == 6
    assert tables["budgets"]["left_out"] == 0
    assert tables["dim_campaign"]["rows"] == 2
