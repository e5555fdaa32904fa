"""Where is kept what was learned of the project, and takes long to learn again."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from jobmatch_assets.settings.locations import dbt_state_dir


def state_of(target: str) -> Path:
    """The folder of what was learned with a target."""
    return writable(dbt_state_dir() / "target" / target)


def writable(folder: Path) -> Path:
    """The folder, or in its place one that ends with this process where that may not be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _scratch() / folder.name
    return folder if os.access(folder, os.W_OK) else _scratch() / folder.name


@cache
def _scratch() -> Path:
    folder = tempfile.mkdtemp(prefix="jobmatch-dbt-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
