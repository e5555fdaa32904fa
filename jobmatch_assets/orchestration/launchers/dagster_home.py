"""Whether the folder DAGSTER_HOME can be what it is for: Dagster's own errors do not say what to do."""

import os
from pathlib import Path

from jobmatch_assets.settings import PROJECT_DIR, SettingsError

_LONGEST_ERROR = 400
_OWN_STORAGE = PROJECT_DIR / "data" / "dagster"


def check_dagster_home(home: Path) -> None:
    """Refuse a folder in which Dagster could not keep what it knows of runs.

    Args:
        home: Value of DAGSTER_HOME.

    Raises:
        SettingsError: It is no absolute path of a folder, or what must be written there cannot be.
    """
    wrong = _what_is_wrong(home)
    if wrong:
        raise SettingsError(
            f"DAGSTER_HOME={home} {wrong}. Name a folder, by its absolute path, that exists and that this "
            "user may write to; it may hold a dagster.yaml like that of the project. Or unset DAGSTER_HOME: "
            f"Dagster's storage is then {_OWN_STORAGE}."
        )


def _what_is_wrong(home: Path) -> str:
    """What keeps Dagster from using the folder; empty where nothing does."""
    configuration = home / "dagster.yaml"
    if not home.is_absolute():
        wrong = "is not an absolute path"
    elif not home.exists():
        wrong = "does not exist"
    elif not home.is_dir():
        wrong = "is not a folder"
    elif configuration.exists() and (error := _configuration_error(home)):
        wrong = f"holds a dagster.yaml that Dagster does not understand: {error}"
    elif home == PROJECT_DIR and not _may_be_made(_OWN_STORAGE):
        wrong = f"cannot be used: {_OWN_STORAGE} may not be written to"
    # A dagster.yaml may put everything elsewhere, into a database for example.
    elif not configuration.exists() and not _may_be_made(home / "storage"):
        wrong = "may not be written to"
    else:
        wrong = ""
    return wrong


def _configuration_error(home: Path) -> str:
    from dagster._core.instance.config import dagster_instance_config

    try:
        dagster_instance_config(str(home))
    except Exception as error:
        # What Dagster expected instead fills a screen.
        text = " ".join(str(error).partition("Expected: ")[0].split())
        return text[:_LONGEST_ERROR].rstrip(". ")
    return ""


def _may_be_made(folder: Path) -> bool:
    """Whether this user may write to the folder, or make it."""
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(
        folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids
    )
