"""Files of another landing root do not come into a warehouse by mistake, and do by word."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.orchestration.sensors.new_files import Watcher
from jobmatch_assets.pipeline.landing_root import (
    ForeignLandingError,
    add_landing_root,
    admit_landing_root,
)
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

FILES = ("dt=2026-03-01/a.ndjson", "dt=2026-03-02/b.ndjson")


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    for name in FILES:
        bench.land(name, [unit_line(name, name[3:13])])
    build(bench)
    return bench


@pytest.fixture
def elsewhere(bench: Workbench, tmp_path: Path, instance: dg.DagsterInstance) -> Workbench:
    """The same warehouse, with files of another root."""
    other = Workbench(tmp_path, instance, tmp_path / "other")
    other.land("dt=2026-03-01/theirs.ndjson", [unit_line("theirs", "2026-03-01")])
    return other


def test_another_root_is_refused_and_nothing_is_changed(
    bench: Workbench, elsewhere: Workbench, tmp_path: Path
) -> None:
    contents, bronze = bench.contents(), bench.bronze()
    for arguments in (["run"], ["run", "--from", "2026-03-01", "--select", "group:bronze"]):
        error = error_of(run_here(elsewhere, tmp_path / "home", *arguments), code=1)
        assert f"JOBMATCH_LANDING={elsewhere.landing} is not where {bench.warehouse} was loaded from" in error
        assert f"from, {bench.landing}: 2 of 2 loaded files are not there, e.g. {FILES[0]}." in error
        assert "JOBMATCH_DUCKDB_PATH=" in error
        assert "`jobmatch run --add-landing`" in error
    assert (bench.contents(), bench.bronze()) == (contents, bronze)


def test_it_is_let_in_by_word_and_both_roots_are_from_then_on(
    bench: Workbench, elsewhere: Workbench, tmp_path: Path
) -> None:
    code, out, err = run_here(elsewhere, tmp_path / "home", "run", "--add-landing")
    assert code == 0, (out, err)
    assert bench.query("select count(*) from job_matching_silver.events") == [(3,)]
    for again in (bench, elsewhere):
        admit_landing_root(again.prepared())


def test_other_ways_to_load_refuse_it_too(elsewhere: Workbench) -> None:
    from jobmatch_assets.dates import DateRange

    (problem,) = elsewhere.try_run().problems
    assert "is not where" in problem
    day = elsewhere.platform.partitions.first.replace(year=2026, month=3, day=1)
    (problem,) = elsewhere.run_selected('key:"bronze/events_raw"', DateRange(day, day)).problems
    assert "is not where" in problem


def test_the_sensor_starts_a_run_that_says_so_and_tries_at_ever_longer_intervals(
    elsewhere: Workbench,
) -> None:
    watcher = Watcher(elsewhere.platform, watch_seconds=0)
    started = watcher.tick(elsewhere.instance, None)
    assert started.run_requests
    waiting = watcher.tick(elsewhere.instance, started.cursor)
    assert not waiting.run_requests
    assert waiting.skip_reason
    assert "is not where" in str(waiting.skip_reason.skip_message)


def test_a_root_that_moved_is_the_same(
    bench: Workbench, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    shutil.move(bench.landing, tmp_path / "moved")
    moved = Workbench(tmp_path, instance, tmp_path / "moved")
    assert not moved.run().dates
    (tmp_path / "moved/events" / FILES[0]).unlink()
    moved.run()
    bench.landing.joinpath("events").mkdir(parents=True)
    with pytest.raises(ForeignLandingError, match="is not where"):
        admit_landing_root(bench.prepared())


def test_a_root_is_the_same_by_whatever_name(
    bench: Workbench, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    (bench.landing / "events" / FILES[0]).unlink()
    (tmp_path / "link").symlink_to(bench.landing)
    for landing in (tmp_path / "link", bench.landing / ".." / bench.landing.name):
        admit_landing_root(Workbench(tmp_path, instance, landing).prepared())


def test_files_that_were_deleted_from_the_root_are_not_missed(bench: Workbench) -> None:
    for name in FILES:
        (bench.landing / "events" / name).unlink()
    bench.land("dt=2026-03-03/c.ndjson", [unit_line("c", "2026-03-03")])
    bench.run()


def test_a_file_of_the_same_name_and_another_size_is_another_file(
    bench: Workbench, elsewhere: Workbench
) -> None:
    del bench
    for name in FILES:
        elsewhere.land(name, [unit_line("x", name[3:13])])
    with pytest.raises(ForeignLandingError, match="2 of 2 loaded files"):
        admit_landing_root(elsewhere.prepared())


def test_a_warehouse_of_an_earlier_version_takes_a_root_that_holds_any_of_its_files(
    bench: Workbench, elsewhere: Workbench
) -> None:
    bench.query("drop table job_matching_bronze.used_settings")
    (bench.landing / "events" / FILES[0]).unlink()
    bench.prepared()
    with pytest.raises(ForeignLandingError, match="was loaded from: 2 of 2"):
        admit_landing_root(elsewhere.prepared())
    admit_landing_root(bench.prepared())
    with pytest.raises(ForeignLandingError, match=f"was loaded from, {bench.landing}: 2 of 2"):
        admit_landing_root(elsewhere.prepared())
    add_landing_root(elsewhere.prepared())
    admit_landing_root(elsewhere.prepared())
