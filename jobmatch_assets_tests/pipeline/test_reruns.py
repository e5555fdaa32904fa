"""The content of silver and gold depends only on the lines that have arrived."""

import datetime as dt
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.golden import GOLDEN
from jobmatch_assets_tests.bench.landings import landed_names
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

LANDING = GOLDEN / "landing"
QUEUES = ("silver", "gold", "experiments")

Contents = dict[str, str]
BenchMaker = Callable[..., Workbench]


def days_of(first: str, last: str) -> list[dt.date]:
    return DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last)).days


def assert_same(bench: Workbench, expected: Contents) -> None:
    contents = bench.contents()
    assert sorted(contents) == sorted(expected)
    assert [table for table in expected if contents[table] != expected[table]] == []
    assert bench.waiting(*QUEUES) == []


def test_a_second_run_finds_nothing_to_do(
    golden: Workbench, golden_contents: Contents, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    bench = golden.copied_to(tmp_path, instance)
    report = bench.run()
    assert not report.dates
    assert bench.bronze() == golden.bronze()
    assert_same(bench, golden_contents)


def test_files_that_were_touched_and_not_changed_are_not_staged_again(
    golden: Workbench, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(golden.landing, landing)
    bench = golden.copied_to(tmp_path, instance, landing)
    report = bench.run()
    assert set(report.partitions) == {"events_raw"}
    assert not bench.run().dates


def test_building_all_dates_again_changes_nothing(golden_copy: Workbench, golden_contents: Contents) -> None:
    bronze = golden_copy.bronze()
    report = golden_copy.run(DateRange(dt.date(2026, 2, 26), dt.date(2026, 3, 4)))
    assert set(report.dates) == {"bronze", "silver", "health", "gold", "weekly", "experiments"}
    assert golden_copy.bronze() == bronze
    assert_same(golden_copy, golden_contents)


def test_a_warehouse_from_scratch_has_the_same_content(
    golden_copy: Workbench, golden_contents: Contents
) -> None:
    golden_copy.warehouse.unlink()
    golden_copy.run()
    assert_same(golden_copy, golden_contents)


@pytest.mark.proof
def test_days_may_be_built_one_by_one_upwards(workbench: BenchMaker, golden_contents: Contents) -> None:
    bench = workbench(LANDING)
    for day in days_of("2026-02-26", "2026-03-04"):
        bench.run(DateRange(day, day))
    assert_same(bench, golden_contents)


@pytest.mark.proof
def test_days_may_be_built_one_by_one_downwards(workbench: BenchMaker, golden_contents: Contents) -> None:
    bench = workbench(LANDING)
    for day in reversed(days_of("2026-02-26", "2026-03-04")):
        bench.run(DateRange(day, day))
    assert_same(bench, golden_contents)


def test_files_may_arrive_in_any_order(workbench: BenchMaker, golden: Workbench) -> None:
    bench = workbench()
    names = landed_names(LANDING)
    random.Random(5).shuffle(names)
    for stage in (names[::4], names[1::4], names[2::4], names[3::4]):
        for name in stage:
            bench.land_copy(LANDING, name)
        bench.run()
    # Of two names of the same bytes, the first to arrive is loaded.
    assert bench.contents(provenance=False) == golden.contents(provenance=False)
    assert bench.waiting(*QUEUES) == []


LATE = (
    '{"event_id":"late","event_name":"search","event_ts":"2026-02-27T10:00:00Z","user_id":"someone-new",'
    '"schema_version":1,"experiment_id":"exp_late","variant":"a"}'
)


def materialized(instance: dg.DagsterInstance, table: str) -> list[tuple[str, str | None]]:
    """(run, partition) of every materialization of an asset."""
    layer, name = table.split("/")
    records = instance.fetch_materializations(dg.AssetKey([layer, name]), limit=1000).records
    return [(record.run_id, record.partition_key) for record in records]


def test_a_late_line_changes_only_the_dates_that_it_touches(golden_copy: Workbench) -> None:
    before = golden_copy.contents_by_date()
    seen = {
        table: set(materialized(golden_copy.instance, table))
        for table in ("silver/events", "gold/funnel_daily")
    }
    golden_copy.land("dt=2026-03-04/late.ndjson", [LATE])
    report = golden_copy.run()
    after = golden_copy.contents_by_date()

    changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    dates = {
        table: sorted(str(date) for changed_table, date in changed if changed_table == table)
        for table in (
            "job_matching_silver.stg_events",
            "job_matching_silver.events",
            "job_matching_gold.funnel_daily",
        )
    }
    assert list(dates.values()) == [["2026-03-04"], ["2026-02-27"], ["2026-02-27"]]
    assert report.built("silver") == [dt.date(2026, 2, 27)]
    built = {
        table: {
            partition
            for run, partition in materialized(golden_copy.instance, table)
            if (run, partition) not in known
        }
        for table, known in seen.items()
    }
    assert built == {"silver/events": {"2026-02-27"}, "gold/funnel_daily": {"2026-02-26", "2026-02-27"}}


def test_a_file_that_is_touched_or_sent_again_under_another_name_changes_nothing(
    golden_copy: Workbench, golden_contents: Contents
) -> None:
    bronze = golden_copy.bronze()
    events = golden_copy.landing / "events"
    (events / "dt=2026-03-03/part-000.ndjson.gz").touch()
    golden_copy.land_copy(LANDING, "02032026_funnel.ndjson").rename(events / "02032026_again.ndjson")
    golden_copy.land_copy(LANDING, "02032026_funnel.ndjson")
    golden_copy.run()
    assert golden_copy.bronze() == bronze
    assert_same(golden_copy, golden_contents)
    assert not golden_copy.run().dates


def test_a_changed_file_under_a_known_name_is_a_new_file(golden_copy: Workbench) -> None:
    golden_copy.land("dt=2026-03-01/empty.ndjson", [LATE])
    golden_copy.run()
    assert golden_copy.query("select count(*) from job_matching_silver.events where event_id = 'late'") == [
        (1,)
    ]


def test_gold_that_is_built_before_its_silver_is_built_again_after_it(golden_copy: Workbench) -> None:
    day = DateRange(dt.date(2026, 2, 27), dt.date(2026, 2, 27))
    golden_copy.land("dt=2026-03-04/late.ndjson", [LATE])
    file_day = DateRange(dt.date(2026, 3, 4), dt.date(2026, 3, 4))
    golden_copy.run_selected('key:"bronze/events_raw" or key:"silver/stg_events"', file_day)
    golden_copy.run_selected("group:gold", DateRange(dt.date(2026, 2, 26), dt.date(2026, 2, 27)))
    stale = golden_copy.contents_by_date()["job_matching_gold.funnel_daily", day.first]

    golden_copy.run()

    assert golden_copy.contents_by_date()["job_matching_gold.funnel_daily", day.first] != stale
    contents = golden_copy.contents()
    golden_copy.warehouse.unlink()
    golden_copy.run()
    assert_same(golden_copy, contents)
