"""The demo: four weeks of simulated events, with everything of its own below data/demo; it never mixes.

`data/demo` is made afresh each time and holds nothing else: landing files, experiment registry, warehouse,
published copy and Dagster's storage.
"""

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from jobmatch_assets.orchestration.launchers.dagster_home import write_configuration
from jobmatch_assets.settings import Settings
from jobmatch_assets.settings.locations import data_dir

FOLDER = Path("demo")
DAYS = 28
"""Four weeks: a week can be compared with the one before, and the median of three weekdays is there."""

SEED = 7

OWN_LANDING = Path("landing")


def folder_of_demo() -> Path:
    """Where the demo is, or would be."""
    return data_dir() / FOLDER


def first_date(today: dt.date) -> dt.date:
    """The first of the last days that are complete."""
    return today - dt.timedelta(days=DAYS)


def start_afresh(folder: Path) -> None:
    """Remove what the demo before made, and nothing else; give Dagster a home."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
    write_configuration(folder / "dagster")


def is_there(folder: Path) -> bool:
    """Whether the demo was made."""
    return _first_landed(folder) is not None


def environment(given: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment variables of the demo.

    Args:
        given: Those of the process: settings of the platform among them are left out.
        folder: Where the demo is.
    """
    others = {name: value for name, value in given.items() if not name.startswith("JOBMATCH_")}
    # Where nothing was before, no partition is missing.
    first = _first_landed(folder)
    start = {"JOBMATCH_PARTITIONS_START": first} if first else {}
    return {
        **others,
        **start,
        "JOBMATCH_LANDING": str(folder / "landing"),
        "JOBMATCH_EXPERIMENTS": str(folder / "experiments.csv"),
        "JOBMATCH_DUCKDB_PATH": str(folder / "warehouse.duckdb"),
        "DAGSTER_HOME": str(folder / "dagster"),
    }


def use(folder: Path) -> None:
    """Let this process, and what it starts, see the demo, which a version before may have made."""
    write_configuration(folder / "dagster")
    of_demo = environment(os.environ, folder)
    os.environ.clear()
    os.environ.update(of_demo)


def what_to_show(given: Mapping[str, str], folder: Path, own_landing: Path) -> str:
    """Demo where it was made and nobody has anything else, else own.

    Args:
        given: Environment variables of the process.
        folder: Where the demo is.
        own_landing: Where other files would land.
    """
    is_own = own_landing.exists() or any(name.startswith("JOBMATCH_") for name in given)
    return "own" if is_own or not is_there(folder) else "demo"


def described(which: str, settings: Settings) -> str:
    """One line that says whose tables are shown."""
    tables = settings.duckdb_path if settings.target == "duckdb" else settings.bigquery_project
    whose = "the demo" if which == "demo" else "your own data"
    return f"Showing {whose}: files of {settings.landing}, tables in {tables}."


def _first_landed(folder: Path) -> str | None:
    days = sorted(path.name.removeprefix("dt=") for path in folder.glob("landing/events/dt=*"))
    return days[0] if days else None
