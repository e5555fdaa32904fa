"""The new-files sensor, tick by tick: what it starts, what it leaves, and when it tries again."""

import datetime as dt
import errno
import os
from collections.abc import Callable
from dataclasses import replace

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.command_runs import COMMAND_TAG
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.pipeline.landing_checks import ALL_FILES_ARE_LOADED
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.holding import held
from jobmatch_assets_tests.orchestration.daemon import Daemon

pytestmark = pytest.mark.rebuilds


def test_new_files_are_one_run_and_then_there_is_quiet(daemon: Daemon) -> None:
    for day in range(1, 6):
        daemon.bench.land(f"dt=2026-03-0{day}/a.ndjson", [line(f"e{day}", f"2026-03-0{day}")])
    assert daemon.settle() == 1
    assert daemon.reason == "Nothing new: 5 files are loaded and built."
    assert daemon.bench.query("select count(*) from job_matching_silver.events") == [(5,)]


def test_files_of_entities_are_one_run_with_the_others_and_so_are_late_ones(daemon: Daemon) -> None:
    daemon.feed = ENTITIES
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01", "click", job_id="1")])
    daemon.bench.land_entities("job/dt=2026-03-02/a.ndjson", [{"job_id": 1, "title": "A"}])
    assert daemon.settle() == 1
    assert daemon.reason == "Nothing new: 2 files are loaded and built."
    matches = "select job_match from job_matching_gold.fact_event"
    assert daemon.bench.query(matches) == [("before_first",)]
    late = {"job_id": 1, "title": "A", "updated_at": "2026-02-20T10:00:00Z"}
    daemon.bench.land_entities("job/dt=2026-03-03/late.ndjson", [late])
    assert daemon.settle() == 1
    assert daemon.bench.query(matches) == [("exact",)]
    left = daemon.bench.land_entities("jobz/dt=2026-03-03/a.ndjson", [late])
    assert daemon.verdicts() == {ALL_FILES_ARE_LOADED: False}
    (told,) = daemon.told
    assert "jobz/dt=2026-03-03/a.ndjson: of a table that there is none of: correct the folder" in str(
        told.description
    )
    left.unlink()
    assert daemon.verdicts() == {ALL_FILES_ARE_LOADED: True}


def test_a_missing_landing_root_is_a_reason_to_wait(daemon: Daemon) -> None:
    assert daemon.tick() == []
    assert daemon.reason is not None
    assert "There is no folder" in daemon.reason


def test_a_folder_of_a_day_that_cannot_be_listed_does_not_hold_up_the_others(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = daemon.bench.land("dt=2026-03-01/hour=05/a.ndjson", [line("e", "2026-03-01")]).parent
    daemon.bench.land("dt=2026-03-01/b.ndjson", [line("f", "2026-03-01")])
    daemon.bench.land("dt=2026-03-02/c.ndjson", [line("g", "2026-03-02")])
    events = "select event_id from job_matching_silver.events order by all"
    real: Callable[[object], object] = os.scandir

    def scandir(path: object = ".") -> object:
        if path == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        for _ in range(2):  # without the others it is other work
            assert daemon.tick() == ["1/3"]
            (problem,) = daemon.bench.try_run().problems
            assert problem.startswith(f"{locked} cannot be listed: Permission denied")
        assert daemon.bench.query(events) == [("f",), ("g",)]
        assert daemon.tick() == []
        assert "did not get this done: 1 files, e.g. dt=2026-03-01/hour=05/" in (daemon.reason or "")
    assert daemon.settle() == 1
    assert daemon.bench.query(events) == [("e",), ("f",), ("g",)]


def test_unfinished_files_are_left(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/whole.ndjson", [line("e", "2026-03-01")])
    for name in ("_a.ndjson", ".a.ndjson", "a.ndjson.tmp", "a.ndjson.part"):
        daemon.bench.land(f"dt=2026-03-01/{name}", [line("unfinished", "2026-03-01")])
    assert daemon.settle() == 1
    assert daemon.bench.query("select event_id from job_matching_silver.events") == [("e",)]


def test_a_file_that_goes_and_comes_again_changes_nothing(daemon: Daemon) -> None:
    lines = [line("e", "2026-03-01")]
    path = daemon.bench.land("dt=2026-03-01/a.ndjson", lines)
    daemon.settle_with_a_copy()
    contents, bronze = daemon.bench.contents(), daemon.bench.bronze()
    path.unlink()
    assert daemon.settle() == 0
    daemon.bench.land("dt=2026-03-01/a.ndjson", lines)
    daemon.bench.land("dt=2026-03-01/other-name.ndjson", lines)
    daemon.settle()
    assert daemon.bench.contents() == contents
    assert daemon.bench.bronze() == bronze


def test_late_lines_have_their_dates_built_and_no_others(daemon: Daemon) -> None:
    for day in range(1, 10):
        daemon.bench.land(f"dt=2026-03-0{day}/a.ndjson", [line(f"e{day}", f"2026-03-0{day}")])
    daemon.settle()
    daemon.bench.land("dt=2026-03-09/late.ndjson", [line("x", "2026-03-02"), line("y", "2026-03-07")])
    assert daemon.tick() == ["1/3"]
    result = daemon.run()
    assert result.success
    built = {
        (event.asset_key.path[-1], event.partition)
        for event in result.all_events
        if event.is_step_materialization and event.asset_key
    }
    assert {date for table, date in built if table == "events"} == {"2026-03-02", "2026-03-07"}
    assert {date for table, date in built if table == "funnel_daily"} == {
        "2026-03-01",
        "2026-03-02",
        "2026-03-06",
        "2026-03-07",
    }
    assert daemon.settle() == 0


def test_what_a_materialization_in_the_ui_leaves_undone_is_done(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-09/a.ndjson", [line("e", "2026-03-02")])
    day = DateRange(dt.date(2026, 3, 9), dt.date(2026, 3, 9))
    daemon.bench.run_selected('key:"bronze/events_raw"', day)
    assert daemon.settle() == 1
    daemon.bench.land("dt=2026-03-09/b.ndjson", [line("f", "2026-03-03")])
    daemon.bench.run_selected('key:"bronze/events_raw" or key:"silver/stg_events"', day)
    assert daemon.settle() == 1
    assert daemon.bench.waiting("silver", "gold", "experiments", "publication") == []
    step_by_step = daemon.bench.contents()
    daemon.bench.warehouse.unlink()
    daemon.settle()
    assert daemon.bench.contents() == step_by_step


def test_a_run_under_way_is_waited_for(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    job = daemon.bench.definitions().resolve_job_def(PROCESS_NEW_FILES)
    run = daemon.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert daemon.tick() == []
    assert run.run_id in (daemon.reason or "")


def test_a_run_whose_process_is_gone_is_not_waited_for(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    job = daemon.bench.definitions().resolve_job_def(PROCESS_NEW_FILES)
    gone = ProcessMark.of_number(2**22 + 1)
    run = daemon.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags=gone.tags)
    assert daemon.tick() == ["1/3"]
    ended = daemon.instance.get_run_by_id(run.run_id)
    assert ended
    assert ended.status is dg.DagsterRunStatus.FAILURE


def test_of_runs_of_commands_the_warehouse_says_whether_they_are_at_work(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    job = daemon.bench.definitions().resolve_job_def(PROCESS_NEW_FILES)
    elsewhere = replace(ProcessMark.of_this_process(), host="a container that is gone")
    daemon.instance.create_run_for_job(
        job, status=dg.DagsterRunStatus.STARTED, tags={COMMAND_TAG: "jobmatch run", **elsewhere.tags}
    )
    assert daemon.tick() == ["1/3"]


def test_the_next_run_follows_in_the_tick_in_which_one_ends(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    job = daemon.bench.definitions().resolve_job_def(PROCESS_NEW_FILES)
    run = daemon.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    daemon.watcher.watch_seconds = 60.0
    monkeypatch.setattr("time.sleep", lambda seconds: daemon.instance.report_run_canceled(run))
    assert daemon.tick() == ["1/3"]


def test_somebody_elses_turn_at_the_warehouse_is_waited_for(daemon: Daemon) -> None:
    import threading

    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    taken, done = threading.Event(), threading.Event()

    def work() -> None:
        with turn(daemon.bench.warehouse):
            taken.set()
            done.wait(30)

    thread = threading.Thread(target=work)
    thread.start()
    taken.wait(30)
    try:
        assert daemon.tick() == []
        assert f"warehouse.duckdb is in use by process {os.getpid()} on " in (daemon.reason or "")
    finally:
        done.set()
        thread.join()
    assert daemon.tick() == ["1/3"]


def test_a_program_that_has_the_file_open_ends_the_tick_at_once_by_name(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.watcher.watch_seconds = 600.0
    with held(daemon.bench.warehouse) as other:
        assert daemon.tick() == []
    assert daemon.reason is not None
    assert f"warehouse.duckdb is held by another process (process {other.pid})" in daemon.reason
    assert daemon.tick() == ["1/3"]


def test_work_that_fails_is_tried_again_at_growing_intervals_and_never_forgotten(daemon: Daemon) -> None:
    broken = daemon.bench.land("dt=2026-03-01/a.ndjson.gz", ["no gzip"])
    attempts = []
    for _ in range(5):
        attempts += daemon.tick()
        daemon.run()
        assert daemon.tick() == []
        assert "did not get this done: 1 files, e.g. dt=2026-03-01/a.ndjson.gz" in (daemon.reason or "")
        daemon.time += dt.timedelta(days=1)
    assert attempts == ["1/3", "2/3", "3/3", "4/3", "5/3"]
    # Anything new is not held up by it, and counts as new work.
    daemon.bench.land("dt=2026-03-02/b.ndjson", [line("e", "2026-03-02")])
    assert daemon.tick() == ["1/3"]
    daemon.run()
    assert daemon.bench.query("select count(*) from job_matching_silver.events") == [(1,)]
    broken.unlink()
    daemon.time += dt.timedelta(days=1)
    assert daemon.settle() == 1
    assert daemon.bench.query(
        "select count(*) from job_matching_bronze.failing_checks where check_name = 'files_are_readable'"
    ) == [(0,)]


def test_a_cursor_that_cannot_be_read_is_as_good_as_none(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.settle_with_a_copy()
    for cursor in ("", "{", "[]", '{"version": 9}'):
        daemon.cursor = cursor
        assert daemon.tick() == []


def test_a_wiped_warehouse_is_filled_again(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.settle_with_a_copy()
    contents = daemon.bench.contents()
    daemon.bench.warehouse.unlink()
    assert daemon.settle() == 1
    assert daemon.bench.contents() == contents
