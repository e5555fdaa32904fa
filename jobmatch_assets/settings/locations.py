"""Where the files lie that come with the platform, and where it keeps what it makes.

In a clone both is the clone's folder, wherever a command is started. Installed from a wheel, what comes
along lies in the package, where nothing is written, and what is made goes to the folder in which a command is
started.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]

PROJECT_DIR = _PACKAGE.parent
"""The folder that holds the package: that of the clone, where there is one."""


@cache
def is_clone() -> bool:
    """Whether this is a clone: setup.py puts the dbt project into the package of a wheel only."""
    return not (_PACKAGE / "dbt_project").is_dir()


def shipped(name: str) -> Path:
    """A file or folder that comes with the platform: dbt_project, dagster.yaml, workspace.yaml."""
    return (PROJECT_DIR if is_clone() else _PACKAGE) / name


def base_dir() -> Path:
    """Where default paths of what is made begin; relative where that is the working directory."""
    return PROJECT_DIR if is_clone() else Path()


def data_dir() -> Path:
    """Where everything goes that no setting puts elsewhere."""
    return (base_dir() / "data").absolute()


def kept_dir() -> Path:
    """Where that is kept which follows from versions alone and takes long to make; it may be removed."""
    return dbt_state_dir() / "target" / "kept"


def dbt_state_dir() -> Path:
    """Where dbt keeps what it learned of its project, in target/, and its logs/."""
    return shipped("dbt_project") if is_clone() else data_dir() / "dbt"
