"""Lines of old days: moved to archives, brought back as they were, and never missed by what is built."""

import datetime as dt
import shutil
from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.contracts.feed import ENTITIES, EVENTS
from jobmatch_assets.dates import DateRange
from jobmatch_assets.retention.old_days import RetentionError, is_archivable, last_date, restore, retain
from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds


def bronze(bench: Workbench) -> list[tuple[Any, ...]]:
    return bench.query("select * from job_matching_bronze.events_raw order by all")


def days_in_bronze(bench: Workbench) -> list[str]:
    rows = bench.query("select distinct _source_dt from job_matching_bronze.events_raw order by all")
    return [f"{day:%m-%d}" for (day,) in rows]


def retained(bench: Workbench, days: int) -> list[dt.date]:
    with bench.platform.open() as session:
        return [entry.dt for entry in retain(session, days).moved]


def restored(bench: Workbench, dates: DateRange | None = None) -> list[dt.date]:
    with bench.platform.open() as session:
        return [entry.dt for entry in restore(session, dates)]


def test_old_lines_leave_bronze_and_come_back_as_they_were(
    golden_copy: Workbench, golden_contents: dict[str, str]
) -> None:
    bench = golden_copy
    before = bronze(bench)
    home = bench.folder / "home"
    code, out, err = run_here(bench, home, "retain", "--days", "3")
    assert (code, err) == (0, "")
    assert "The last date of the data is 2026-03-04: what lies before 2026-03-01 is old." in out
    assert days_in_bronze(bench) == ["03-01", "03-02", "03-03", "03-04"]
    assert bench.contents() == golden_contents
    assert not bench.work()
    # Dates whose lines are archived are built again, also their staging; another retain takes them away again.
    bench.run(DateRange(dt.date(2026, 2, 27), dt.date(2026, 2, 28)))
    assert bench.contents() == golden_contents
    assert set(days_in_bronze(bench)) >= {"02-27", "02-28"}
    retained(bench, 3)
    assert days_in_bronze(bench) == ["03-01", "03-02", "03-03", "03-04"]
    code, out, err = run_here(bench, home, "restore")
    assert (code, err) == (0, "")
    assert bronze(bench) == before
    assert not any(bench.settings.archive_path.iterdir())
    assert bench.contents() == golden_contents


@pytest.fixture
def loaded(workbench: Callable[..., Workbench]) -> Workbench:
    """Three days, built."""
    bench = workbench()
    for day in ("2026-03-01", "2026-03-02", "2026-03-05"):
        bench.land(f"dt={day}/a.ndjson", [line(f"a-{day}", day), line(f"b-{day}", day)])
    bench.run()
    return bench


COUNTS = "select event_date, count(*) from job_matching_silver.events group by all order by all"


def test_a_late_file_of_an_archived_day_finds_the_lines_that_came_before(loaded: Workbench) -> None:
    """And the clock has no say: all of it is old for whoever looks at one."""
    assert retained(loaded, 3) == [dt.date(2026, 3, 1)]
    loaded.land("dt=2026-03-01/late.ndjson", [line("late", "2026-03-01")])
    loaded.run()
    assert loaded.query(COUNTS)[0] == (dt.date(2026, 3, 1), 3)
    assert retained(loaded, 3) == [dt.date(2026, 3, 1)]
    ((lines,),) = loaded.query("select lines from job_matching_bronze.archived_lines")
    assert lines == 3
    assert len(list(loaded.settings.archive_path.iterdir())) == 1
    # Late lines in a file of a newer day need nothing of the old one.
    loaded.land("dt=2026-03-05/late.ndjson", [line("later", "2026-03-01")])
    loaded.run()
    assert loaded.query(COUNTS)[0] == (dt.date(2026, 3, 1), 4)
    assert days_in_bronze(loaded) == ["03-02", "03-05"]


def test_a_late_file_is_refused_where_the_archive_is_gone(loaded: Workbench) -> None:
    retained(loaded, 3)
    (archive,) = loaded.settings.archive_path.iterdir()
    kept = shutil.move(archive, loaded.folder / "kept")
    before = loaded.contents()
    loaded.land("dt=2026-03-01/late.ndjson", [line("late", "2026-03-01")])
    report = loaded.try_run()
    assert "The lines of files of 2026-03-01 are needed again, and cannot be had" in report.problems[0]
    assert str(archive) in report.problems[0]
    assert loaded.contents() == before
    shutil.move(kept, archive)
    loaded.run()
    assert loaded.query(COUNTS)[0] == (dt.date(2026, 3, 1), 3)


@pytest.mark.parametrize("step", ["remove_raw_lines", "change"])
@pytest.mark.parametrize("is_done", [False, True])
def test_who_is_killed_on_the_way_can_do_it_again(
    prepared: Workbench, monkeypatch: pytest.MonkeyPatch, step: str, is_done: bool
) -> None:
    before = bronze(prepared)
    do = getattr(DuckDBWarehouse, step)

    def ends(*arguments: Any, **options: Any) -> None:
        if is_done:
            do(*arguments, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(DuckDBWarehouse, step, ends)
        with pytest.raises(KeyboardInterrupt):
            retained(prepared, 3)
    assert bronze(prepared) == before
    assert prepared.query("from job_matching_bronze.archived_lines") == []
    retained(prepared, 3)
    assert len(list(prepared.settings.archive_path.iterdir())) == 1
    step = "add_raw_lines" if step == "remove_raw_lines" else step
    do = getattr(DuckDBWarehouse, step)
    with monkeypatch.context() as patched:
        patched.setattr(DuckDBWarehouse, step, ends)
        with pytest.raises(KeyboardInterrupt):
            restored(prepared)
    restored(prepared)
    assert bronze(prepared) == before


@pytest.fixture
def prepared(workbench: Callable[..., Workbench]) -> Workbench:
    """Two days in bronze that count as staged, and nothing built."""
    from jobmatch_assets.pipeline.steps.loading import load_new_files

    bench = workbench()
    for day in ("2026-03-01", "2026-03-05"):
        bench.land(f"dt={day}/a.ndjson", [line(f"a-{day}", day)])
    session = bench.prepared()
    load_new_files(session, EVENTS, set(session.partitions.days))
    bench.query("update job_matching_bronze.files set staged = true")
    return bench


def test_days_that_are_not_staged_are_left(prepared: Workbench) -> None:
    prepared.query("update job_matching_bronze.files set staged = false")
    with prepared.platform.open() as session:
        done = retain(session, 0)
    assert (done.moved, done.left) == ([], {dt.date(2026, 3, 1)})
    assert len(bronze(prepared)) == 2


def test_lines_stay_where_their_copy_is_not_the_same(
    prepared: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmatch_assets.pipeline.archived_lines.are_same", lambda *_: False)
    with pytest.raises(ArchiveError, match="Nothing was taken out of the warehouse"):
        retained(prepared, 0)
    assert len(bronze(prepared)) == 2


def test_what_is_not_archived_cannot_be_brought_back(prepared: Workbench) -> None:
    day = DateRange(dt.date(2026, 3, 1), dt.date(2026, 3, 1))
    with pytest.raises(RetentionError, match="Lines of files of 2026-03-01 are in no archive"):
        restored(prepared, day)
    message = error_of(run_here(prepared, prepared.folder / "home", "restore", "--from", "2026-03-01"), 1)
    assert "are in no archive: there is nothing to bring back" in message


def test_a_warehouse_without_files_has_no_last_date(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    bench.prepared()
    with bench.platform.open() as session:
        assert last_date(session) is None
        assert retain(session, 0).moved == []


def test_lines_that_are_read_again_whenever_something_changes_stay(
    workbench: Callable[..., Workbench],
) -> None:
    plan = workbench().platform.plan
    assert is_archivable(plan, EVENTS)
    assert not is_archivable(plan, ENTITIES)


def test_jobs_do_the_same_and_are_off_until_somebody_switches_them_on(prepared: Workbench) -> None:
    definitions = prepared.definitions()
    before = bronze(prepared)
    config = {"ops": {"retain": {"config": {"days": 3}}}}
    job = definitions.resolve_job_def("retain_old_lines")
    assert job.execute_in_process(config, instance=prepared.instance).success
    assert days_in_bronze(prepared) == ["03-05"]
    assert (
        definitions.resolve_job_def("restore_old_lines")
        .execute_in_process(instance=prepared.instance)
        .success
    )
    assert bronze(prepared) == before
    schedule = definitions.resolve_schedule_def("retain_weekly")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
