"""Each fault that the doctor looks for is planted, found, and told with what to do."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark
from jobmatch_assets.pipeline.steps.loading import load_new_files
from jobmatch_assets.retention.old_days import retain
from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.command import run_here
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    """A warehouse with files in bronze, and nothing that waits."""
    bench = workbench()
    for day in ("2026-03-01", "2026-03-02"):
        bench.land(f"dt={day}/a.ndjson", [line(f"a-{day}", day)])
    session = bench.prepared()
    load_new_files(session, EVENTS, set(session.partitions.days))
    bench.query("update job_matching_bronze.files set staged = true")
    return bench


@pytest.fixture
def home(bench: Workbench) -> Path:
    """Dagster's storage, new."""
    home = bench.folder / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        assert instance.get_runs_count() == 0
        assert list(instance.all_instigator_state()) == []
    return home


def told(bench: Workbench, home: Path, **changes: str) -> tuple[int, str]:
    code, out, err = run_here(bench, home, "doctor", **changes)
    assert err == ""
    return code, out


def wrong(bench: Workbench, home: Path, **changes: str) -> str:
    """What the doctor says is wrong, with what to do."""
    code, out = told(bench, home, **changes)
    assert code == 1, out
    lines = out.splitlines()
    found = [number for number, text in enumerate(lines) if text.startswith("wrong")]
    assert all(lines[number + 1].startswith("       -> ") for number in found)
    return "\n".join(lines[number] + lines[number + 1] for number in found)


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files but locks, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal"))
    }


def test_what_is_well_is_said_and_left_as_it_is(bench: Workbench, home: Path) -> None:
    before = snapshot(bench.folder)
    code, out = told(bench, home)
    assert (code, out.splitlines()[-1]) == (0, "All is well.")
    for part in ("settings", "landing", "warehouse", "queue", "checks", "dagster", "disk"):
        assert f"well   {part}: " in out
    assert snapshot(bench.folder) == before


def test_a_platform_that_has_not_run_is_well(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    (bench.landing / "events").mkdir(parents=True)
    code, out = told(bench, bench.folder / "home")
    assert code == 0, out
    assert "There is no" in out
    assert not bench.warehouse.exists()
    assert list((bench.folder / "home").iterdir()) == []


def test_a_setting_that_is_not_understood(bench: Workbench, home: Path) -> None:
    assert "JOBMATCH_LOCK_TIMEOUT='soon' is not understood" in wrong(
        bench, home, JOBMATCH_LOCK_TIMEOUT="soon"
    )


def test_a_landing_root_that_is_gone(bench: Workbench, home: Path) -> None:
    shutil.rmtree(bench.landing)
    assert "Let JOBMATCH_LANDING name the folder" in wrong(bench, home)


def test_a_landing_root_of_somebody_else(bench: Workbench, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "events" / "dt=2026-03-01"
    other.mkdir(parents=True)
    (other / "x.ndjson").write_text("{}\n")
    assert "is not where" in wrong(bench, home, JOBMATCH_LANDING=str(tmp_path / "other"))


def test_files_that_are_left_out_are_a_note(bench: Workbench, home: Path) -> None:
    bench.land("export.ndjson", ["{}"])
    code, out = told(bench, home)
    assert code == 0
    assert "export.ndjson" in out


@pytest.mark.parametrize("plant", ["truncated", "foreign", "text"])
def test_a_warehouse_file_that_is_none(bench: Workbench, home: Path, plant: str) -> None:
    if plant == "truncated":
        os.truncate(bench.warehouse, bench.warehouse.stat().st_size // 2)
    else:
        bench.warehouse.write_bytes(
            b"SQLite format 3\0" + b"x" * 100 if plant == "foreign" else b"hello" * 10
        )
    message = wrong(bench, home)
    what = "cannot be read: it is cut off" if plant == "truncated" else "cannot be opened"
    assert f"JOBMATCH_DUCKDB_PATH={bench.warehouse} {what}" in message
    assert "Put it back from a backup, its .wal file with it; or move it away" in message


def test_a_warehouse_of_a_newer_version(bench: Workbench, home: Path) -> None:
    bench.query("insert into job_matching_bronze.layout values (99, '99.1', now())")
    assert "belongs to a newer version of jobmatch" in wrong(bench, home)


def test_a_warehouse_that_is_gone_while_archives_are_there(bench: Workbench, home: Path) -> None:
    with bench.platform.open() as session:
        retain(session, 0)
    bench.warehouse.unlink()
    assert "has archives of one" in wrong(bench, home)


def test_an_archive_that_is_damaged_or_unknown(bench: Workbench, home: Path) -> None:
    with bench.platform.open() as session:
        retain(session, 0)
    (archive,) = bench.settings.archive_path.iterdir()
    shutil.copytree(archive, archive.with_name("events-retained-other"))
    code, out = told(bench, home)
    assert code == 0
    assert "archives that this warehouse does not count on: events-retained-other" in out
    next(archive.glob("*.parquet")).write_bytes(b"")
    assert "is damaged: its SHA-256 is" in wrong(bench, home)


def test_loads_that_the_warehouse_has_lost(bench: Workbench, home: Path) -> None:
    """As where its WAL is gone, or an older backup was put back."""

    @dg.asset(key=["bronze", "events_raw"])
    def raw() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"new files": 1})

    with dg.DagsterInstance.local_temp(str(home)) as instance:
        dg.materialize([raw], instance=instance)
    bench.query("update job_matching_bronze.files set ingested_at = now()")
    assert told(bench, home)[0] == 0
    bench.query("update job_matching_bronze.files set ingested_at = now() - interval 1 day")
    assert "has loaded files of events that the warehouse does not have" in wrong(bench, home)


def test_dates_that_wait_are_a_note_and_a_blocking_check_is_wrong(bench: Workbench, home: Path) -> None:
    bench.query(
        "insert into job_matching_bronze.rebuild_queue by name select 'gold' as stage, 'events' as feed, "
        "date '2026-03-01' as event_date, date '2026-03-01' as cause_date, 'load' as request_id"
    )
    check = (
        "insert into job_matching_bronze.failing_checks by name select 'silver' as stage, 'silver/events' as asset, "
        "'quarantine_share' as check_name, date '2026-03-01' as partition_date, {} as is_blocking, "
        "'half of it' as description"
    )
    bench.query(check.format("false"))
    code, out = told(bench, home)
    assert code == 0
    assert "Dates wait to be built: gold 2026-03-01" in out
    assert "quarantine_share of silver/events fails for 2026-03-01: half of it" in out
    bench.query("update job_matching_bronze.failing_checks set is_blocking = true")
    assert "It holds back what is built from these dates" in wrong(bench, home)


STORAGE = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


@pytest.mark.parametrize("file", STORAGE)
@pytest.mark.parametrize("plant", ["gone", "overwritten", "empty"])
def test_dagsters_storage_that_is_gone_or_damaged(
    bench: Workbench, home: Path, file: str, plant: str
) -> None:
    path = home / file
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    if plant == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if plant == "empty" else b"x" * 8192)
    message = wrong(bench, home)
    assert str(path) in message
    assert "Tables and the queue do not depend on it" in message


def test_dagsters_storage_is_looked_for_where_runs_write_it(
    bench: Workbench, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the project's dagster.yaml in a folder of one's own: below the folder in which commands start."""
    shutil.copy(PROJECT_DIR / "dagster.yaml", home)
    started_in = bench.folder / "started"
    started_in.mkdir()
    monkeypatch.chdir(started_in)
    message = wrong(bench, home)
    assert str(started_in / "data" / "dagster" / STORAGE[0]) in message
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_runs_count() == 0
        assert list(instance.all_instigator_state()) == []
    code, out = told(bench, home)
    assert code == 0, out
    assert "well   dagster: storage is sound" in out


def test_a_home_that_cannot_be_one(bench: Workbench, home: Path) -> None:
    assert "does not exist" in wrong(bench, home, DAGSTER_HOME="/nowhere")


def test_a_run_whose_process_is_gone(bench: Workbench, home: Path) -> None:
    @dg.op
    def nothing() -> None:
        """Nothing."""

    @dg.job
    def stuck() -> None:
        nothing()

    gone = ProcessMark.of_number(2**22 - 1).tags
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        run = instance.create_run_for_job(stuck, tags=gone, status=dg.DagsterRunStatus.STARTED)
    assert f"Run {run.run_id[:8]} (stuck) has not ended" in wrong(bench, home)


def test_a_disk_that_is_full(bench: Workbench, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=1, used=1, free=1_000_000))
    assert "Make room, or name a folder on another disk" in wrong(bench, home)


def test_a_folder_that_may_not_be_written_to(bench: Workbench, home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "may not be written to (JOBMATCH_ARCHIVE_PATH)" in wrong(
        bench, home, JOBMATCH_ARCHIVE_PATH=str(tmp_path / "file" / "archive")
    )
