"""The page of employers and revenue in a browser: what it draws is what SQL says of the copy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.market import EMPLOYERS, REVENUE, months_of
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]

OF_ALL = "from employers_monthly where company_id = '__all__'"


def of_euro(columns: str) -> str:
    return (
        f"select {columns} from revenue_monthly where company_id = '__all__' and currency = 'EUR' "
        "and month_start >= '2025-04-01' order by month_start"
    )


@pytest.fixture
def months(copy: Copy) -> Copy:
    """To March 2026, which is not complete."""
    return months_of(copy).change(
        "insert into publication select '2026-03-29 05:00:00+00', 'run', '2026-01-01', '2026-03-28', "
        "'2026-03-28 23:00:00+00', '2026-03-27'"
    )


def test_months_stand_at_their_names_and_the_last_is_hollow(
    months: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(months) / "revenue.html") as seen:
        rows = seen.rows("employers")
        shown = [row["month"] for row in rows if row["series"] == "active"]
        ticks = seen.page.locator("#chart-employers svg .role-axis-label text").all_text_contents()
        hollow = seen.page.locator("#chart-employers svg .mark-symbol path[fill='#ffffff']").count()
        pressed = seen.text("#controls button[aria-pressed=true]")
    assert shown == [
        *("Apr 2025", "May 2025", "Jun 2025", "Jul 2025", "Aug 2025", "Sep 2025"),
        *("Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026"),
    ]
    assert {text for text in ticks if not text.isdigit()} <= set(shown)
    assert "Apr 2025" in ticks
    assert [row["month"] for row in rows if row["incomplete"]] == ["Mar 2026"] * 3
    assert hollow == 3
    assert pressed == "Last 12 months"


def test_numbers_of_employers_are_those_of_all_companies(
    months: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(months) / "revenue.html", "#from=2025-02-01&to=2026-03-31") as seen:
        for chart, column in (
            ("employers", "active_employers"),
            ("repeat_share", "repeat_share"),
            ("openings", "openings_posted"),
            ("applications", "applications"),
            ("per_opening", "applications_per_opening"),
            ("response", "median_hours_to_response"),
        ):
            drawn = [(row["value"],) for row in seen.rows(chart)][:14]
            assert drawn == months.ask(f"select {column} {OF_ALL} order by month_start"), chart
        tile = seen.text("#tile-active_employers")
    assert tile.split("\n\n")[1:] == ["52", "Feb 2026", "+2.0 % against Jan 2026"]


def test_openings_have_a_rate_once_their_month_is_mature(
    months: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(months) / "revenue.html") as seen:
        filled, tile, notes = (
            seen.rows("filled"),
            seen.text("#tile-filled_90d_rate"),
            seen.text("#chart-filled .notes"),
        )
    expected = months.ask(
        f"select filled_90d_rate, openings_posted {OF_ALL} and month_start >= '2025-04-01' order by month_start"
    )
    assert [(row["value"], row["n"]) for row in filled] == expected
    assert "Not known yet: Dec 2025, Jan 2026, Feb 2026, Mar 2026." in notes
    assert "Nov 2025" in tile
    assert f"{100 * expected[7][0]:.1f} %" in tile
    assert f"n = {expected[7][1]} openings of the month" in tile


def test_when_no_month_is_mature_the_page_says_so(months: Copy, built: Build, browser: Browser) -> None:
    months.change("update employers_monthly set filled_90d = null, filled_90d_rate = null")
    with opened(browser, built(months) / "revenue.html") as seen:
        assert "90 days must have passed" in seen.text("#chart-filled .message")
        assert seen.text("#tile-filled_90d_rate .value") == "–"


def test_amounts_are_of_the_currency_with_most_placements_until_another_is_chosen(
    months: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(months) / "revenue.html") as seen:
        options = seen.page.locator("#choose-currency option").all_inner_texts()
        assert seen.js("jobmatch.page.state.filters.currency") == "EUR"
        net, tile = seen.rows("invoiced"), seen.text("#tile-net")
        assert "In EUR." in seen.text("#chart-owed .notes")
        seen.page.select_option("#choose-currency", value="CHF")
        seen.settle()
        assert seen.js("location.hash") == "#currency=CHF"
        assert "In CHF." in seen.text("#chart-owed .notes")
        assert {row["currency"] for row in seen.rows("paid")} == {"CHF"}
    assert options == ["(none)", "CHF", "EUR", "USD"]
    expected = [(float(value),) for (value,) in months.ask(of_euro("net"))]
    assert [(row["value"],) for row in net if row["series"] == "net"] == expected
    assert f"{expected[10][0]:,.0f} EUR\n\nFeb 2026" in tile


def test_no_number_is_over_several_currencies(months: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(months) / "revenue.html") as seen:
        rows, all_months = seen.rows("currencies"), seen.rows("revenue_months")
    expected = months.ask(
        "select currency, net::double, outstanding::double from revenue_monthly "
        "where company_id = '__all__' and month_start = '2026-03-01' order by currency = '(none)', currency"
    )
    assert [(row["currency"], row["net"], row["outstanding"]) for row in rows] == expected
    assert len(all_months) == 12
    assert {row["currency"] for row in all_months} == {"EUR"}


def test_a_month_without_a_row_is_0_between_others_and_not_known_outside(
    months: Copy, built: Build, browser: Browser
) -> None:
    months.change("delete from revenue_monthly where currency = 'EUR' and month_start = '2025-10-01'")
    with opened(browser, built(months) / "revenue.html") as seen:
        paid = {row["month"]: row["value"] for row in seen.rows("paid")}
    assert paid["Oct 2025"] == 0
    assert paid["Sep 2025"] > 0


def test_one_currency_is_shown_without_a_choice(months: Copy, built: Build, browser: Browser) -> None:
    months.change("delete from revenue_monthly where currency <> '(none)'")
    with opened(browser, built(months) / "revenue.html") as seen:
        assert seen.js("jobmatch.page.state.filters.currency") == "(none)"
        assert "In (none)." in seen.text("#chart-paid .notes")
        assert [row["currency"] for row in seen.rows("currencies")] == ["(none)"]


def test_companies_are_not_carried_and_a_phone_shows_all(
    months: Copy, built: Build, browser: Browser
) -> None:
    page = built(months) / "revenue.html"
    assert "acme" not in page.read_text()
    with opened(browser, page, viewport=PHONE) as seen:
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("statements", [(EMPLOYERS, REVENUE), ("create table other (x int)",)])
def test_without_entities_the_page_says_what_to_send(
    copy: Copy, built: Build, browser: Browser, statements: tuple[str, ...]
) -> None:
    copy.change(*statements).publication(14)
    with opened(browser, built(copy) / "revenue.html") as seen:
        for part in ("#chart-openings .message", "#chart-employer_months .message"):
            assert "made of entities (job, application)" in seen.text(part)
        for part in ("#chart-owed .message", "#chart-currencies .message"):
            assert "made of entities (placement, timesheet, invoice)" in seen.text(part)
        assert "There are no rows in revenue_monthly yet" in seen.text("#tile-net")


def test_employers_are_shown_where_there_is_no_invoice(months: Copy, built: Build, browser: Browser) -> None:
    months.change("drop table revenue_monthly")
    with opened(browser, built(months) / "revenue.html") as seen:
        assert len(seen.rows("employers")) == 36
        assert "made of entities" in seen.text("#chart-invoiced .message")
