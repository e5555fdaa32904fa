"""What a failing dbt test says as an asset check: how many rows, of which dates, and ten of them."""

import datetime as dt

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS
from jobmatch_assets.contracts.gold_tables import FUNNEL_DAILY
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.pipeline.steps.dbt_tests import outcome_of
from jobmatch_assets_tests.bench.outcomes import examples, text
from jobmatch_assets_tests.bench.workbench import SPAN, Workbench


def outcome(warehouse: Workbench, contract: TableContract, test: str) -> CheckOutcome:
    key = CheckKey(TableKey(contract.layer, contract.table), test)
    (result,) = warehouse.platform.dbt.build([test], SPAN)
    with warehouse.platform.open() as session:
        return outcome_of(key, result, session, SPAN)


def test_events_that_are_lost_in_gold_are_found_by_date(warehouse: Workbench) -> None:
    days = {dt.date(2026, 2, 28), dt.date(2026, 3, 2)}
    dates = ", ".join(f"'{day}'" for day in days)
    with warehouse.planted(
        FUNNEL_DAILY, f"update {{t}} set clicks = clicks - 1 where event_date in ({dates})"
    ):
        failed = outcome(warehouse, FUNNEL_DAILY, "funnel_daily_reconciles_with_silver")
    assert (failed.passed, failed.is_error) == (False, True)
    assert failed.dates == failed.held_back == days
    assert failed.metadata["failing rows"] == len(examples(failed)) == 2
    assert "clicks_in_silver" in text(failed, "examples")
    assert "select" in text(failed, "sql")
    assert (failed.description or "").startswith(
        "Check funnel_daily_reconciles_with_silver of gold/funnel_daily found 2 rows, the first: event_date=2026-0"
    )
    passed = outcome(warehouse, FUNNEL_DAILY, "funnel_daily_reconciles_with_silver")
    assert (passed.passed, passed.dates, passed.metadata["failing rows"]) == (True, frozenset(), 0)


def test_of_many_rows_ten_are_shown_with_their_file(warehouse: Workbench) -> None:
    ((files,),) = warehouse.query(
        "select count(distinct (event_date, _source_file, _source_sha256)) from job_matching_silver.events"
    )
    ((of_several_dates,),) = warehouse.query(
        "select count(*) from (select _source_dt, _source_sha256 from job_matching_silver.stg_events "
        "group by all having count(distinct event_date) > 1 and count_if(reason is null) > 0)"
    )
    with warehouse.planted(EVENTS, "delete from {t}"):
        failed = outcome(warehouse, EVENTS, "lines_are_conserved")
    assert failed.metadata["failing rows"] == files + of_several_dates
    assert len(examples(failed)) == 10 < files
    assert all(".ndjson" in example for example in examples(failed))


def test_a_table_by_another_date_names_that(warehouse: Workbench) -> None:
    day = dt.date(2026, 3, 3)
    with warehouse.planted(
        AB_CUMULATIVE_SUMS,
        f"update {{t}} set experiment_units = experiment_units + 1 where as_of_date = '{day}'",
    ):
        failed = outcome(warehouse, AB_CUMULATIVE_SUMS, "ab_cumulative_sums_units_add_up")
    assert failed.dates == {day}
