"""A line that is lost or counted twice stops the build of what depends on it."""

import datetime as dt
from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.workbench import Workbench

DAY = dt.date(2026, 3, 2)
FILE = "dt=2026-03-02/a.ndjson"
LINES = [
    f'{{"event_id":"e{n}","event_name":"search","event_ts":"2026-03-02T10:00:0{n}Z","user_id":"u"}}'
    for n in range(3)
]


@pytest.fixture
def built(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    bench.land(FILE, LINES)
    bench.land("dt=2026-03-02/b.ndjson", ["{}", *LINES[:1]])
    build(bench)
    return bench


def check(bench: Workbench, test: str) -> list[dict[str, object]]:
    """The rows that a dbt test of the built warehouse fails with."""
    project = DbtProject(bench.settings)
    (result,) = project.build([test], [DAY])
    assert result.failures == 0 or result.status == "fail"
    names = [row[0] for row in bench.query(f"describe {result.sql}")]
    rows = [dict(zip(names, row, strict=True)) for row in bench.query(result.sql)]
    assert len(rows) == result.failures
    return rows


@pytest.mark.parametrize("test", ["lines_are_staged", "lines_are_conserved"])
def test_a_sound_warehouse_passes(built: Workbench, test: str) -> None:
    assert check(built, test) == []


SECOND_LINE = f"where _source_file = '{FILE}' and _source_line = 2"
BRONZE, STAGED, EVENTS = (
    "job_matching_bronze.events_raw",
    "job_matching_silver.stg_events",
    "job_matching_silver.events",
)


@pytest.mark.parametrize(
    ("table", "change", "counts"),
    [
        (BRONZE, "delete", {"loaded_lines": 3, "bronze_lines": 2, "staged_lines": 3}),
        (BRONZE, "double", {"loaded_lines": 3, "bronze_lines": 4, "staged_lines": 3}),
        (STAGED, "delete", {"loaded_lines": 3, "bronze_lines": 3, "staged_lines": 2}),
        (STAGED, "double", {"loaded_lines": 3, "bronze_lines": 3, "staged_lines": 4}),
    ],
)
def test_a_line_that_is_lost_or_doubled_before_silver_is_found(
    built: Workbench, table: str, change: str, counts: dict[str, int]
) -> None:
    plant(built, table, change)
    assert check(built, "lines_are_staged") == [{"_source_dt": DAY, "source_file": FILE} | counts]


@pytest.mark.parametrize("change", ["delete", "double"])
def test_a_row_that_is_lost_or_doubled_in_silver_is_found(built: Workbench, change: str) -> None:
    plant(built, EVENTS, change)
    (row,) = check(built, "lines_are_conserved")
    kept = {"event_date": DAY, "_source_file": FILE, "staged_lines": 3, "events_quarantine": 0}
    assert kept.items() <= row.items()
    assert row["events"] + row["events_duplicates"] == 3 + (-1 if change == "delete" else 1)


def plant(bench: Workbench, table: str, change: str) -> None:
    if change == "delete":
        bench.query(f"delete from {table} {SECOND_LINE}")
    else:
        bench.query(f"insert into {table} select * from {table} {SECOND_LINE}")


def test_lost_lines_fail_the_run_and_nothing_is_built_from_the_others(built: Workbench) -> None:
    bench = built
    plant(bench, BRONZE, "delete")
    before = bench.contents()
    bench.land(
        "dt=2026-03-02/late.ndjson",
        ['{"event_id":"x","event_name":"search","event_ts":"2026-03-02T11:00:00Z","user_id":"u"}'],
    )

    report = bench.try_run()

    assert set(report.dates) == {"bronze"}
    assert not report.succeeded
    assert any("lines_are_staged" in problem for problem in report.problems)
    assert any(FILE in problem for problem in report.problems)
    after = bench.contents()
    assert {table for table in before if before[table] != after[table]} == {STAGED}
    records = bench.instance.get_latest_asset_check_evaluation_record
    record = records(dg.AssetCheckKey(dg.AssetKey(["silver", "stg_events"]), "lines_are_staged"))
    assert record is not None
    assert record.event.dagster_event.event_specific_data.passed is False
