"""Seeded events for a benchmark, and a platform in a folder of its own that builds them."""

import datetime as dt
import shutil
import sys
from pathlib import Path

from benchmarks.timed import Taken, timed
from jobmatch_assets.simulation import Scenario, write_landing

_COMMAND = "from jobmatch_assets.cli.command import main; main()"
START = dt.date(2026, 3, 1)
_LINES_PER_USER_AND_DAY = 9.02
"""Measured, with the generator's defaults."""


def generated(folder: Path, lines: int, days: int) -> Path:
    """Write about so many lines of so many days, none of them broken; returns the folder."""
    write_landing(Scenario(start=START, days=days, users=users_for(lines, days), broken_rate=0.0), folder)
    return folder


def users_for(lines: int, days: int) -> int:
    """How many users write about so many lines in so many days."""
    return max(20, round(lines / days / _LINES_PER_USER_AND_DAY))


class Platform:
    """A landing root, a warehouse and Dagster's storage, all in one folder."""

    def __init__(self, folder: Path, events: Path, days: int) -> None:
        self.folder = folder
        self.landing = events / "landing"
        self.warehouse = folder / "warehouse.duckdb"
        self.home = folder / "home"
        self.environment = {
            "DAGSTER_HOME": str(self.home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "JOBMATCH_LANDING": str(self.landing),
            "JOBMATCH_EXPERIMENTS": str(events / "experiments.csv"),
            "JOBMATCH_DUCKDB_PATH": str(self.warehouse),
            "JOBMATCH_PUBLISHED_PATH": str(self.published),
            "JOBMATCH_PARTITIONS_START": str(START),
            "JOBMATCH_PARTITIONS_END": str(START + dt.timedelta(days=days - 1)),
        }

    @property
    def published(self) -> Path:
        """The published copy."""
        return self.folder / "published" / "gold.duckdb"

    def run_from_nothing(self, is_checked: bool = True) -> Taken:
        """`jobmatch run` without a warehouse and without a history in Dagster."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.run(is_checked=is_checked)

    def run(self, *options: str, is_checked: bool = True) -> Taken:
        """`jobmatch run`, with checks or without."""
        self.home.mkdir(parents=True, exist_ok=True)
        how = ["-c", _COMMAND] if is_checked else ["-m", "benchmarks.unchecked"]
        return timed([sys.executable, *how, "run", *options], self.environment)

    def land_late_line(self, day: dt.date, name: str = "late") -> None:
        """Another event of the first day, in a file that was written for a day."""
        folder = self.landing / "events"
        event = next(iter(sorted((folder / f"dt={START}").glob("*.ndjson"))[0].open()))
        changed = event.replace('"event_id":"', f'"event_id":"{name}-')
        (folder / f"dt={day}" / f"{name}.ndjson").write_text(changed)


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def touch_all(landing: Path) -> None:
    """Give every file the same bytes under another time."""
    for file in landing.rglob("*.ndjson"):
        shutil.copyfile(file, file.with_suffix(".tmp"))
        file.with_suffix(".tmp").replace(file)
