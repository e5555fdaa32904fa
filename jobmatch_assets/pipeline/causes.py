"""What an error that nobody foresaw comes down to, and what to do where many steps may meet it."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# What the operating system, DuckDB and SQLite say.
_NO_SPACE = re.compile(
    r"no space left|database or disk is full|disk quota exceeded|file too large|disk i/o error"
    r"|could not write all bytes|could not write to file|max_temp_directory_size",
    re.IGNORECASE,
)
_NO_MEMORY = re.compile(
    r"out of memory|failed to allocate|could not allocate|failed to pin block", re.IGNORECASE
)
# Of the engines of the platform, only Dagster's storage is SQLite.
_DAMAGED_STORAGE = re.compile(r"file is not a database|database disk image is malformed", re.IGNORECASE)
_NO_SPACE_CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FILE = re.compile(r"""["'](/[^"'\n]+)["']""")
_LONGEST = 500


def cause_of(error: BaseException) -> str:
    """The message of what an error was raised from, with what to do where something is full."""
    errors = list(_chain(error))
    said = f"{type(errors[-1]).__name__}: {_shortened(str(errors[-1]))}"
    return with_advice(said, *errors)


def with_advice(message: str, *errors: BaseException) -> str:
    """A message, and what to do where it, or an error, tells of a full disk or memory, or damaged storage."""
    texts = [message, *map(str, errors)]
    if any(_NO_SPACE.search(text) for text in texts) or any(
        isinstance(error, OSError) and error.errno in _NO_SPACE_CODES for error in errors
    ):
        named = next(filter(None, map(_file_of, errors)), None) or _path_in(message)
        places = [named] if named else [os.environ.get("DAGSTER_HOME", ""), tempfile.gettempdir()]
        free = ", ".join(_free(place) for place in places if place)
        return (
            f"{_sentence(message)} No space seems to be left{f' for {named}' if named else ''} ({free}). "
            "Make room, or name another disk (JOBMATCH_DUCKDB_PATH, JOBMATCH_PUBLISHED_PATH, DAGSTER_HOME, "
            "TMPDIR), and run again: what was loaded stays, and the next run goes on from there."
        )
    if any(isinstance(error, MemoryError) for error in errors) or any(map(_NO_MEMORY.search, texts)):
        return (
            f"{_sentence(message)} The memory did not do. Close other programs, build fewer dates at once "
            "(`jobmatch run --from … --to …`), or raise JOBMATCH_MEMORY_LIMIT where the machine has more; "
            "what was loaded stays."
        )
    if any(map(_DAMAGED_STORAGE.search, texts)):
        return (
            f"{_sentence(message)} Dagster's storage ({os.environ.get('DAGSTER_HOME', 'DAGSTER_HOME')}) is "
            "damaged. `jobmatch doctor` says which file: stop `dagster dev`, and put the file back from a "
            "backup or move its folder away; tables do not depend on it (docs/runbook.md, Lost or damaged)."
        )
    return message


def _file_of(error: BaseException) -> str | None:
    if isinstance(error, OSError) and (error.filename2 or error.filename):
        return str(error.filename2 or error.filename)
    return _path_in(str(error))


def _path_in(message: str) -> str | None:
    # SQLite names no file; what its message quotes are values.
    found = None if "sqlite3" in message else _FILE.search(message)
    return found[1] if found else None


def _sentence(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _free(place: str) -> str:
    path = Path(place)
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return f"{shutil.disk_usage(path).free / 1e6:,.1f} MB free in {path}"


def _shortened(message: str) -> str:
    line = message.strip().partition("\n")[0].rstrip(".")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
