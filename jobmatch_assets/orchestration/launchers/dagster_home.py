"""The folder DAGSTER_HOME: which it is, and whether it can be what it is for.

Dagster's own errors do not say what to do.
"""

import json
import os
import re
from pathlib import Path

from jobmatch_assets.settings import PROJECT_DIR, SettingsError
from jobmatch_assets.settings.locations import data_dir, is_clone, shipped

_LONGEST_ERROR = 400
_STORAGE = re.compile(r"^(\s*base_dir:\s*)data/dagster(\S*)$", re.MULTILINE)
_FIRST_COMMENT = re.compile(r"\A(#.*\n)+")
_WRITTEN = (
    "# Written anew by `jobmatch` where it differs from the one that comes with it. To change it, copy it\n"
    "# to a folder of your own, and set DAGSTER_HOME to that.\n"
)


def enter_dagster_home() -> Path:
    """The folder of DAGSTER_HOME, or of the platform where the variable is not set; it then is.

    Raises:
        SettingsError: It is no absolute path of a folder, or what must be written there cannot be.
    """
    home = _home()
    if not os.environ.get("DAGSTER_HOME") and not is_clone():
        _make(home)
    _refuse_unusable(home)
    os.environ["DAGSTER_HOME"] = str(home)
    if is_of_clone(home):
        os.chdir(PROJECT_DIR)  # dagster.yaml names its folders from here
    return home


def dagster_home() -> Path:
    """The same for a look: nothing is made, and no variable set. Without one, it need not be there yet.

    Raises:
        SettingsError: It is no absolute path of a folder, or may not be used.
    """
    home = _home()
    if os.environ.get("DAGSTER_HOME") or is_clone():
        _refuse_unusable(home)
    return home


def is_of_clone(home: Path) -> bool:
    """Whether it is the clone's own, with which commands start in the clone."""
    return is_clone() and home == PROJECT_DIR


def _home() -> Path:
    given = os.environ.get("DAGSTER_HOME")
    if given:
        return Path(given)
    return PROJECT_DIR if is_clone() else _own_storage()


def _refuse_unusable(home: Path) -> None:
    wrong = _what_is_wrong(home)
    if wrong:
        raise SettingsError(
            f"DAGSTER_HOME={home} {wrong}. Name a folder, by its absolute path, that exists and that this "
            "user may write to; it may hold a dagster.yaml like that of the project. Or unset DAGSTER_HOME: "
            f"Dagster's storage is then {_own_storage()}."
        )


def write_configuration(home: Path) -> None:
    """Give a folder the dagster.yaml that comes with the platform, with everything kept in that folder.

    Paths are relative there, to wherever Dagster is started. What is as it should be is not written again.
    """
    text = _FIRST_COMMENT.sub(_WRITTEN, shipped("dagster.yaml").read_text())
    text = _STORAGE.sub(lambda found: f"{found[1]}{json.dumps(f'{home}{found[2]}')}", text)
    home.mkdir(parents=True, exist_ok=True)
    file = home / "dagster.yaml"
    if not file.exists() or file.read_text() != text:
        unfinished = home / f"dagster.yaml.{os.getpid()}.tmp"
        unfinished.write_text(text)
        unfinished.replace(file)


def _own_storage() -> Path:
    return data_dir() / "dagster"


def _make(home: Path) -> None:
    try:
        write_configuration(home)
    except OSError as error:
        raise SettingsError(
            f"Dagster's storage cannot be made in {home}: {(error.strerror or str(error)).lower()}. Start in "
            "another folder, or set DAGSTER_HOME to one, by its absolute path, that exists and that this "
            "user may write to."
        ) from None


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
    elif is_of_clone(home) and not _may_be_made(_own_storage()):
        wrong = f"cannot be used: {_own_storage()} may not be written to"
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
