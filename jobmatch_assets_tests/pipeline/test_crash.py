"""A run that is killed at any moment leaves nothing behind that the next one does not put right."""

import random
import time
from pathlib import Path

import pytest

from jobmatch_assets_tests.cli.command import run, start
from jobmatch_assets_tests.pipeline.generations import write_faulty_landing
from jobmatch_assets_tests.workbench import Workbench

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
        if line.split()[:1] == [phase]:
            time.sleep(seconds)
            break
    process.kill()
    process.communicate(timeout=30)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (1, 2))])
def test_runs_that_are_killed_lose_nothing_and_count_nothing_twice(
    seed: int, landing: Path, undisturbed: Workbench, tmp_path: Path, instance: object
) -> None:
    rng = random.Random(seed)
    bench = Workbench(tmp_path, instance, landing)
    for phase in PHASES:
        kill_after(bench, tmp_path / "home", phase, rng.uniform(0, 1.5))
    assert run(bench, tmp_path / "home")[0] == 0
    assert bench.bronze() == undisturbed.bronze()
    assert bench.contents() == undisturbed.contents()
    assert bench.waiting("silver", "gold", "experiments") == []
    assert not bench.run().dates
