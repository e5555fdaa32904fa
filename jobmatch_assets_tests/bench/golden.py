"""The golden set: where it lies, and what must come out of a landing folder."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"
LANDING = GOLDEN / "landing"
REGISTRY = GOLDEN / "experiments.csv"
EXPECTED = GOLDEN / "expected"

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

PAGES_TABLES = (
    "funnel_weekly",
    "ranking_metrics_daily",
    "ab_results",
    "data_health_daily",
    "quarantine_daily",
)
"""The same of what is there for pages, in a folder beside the other."""


def golden_differences(expected: Path, warehouse: Path) -> str:
    """What golden/compare.py says where tables differ, those for pages among them, else nothing."""
    return "".join(
        _differences(folder, warehouse, tables)
        for folder, tables in ((expected, TABLES), (_pages_of(expected), PAGES_TABLES))
    )


def _differences(expected: Path, warehouse: Path, tables: Sequence[str]) -> str:
    done = subprocess.run(
        [sys.executable, GOLDEN / "compare.py", expected, warehouse, "--only", *tables],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _pages_of(expected: Path) -> Path:
    return expected.with_name(f"{expected.name}_pages")


def write_expected(landing: Path, experiments: Path, folder: Path) -> Path:
    """The expected tables of a landing folder, by the oracle; those for pages beside them."""
    for oracle, made in (("oracle.py", folder), ("oracle_pages.py", _pages_of(folder))):
        subprocess.run(
            [sys.executable, GOLDEN / oracle, landing, made, "--experiments", experiments],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return folder


def write_golden(folder: Path, seed: int, users: int) -> Path:
    """Another golden set: landing/, experiments.csv, expected/, expected_pages/."""
    words = ["--seed", str(seed), "--users", str(users), "--out", folder]
    subprocess.run(
        [sys.executable, GOLDEN / "make_golden.py", *words], check=True, capture_output=True, timeout=120
    )
    return folder
