"""Files and events of days that have no partition: outside, waiting, or built by an earlier version."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.settings import Settings, SettingsError
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

TODAY = dt.datetime.now(dt.UTC).date()


def gold_dates(bench: Workbench) -> list[str]:
    rows = bench.query(
        "select event_date from job_matching_gold.funnel_daily union "
        "select as_of_date from job_matching_gold.ab_cumulative_sums order by all"
    )
    return [str(date) for (date,) in rows]


@pytest.mark.parametrize("day", ["9999-12-31", "2099-01-01", str(TODAY + dt.timedelta(days=2))])
def test_a_file_of_a_day_after_the_last_partition_stays_where_it_is(
    day: str, workbench: Callable[..., Workbench]
) -> None:
    bench = workbench()
    bench.land(f"dt={day}/poison.ndjson", [unit_line("p", day, "b")])
    bench.land("dt=2026-03-01/a.ndjson", [unit_line("a", "2026-03-01", "b")])
    assert bench.run().built("experiments") == [dt.date(2026, 3, 1)]
    assert bench.query("select distinct _source_file from job_matching_bronze.events_raw") == [
        ("dt=2026-03-01/a.ndjson",)
    ]
    assert not bench.work()


def test_a_file_of_the_day_before_the_first_partition_is_loaded(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    bench = Workbench(tmp_path, instance, JOBMATCH_PARTITIONS_START="2026-03-02")
    before = [unit_line("a", "2026-03-02"), unit_line("b", "2026-03-01"), "{"]
    bench.land("dt=2026-03-01/a.ndjson", before)
    bench.land("dt=2026-02-28/a.ndjson", before)
    report = bench.run()
    assert report.built("silver") == [dt.date(2026, 3, 2)]
    assert not report.built("bronze"), "that day has no partition"
    quarantined = "select event_date, reason from job_matching_silver.events_quarantine order by all"
    first = dt.date(2026, 3, 2)
    assert bench.query(quarantined) == [(first, "event_ts_too_old"), (first, "not_json")]
    assert bench.query("select event_id from job_matching_silver.events") == [("a",)]
    # Who materializes the first partition brings that day along.
    bench.warehouse.unlink()
    for selection in (
        'key:"bronze/events_raw" or key:"silver/stg_events"',
        'key:"silver/events" or key:"silver/events_duplicates"',
    ):
        bench.run_selected(selection, DateRange(first, first))
    assert bench.query("select event_id from job_matching_silver.events") == [("a",)]


def test_an_event_of_the_day_after_the_last_partition_waits_for_it(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    bench = Workbench(tmp_path, instance, JOBMATCH_PARTITIONS_END="2026-03-02")
    bench.land(
        "dt=2026-03-02/a.ndjson", [unit_line("a", "2026-03-02", "b"), unit_line("b", "2026-03-03", "b")]
    )
    bench.run()
    assert gold_dates(bench) == ["2026-03-02"]
    assert bench.work().without_partition == {dt.date(2026, 3, 3)}
    assert not bench.work()
    assert not bench.run().dates

    later = Workbench(tmp_path, instance, JOBMATCH_PARTITIONS_END="2026-03-03")
    assert later.work()
    later.run()
    assert gold_dates(later) == ["2026-03-02", "2026-03-03"]
    assert later.waiting("silver", "gold", "experiments") == []
    contents = later.contents()
    later.warehouse.unlink()
    later.run()
    assert later.contents() == contents


def test_rows_that_an_earlier_version_built_after_the_last_partition_go_and_come_back(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    far = Workbench(tmp_path, instance, JOBMATCH_PARTITIONS_END="2026-06-01")
    far.land(
        "dt=2026-03-01/a.ndjson", [unit_line("a", "2026-03-01", "b"), unit_line("c", "2026-03-02", "control")]
    )
    far.land("dt=2026-05-20/poison.ndjson", [unit_line("p", "2026-05-20", "b"), "{"])
    far.run()
    assert gold_dates(far)[-1] == "2026-05-20"

    near = Workbench(tmp_path, instance, JOBMATCH_PARTITIONS_END="2026-03-05")
    near.land("dt=2026-03-03/b.ndjson", [unit_line("d", "2026-03-03")])
    near.run()
    assert gold_dates(near) == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert near.work().without_partition == {dt.date(2026, 5, 20)}
    assert not near.run().dates
    tables = [name for name in near.tables() if not name.endswith(("stg_events", "stg_search_dates"))]
    contents = near.contents()
    kept = near.warehouse.rename(tmp_path / "kept")
    near.run()
    scratch = near.contents()
    assert {name: contents[name] for name in tables} == {name: scratch[name] for name in tables}

    kept.replace(near.warehouse)
    far.run()
    assert gold_dates(far)[-1] == "2026-05-20"
    contents = far.contents()
    far.warehouse.unlink()
    far.run()
    assert far.contents() == contents


def test_files_of_such_days_that_an_earlier_version_loaded_hold_nothing_up(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench()
    bench.land("dt=2026-03-01/a.ndjson", [unit_line("a", "2026-03-01")])
    bench.run()
    bench.query(
        "insert into job_matching_bronze.files by name select * replace (date '9999-12-31' as dt, "
        "'dt=9999-12-31/x.ndjson' as source_file, false as staged) from job_matching_bronze.files"
    )
    bench.query(
        "insert into job_matching_bronze.rebuild_queue by name select stage, 'events' as feed, date '9999-12-31' as event_date, "
        "date '9999-12-31' as cause_date, 'x' as request_id from (values ('silver'), ('gold'), ('experiments')) "
        "as stages(stage)"
    )
    assert not bench.work()
    assert bench.work().without_partition == {dt.date.max}
    bench.land("dt=2026-03-02/b.ndjson", [unit_line("b", "2026-03-02", "b")])
    bench.run()
    assert gold_dates(bench) == ["2026-03-01", "2026-03-02"]


@pytest.mark.parametrize("end", ["9999-12-31", "9998-01-01"])
def test_an_end_that_leaves_no_days_around_a_date_is_refused(end: str) -> None:
    with pytest.raises(SettingsError, match=f"JOBMATCH_PARTITIONS_END={end} lies after"):
        Settings.from_environment({"JOBMATCH_PARTITIONS_END": end})


@pytest.mark.parametrize(("start", "end"), [("0001-01-01", "2026-03-02"), ("2026-01-01", "9997-12-31")])
def test_dates_at_the_ends_of_the_calendar_are_built(
    start: str, end: str, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    bench = Workbench(tmp_path, instance, JOBMATCH_PARTITIONS_START=start, JOBMATCH_PARTITIONS_END=end)
    day = start if start < "1000" else end
    bench.land(f"dt={day}/a.ndjson", [unit_line("a", day, "b")])
    bench.run()
    assert gold_dates(bench) == [day]
