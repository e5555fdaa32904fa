"""A run that is killed at any moment leaves nothing behind that the next one does not put right."""

import random
import shutil
import signal
import time
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.command import run, start
from jobmatch_assets_tests.bench.landings import write_faulty_landing
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

PHASES = ("bronze", "silver", "gold")


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faulty_landing(tmp_path_factory.mktemp("made"), seed=21) / "landing"


@pytest.fixture(scope="module")
def undisturbed(landing: Path, instance: object, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    bench = Workbench(tmp_path_factory.mktemp("undisturbed"), instance, landing)
    bench.run()
    return bench


def kill_after(bench: Workbench, home: Path, phase: str, seconds: float) -> None:
    """Start a run and kill it so long after it says that it begins a phase."""
    process = start(bench, home)
    assert process.stderr
    for line in process.stderr:
        if f" {phase}: " in line:
            time.sleep(seconds)
            break
    assert process.poll() is None, f"it ended before it came to {phase}"
    process.kill()
    process.communicate(timeout=30)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (1, 2))])
def test_runs_that_are_killed_lose_nothing_and_count_nothing_twice(
    seed: int, landing: Path, undisturbed: Workbench, tmp_path: Path, home: Path, instance: object
) -> None:
    rng = random.Random(seed)
    bench = Workbench(tmp_path, instance, landing)
    for phase in PHASES:
        kill_after(bench, home, phase, rng.uniform(0, 1.0))
    assert run(bench, home)[0] == 0
    assert bench.bronze() == undisturbed.bronze()
    assert bench.contents() == undisturbed.contents()
    assert bench.waiting("silver", "gold", "experiments") == []
    assert not bench.run().dates
    with dg.DagsterInstance.get() as kept:
        ends = [run.status.value for run in kept.get_runs()]
        assert kept.event_log_storage.get_concurrency_run_ids() == set()
    assert ends == ["SUCCESS", *["FAILURE"] * len(PHASES)]


def test_a_run_waits_for_one_at_work_by_name_and_not_for_a_killed_one(
    landing: Path, tmp_path: Path, home: Path, instance: object
) -> None:
    bench = Workbench(tmp_path, instance, landing)
    first = start(bench, home)
    assert first.stderr
    assert "bronze" in first.stderr.readline()
    first.send_signal(signal.SIGSTOP)
    second = start(bench, home)
    assert second.stderr
    told = second.stderr.readline()
    first.kill()
    first.communicate(timeout=30)
    out, err = second.communicate(timeout=120)
    assert second.returncode == 0, (out, err)
    assert "waiting for run " in told
    assert f"process {first.pid} on " in told


def test_a_lost_wal_is_told_of_and_the_next_run_loads_its_files_again(
    landing: Path, undisturbed: Workbench, tmp_path: Path, home: Path, instance: object
) -> None:
    bench = Workbench(tmp_path, instance)
    events = bench.landing / "events"
    shutil.copytree(landing, bench.landing, dirs_exist_ok=True)
    days = sorted(events.iterdir())
    later = [day.rename(tmp_path / day.name) for day in days[len(days) // 2 :]]
    assert run(bench, home)[0] == 0
    for day in later:
        day.rename(events / day.name)
    kill_after(bench, home, "silver", 0)
    wal = bench.warehouse.with_name(f"{bench.warehouse.name}.wal")
    assert wal.stat().st_size
    wal.unlink()
    code, out, _ = run(bench, home, "doctor")
    assert code == 1
    assert "has loaded files of events that the warehouse does not have" in out
    assert run(bench, home)[0] == 0
    assert bench.contents() == undisturbed.contents()
    assert run(bench, home, "doctor")[0] == 0
