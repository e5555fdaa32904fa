"""What fails a blocking check in one layer is not built any further, in its run and in later ones."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from jobmatch_assets.checks import contract as contract_check
from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline import data_checks
from jobmatch_assets.warehouse.control.findings import FailingCheck
from jobmatch_assets_tests.bench.events import line, stamped
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)


def search(event_id: str, date: dt.date) -> str:
    return line(event_id, date, **stamped(("exp_rank", "control")))


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    for date in (FIRST, SECOND):
        bench.land(f"dt={date}/a.ndjson", [search(f"a-{date}", date)])
    return bench


def searches(bench: Workbench) -> dict[dt.date, int]:
    rows = bench.query(
        "select event_date, searches from job_matching_gold.funnel_daily "
        "where platform = '__all__' and surface = '__all__'"
    )
    return dict(rows)


def sums(bench: Workbench) -> list[tuple[object, ...]]:
    return bench.query("select distinct as_of_date from job_matching_gold.ab_cumulative_sums order by all")


def failing(bench: Workbench) -> list[tuple[object, ...]]:
    return bench.query(
        "select asset, check_name, partition_date, is_blocking from job_matching_bronze.failing_checks "
        "where is_blocking order by all"
    )


def try_run_with(bench: Workbench, table: str, statement: str) -> RunReport:
    """A run in which something changes a table just before its contract is looked at."""

    def matches_contract_after_change(contract: TableContract) -> Check:
        check = contract_check.matches_contract(contract)

        def run(look: Look) -> CheckOutcome:
            if contract.table == table:
                look.backend.raw_sql(statement)
            return check.run(look)

        return replace(check, run=run)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_checks, "matches_contract", matches_contract_after_change)
        return bench.try_run()


def test_a_bad_row_in_bronze_stops_its_day_before_staging(bench: Workbench) -> None:
    table = "job_matching_bronze.events_raw"
    report = try_run_with(
        bench, "events_raw", f"update {table} set raw_form = 'utf16' where _source_dt = '{SECOND}'"
    )
    (problem,) = report.problems
    assert (
        "matches_contract of bronze/events_raw found 1 rows on 2026-03-02 that break raw_form_is_known"
        in problem
    )
    assert f"dt={SECOND}/a.ndjson:1" in problem
    assert failing(bench) == [("bronze/events_raw", "matches_contract", SECOND, True)]
    assert bench.query("select distinct _source_dt from job_matching_silver.stg_events") == [(FIRST,)]
    assert searches(bench) == {FIRST: 1}
    assert not bench.work(), "what is held back is nothing to do"

    bench.query(f"update {table} set raw_form = 'text'")
    bench.land(f"dt={SECOND}/b.ndjson", [search("b", SECOND)])
    bench.run()
    assert failing(bench) == []
    assert searches(bench) == {FIRST: 1, SECOND: 2}


def test_a_bad_row_of_the_funnel_does_not_stop_the_experiments(bench: Workbench) -> None:
    report = try_run_with(
        bench,
        "funnel_daily",
        f"update job_matching_gold.funnel_daily set job_views = -1 where event_date = '{FIRST}'",
    )
    daily, weekly = report.problems
    assert "matches_contract of gold/funnel_daily" in daily
    assert "counts_are_not_negative" in daily
    assert "funnel_weekly_agrees_with_days" in weekly
    assert FIRST in report.built("gold")
    assert failing(bench) == [
        ("gold/funnel_daily", "matches_contract", FIRST, True),
        ("gold/funnel_weekly", "funnel_weekly_agrees_with_days", dt.date(2026, 2, 23), True),
    ]
    assert sums(bench) == [(FIRST,), (SECOND,)]
    assert not bench.work()

    bench.run(DateRange(FIRST, FIRST))
    assert failing(bench) == []


def test_bad_units_stop_the_experiments_that_read_them(bench: Workbench) -> None:
    bench.run()
    units, name = "silver/ab_units_daily", "ab_units_daily_counts_are_not_negative"
    bench.prepared().findings.note(
        [CheckKey(TableKey.of(units), name)],
        [SECOND],
        [FailingCheck("gold", units, name, SECOND, True, "clicks are negative")],
    )
    before = bench.query("select * from job_matching_gold.ab_cumulative_sums order by all")
    # The day before a date is built again with it.
    third = SECOND + dt.timedelta(days=2)
    bench.land(f"dt={FIRST}/late.ndjson", [search("late", FIRST)])
    bench.land(f"dt={third}/a.ndjson", [search("third", third)])
    bench.try_run()
    assert searches(bench) == {FIRST: 2, SECOND: 1, third: 1}
    assert bench.query("select * from job_matching_gold.ab_cumulative_sums order by all") == before
    assert not bench.work(), "what is held back is nothing to do"

    bench.run(DateRange(SECOND, SECOND))
    assert failing(bench) == []
    assert {FIRST, SECOND, third} <= {date for (date,) in sums(bench)}
    contents = bench.contents()
    bench.warehouse.unlink()
    bench.run()
    assert bench.contents() == contents
