import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.simulation import Scenario, Truth, demo_experiments, write_landing
from jobmatch_assets_tests.golden import oracle

START = dt.date(2026, 3, 1)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def scenario() -> Callable[..., Scenario]:
    """A small scenario, and whatever differs from it."""

    def make(**changes: Any) -> Scenario:
        small = {"start": START, "days": 2, "users": 60, "seed": 5}
        return Scenario(**{**small, **changes})

    return make


class Judged:
    """A generation, and what the oracle says of every line of it."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.truth: Truth = write_landing(scenario, folder)
        self.document = json.loads((folder / "truth.json").read_text())
        self.landing = folder / "landing"
        self.registry = oracle.read_registry(folder / "experiments.csv")
        self.files, lines = oracle.read_landing(self.landing)
        self.lines = len(lines)
        self.valid: list[dict[str, Any]] = []
        self.rejected: list[tuple[str, dt.date]] = []
        for path, number, raw, file_dt in lines:
            row, reason, partition = oracle.judge(raw, file_dt, dt.date(2019, 1, 1))
            if row is None:
                self.rejected.append((reason, partition))
            else:
                row.update(_source_file=path, _source_line=number, raw=raw, file_dt=file_dt)
                self.valid.append(row)
        oracle.mark_duplicates(self.valid, 7)
        self.silver = [row for row in self.valid if not row["duplicate"]]


@pytest.fixture(scope="session")
def judged(scenario: Callable[..., Scenario], tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Three days with a good share of everything that can be planted."""
    experiments = demo_experiments()
    switching = tuple(type(e)(e.experiment_id, e.variants, multiple_variant_rate=0.1) for e in experiments)
    planted = scenario(
        days=3,
        users=500,
        sessions_per_user=0.8,
        v1_rate=0.3,
        zero_result_rate=0.15,
        exploration_rate=0.2,
        late_rate=0.1,
        late_days=2,
        repeat_rate=0.05,
        corrected_rate=0.05,
        broken_rate=0.02,
        files_per_day=2,
        gzip=True,
        experiments=switching,
    )
    return Judged(planted, tmp_path_factory.mktemp("judged"))
