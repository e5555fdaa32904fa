"""What the page of an asset shows of its last build: rows by partition, and a few of the newest rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.contracts.personal import PERSONAL_COLUMNS
from jobmatch_assets.orchestration.asset_events import as_events, asset_key
from jobmatch_assets.pipeline.preview import MOST_ROWS, preview_of
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.step_events import PREVIEW, ROW_COUNT, TableBuilt
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

MARKUP = "<b>*bold*</b> | [a](javascript:alert(1))\n# head \x1b[1m"
SOME_DAY = dt.date(2026, 3, 1)


def materializations(bench: Workbench, table: TableKey) -> list[dg.AssetMaterialization]:
    """Of the last run, newest first."""
    records = bench.instance.fetch_materializations(asset_key(table), limit=100).records
    found = [record.asset_materialization for record in records if record.run_id == records[0].run_id]
    return [event for event in found if event is not None]


def rows_shown(event: dg.AssetMaterialization) -> list[dict[str, object]]:
    value = event.metadata[PREVIEW]
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


def gold(bench: Workbench) -> list[TableKey]:
    """Tables of gold that are made of events, which are all that the golden set has."""
    plan = bench.platform.plan
    found = [table.key for table in plan.tables.values() if plan.feeds_of(table.name) == {EVENTS}]
    return [key for key in found if key.layer == "gold"]


def test_each_gold_table_shows_its_newest_rows_once_a_run(golden: Workbench) -> None:
    for table in gold(golden):
        planned = golden.platform.plan.named(table.name)
        if golden.platform.plan.feeds_of(table.name) != {EVENTS} or not planned.previewed:
            continue
        newest, *others = materializations(golden, table)
        assert 1 <= len(rows_shown(newest)) <= MOST_ROWS
        assert not any(PREVIEW in event.metadata for event in others)
        column = planned.contract.date_column
        if column is None:
            continue
        ((date,),) = golden.query(f"select max({column}) from job_matching_gold.{table.name}")
        assert {row[str(column)] for row in rows_shown(newest)} == {str(date)}


def test_no_table_of_another_layer_shows_rows(golden: Workbench) -> None:
    for table in golden.platform.plan.tables.values():
        if table.key.layer != "gold":
            assert not any(PREVIEW in event.metadata for event in materializations(golden, table.key))


@pytest.mark.parametrize("name", ["events", "events_quarantine", "ab_units_daily", "stg_events"])
def test_a_preview_shows_no_personal_column(name: str, golden: Workbench) -> None:
    table = replace(golden.platform.plan.named(name), previewed=True)
    has = {column.name for column in columns_of(table.contract, golden.platform.dbt.manifest)}
    assert has & PERSONAL_COLUMNS
    with golden.platform.open() as session:
        (first, *_) = preview_of(session, table, dt.date(2026, 2, 28))
    assert set(first) == has - PERSONAL_COLUMNS


def test_columns_by_which_people_are_counted_are_personal(golden: Workbench) -> None:
    grain = golden.platform.plan.named("ab_units_daily").contract.grain
    assert set(grain) & PERSONAL_COLUMNS == {"unit_id"}


def test_a_day_of_files_tells_the_event_dates_of_its_lines(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    next_day = SOME_DAY + dt.timedelta(days=1)
    unreadable = line("3", SOME_DAY, event_ts="yesterday")
    bench.land(f"dt={next_day}/a.ndjson", [line("1", SOME_DAY), line("2", next_day), unreadable])
    bench.run()
    told = {
        event.partition: event.metadata.get("event dates")
        for event in materializations(bench, TableKey("silver", "stg_events"))
    }
    assert told[str(next_day)] == dg.TextMetadataValue(f"{SOME_DAY}, {next_day}")


def test_what_a_file_calls_something_is_shown_as_text(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    bench.land(f"dt={SOME_DAY}/a.ndjson", [line("1", SOME_DAY, experiment_id=MARKUP, variant="control")])
    bench.run()
    newest, *_ = materializations(bench, TableKey("gold", "ab_metrics_daily"))
    (row,) = rows_shown(newest)
    assert row["experiment_id"] == "<b>*bold*</b> | [a](javascript:alert(1)) # head \\x1b[1m"
    assert row["apply_per_click_user_level"] == ""


def test_rows_are_counted_by_partition_where_there_are_any() -> None:
    table = TableKey("gold", "some_table")
    (whole,) = as_events(TableBuilt(table, None, {ROW_COUNT: 3}))
    (dated,) = as_events(TableBuilt(table, {SOME_DAY: {ROW_COUNT: 2}}, {}))
    assert {name: value.value for name, value in whole.metadata.items()} == {"dagster/row_count": 3}
    assert {name: value.value for name, value in dated.metadata.items()} == {"dagster/partition_row_count": 2}


def test_a_build_without_rows_shows_none(golden: Workbench) -> None:
    with golden.platform.open() as session:
        assert shown_of(session, dt.date(2019, 1, 1)) == ()


def shown_of(session: Session, date: dt.date) -> tuple[dict[str, str], ...]:
    return preview_of(session, session.plan.named("funnel_daily"), date)
