"""The sections of the market and of revenue say what the copy holds, and are not there where it holds nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.reports import wording
from jobmatch_assets_tests.bench.market import EMPLOYERS, POSTINGS, REVENUE, months_of, postings_of
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.reports.conftest import Made
from jobmatch_assets_tests.reports.planted import DAYS, full

Maker = Callable[..., Made]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return full(tmp_path / "gold.duckdb")


@pytest.fixture
def filled(copy: Copy) -> Copy:
    months_of(copy)
    return postings_of(copy, DAYS)


def test_the_market_is_that_of_the_week(filled: Copy, make: Maker) -> None:
    text = make(filled).text
    whole = "category = '__all__' and country = '__all__' and source = '__all__'"
    ((posted, before),) = filled.ask(
        "select sum(posted) filter (date >= '2026-03-09'), sum(posted) filter (date < '2026-03-09') "
        f"from postings_daily where {whole} and date <= '2026-03-15'"
    )
    assert f"Posted {posted} {before}" in text
    ((now,), (earlier,)) = filled.ask(
        f"select live_postings from postings_daily where {whole} and date in ('2026-03-15', '2026-03-08') "
        "order by date desc"
    )
    assert f"Live postings on Sunday {now} {earlier}" in text
    ((stale,),) = filled.ask(
        f"select stale_postings from postings_daily where {whole} and date = '2026-03-15'"
    )
    assert f"Stale on Sunday {100 * stale / now:.1f} % {stale} of {now}" in text
    assert "closed for another reason" in text


def test_employers_and_each_currency_are_those_of_the_last_month_that_has_ended(
    filled: Copy, make: Maker
) -> None:
    text = make(filled).text
    assert "The last month that had ended by Sunday, February 2026" in text
    assert "Active employers 52 51" in text
    ((rate, n),) = filled.ask(
        "select filled_90d_rate, openings_posted from employers_monthly "
        "where company_id = '__all__' and month_start = '2025-11-01'"
    )
    assert f"Filled within 90 days {100 * rate:.1f} % of {n} openings of November 2025" in text
    for currency, placements, net in filled.ask(
        "select currency, placements, net from revenue_monthly "
        "where company_id = '__all__' and month_start = '2026-02-01'"
    ):
        assert (
            f"{currency} {placements} {wording.amount(float(net), currency)}".replace("\u00a0", " ") in text
        )


@pytest.mark.parametrize("state", ["no tables", "no rows", "older tables"])
def test_without_entities_there_is_no_section(state: str, copy: Copy, make: Maker) -> None:
    if state == "no rows":
        copy.change(POSTINGS, EMPLOYERS, REVENUE)
    if state == "older tables":
        months_of(postings_of(copy, DAYS)).change(
            "alter table postings_daily drop column paused",
            "alter table revenue_monthly drop column overdue",
        )
    text = make(copy).text
    assert "Market" not in text
    assert "Employers and revenue" not in text
