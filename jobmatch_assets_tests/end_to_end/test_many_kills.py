"""A hundred runs that are killed, in every step and at random moments of it, end in the expected tables."""

import random
import time
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.command import run, start
from jobmatch_assets_tests.bench.golden_subjects import EXPECTED, LANDING, land_files, subject_differences
from jobmatch_assets_tests.bench.workbench import Workbench

STEPS = (
    *(" bronze: ", " bronze of entities: ", " silver: ", " silver of entities: ", " health: ", " gold: "),
    *(" weekly: ", " entities of entities: ", " dimensions of entities: ", " facts of entities: "),
    *(" subjects of entities: ", " whole of entities: ", " whole of entities: done", " publication: "),
)
"""What the log says at the beginning of each step: of the last two, publication and the pages."""

LONGEST_STEP = 3.0
KILLS, DELIVERIES = 100, 18


def was_killed(bench: Workbench, home: Path, step: str, seconds: float) -> bool:
    """Kill a run so long after it has begun a step; whether it was still at work, and had come there."""
    process = start(bench, home)
    assert process.stderr
    came = any(step in line for line in process.stderr)
    if came:
        time.sleep(seconds)
    is_at_work = process.poll() is None
    process.kill()
    process.communicate(timeout=60)
    return came and is_at_work


@pytest.mark.proof
def test_a_hundred_killed_runs_end_in_the_expected_tables(
    tmp_path: Path, home: Path, instance: dg.DagsterInstance
) -> None:
    rng = random.Random(11)
    bench = Workbench(tmp_path, instance)
    files = sorted(path for path in LANDING.rglob("*") if path.is_file())
    rng.shuffle(files)
    killed: dict[str, int] = dict.fromkeys(STEPS, 0)
    for delivery in range(DELIVERIES):
        land_files(bench, files[delivery::DELIVERIES])
        for step in STEPS:
            killed[step] += was_killed(bench, home, step, rng.uniform(0, 1) ** 3 * LONGEST_STEP)
    assert sum(killed.values()) >= KILLS, killed
    assert all(killed.values()), killed
    print(f"{sum(killed.values())} runs killed: {killed}")
    code, out, err = run(bench, home)
    assert code == 0, (out, err)
    assert subject_differences(bench.warehouse, EXPECTED) == {}
    assert not bench.run().dates
