"""Landing folders to build, and what must come out of them."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

from jobmatch_assets.simulation import Scenario, demo_experiments, write_landing
from jobmatch_assets_tests.workbench import GOLDEN

TABLES = (
    "silver_events",
    "silver_quarantine",
    "funnel_daily",
    "ranking_metrics_daily",
    "ranking_position_daily",
    "search_quality_daily",
    "ab_metrics_daily",
    "ab_results",
)
"""The expected tables by the names that golden/compare.py gives them."""


def golden_differences(expected: Path, warehouse: Path) -> str:
    """What golden/compare.py says where tables differ, else nothing."""
    done = subprocess.run(
        [sys.executable, GOLDEN / "compare.py", expected, warehouse, "--only", *TABLES],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def write_expected(landing: Path, experiments: Path, folder: Path) -> Path:
    """The expected tables of a landing folder, by the oracle."""
    subprocess.run(
        [sys.executable, GOLDEN / "oracle.py", landing, folder, "--experiments", experiments],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


def write_golden(folder: Path, seed: int, users: int) -> Path:
    """Another golden set: landing/, experiments.csv, expected/."""
    subprocess.run(
        [
            sys.executable,
            GOLDEN / "make_golden.py",
            "--seed",
            str(seed),
            "--users",
            str(users),
            "--out",
            folder,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


def write_faulty_landing(folder: Path, seed: int) -> Path:
    """A few days of the simulated product where much goes wrong."""
    write_landing(
        Scenario(
            start=dt.date(2026, 3, 1),
            days=4,
            users=150,
            seed=seed,
            sessions_per_user=0.8,
            experiments=demo_experiments(),
            v1_rate=0.4,
            zero_result_rate=0.2,
            exploration_rate=0.3,
            late_rate=0.3,
            late_days=3,
            repeat_rate=0.2,
            corrected_rate=0.2,
            broken_rate=0.2,
            files_per_day=3,
            gzip=True,
        ),
        folder,
    )
    return folder


def landed_names(landing: Path) -> list[str]:
    """All files of a landing folder, below events/."""
    events = landing / "events"
    return sorted(path.relative_to(events).as_posix() for path in events.rglob("*") if path.is_file())
