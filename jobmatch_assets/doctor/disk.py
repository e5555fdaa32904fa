"""The disks: whether folders may be written to, and whether there is room for the next run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from jobmatch_assets.doctor.finding import Finding, well, wrong
from jobmatch_assets.settings import SETTINGS, Settings

_PART = "disk"
_LEAST = 512 * 1024 * 1024
"""Bytes that a run needs in any case, for what it spills and writes beside its place."""


def examine_disk(settings: Settings) -> Iterator[Finding]:
    """Look at where things are written."""
    places = {
        SETTINGS["published_path"].variable: settings.published_path.parent,
        SETTINGS["dashboards_path"].variable: settings.dashboards_path,
        SETTINGS["archive_path"].variable: settings.archive_path,
    }
    needed = _LEAST
    if settings.target == "duckdb":
        places[SETTINGS["duckdb_path"].variable] = settings.duckdb_path.parent
        if settings.duckdb_path.exists():
            # A build writes new rows before the old ones are free, and publication a copy of gold.
            needed += settings.duckdb_path.stat().st_size // 2
    wrong_ones = [
        finding for variable, place in places.items() for finding in _of_place(variable, place, needed)
    ]
    yield from wrong_ones
    if not wrong_ones:
        free = min(shutil.disk_usage(_existing(place)).free for place in places.values())
        yield well(_PART, f"has {free / 1e9:,.1f} GB free, and a run needs about {needed / 1e9:,.1f} GB.")


def _of_place(variable: str, place: Path, needed: int) -> Iterator[Finding]:
    folder = _existing(place)
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        yield wrong(
            _PART,
            f"{folder} may not be written to ({variable}).",
            "Let this user write there.",
        )
        return
    free = shutil.disk_usage(folder).free
    if free < needed:
        yield wrong(
            _PART,
            f"{folder} has {free / 1e9:,.1f} GB free ({variable}), a run may need {needed / 1e9:,.1f} GB.",
            "Make room, or name a folder on another disk. `jobmatch retain` moves old lines to archives.",
        )


def _existing(place: Path) -> Path:
    while not place.exists() and place != place.parent:
        place = place.parent
    return place
