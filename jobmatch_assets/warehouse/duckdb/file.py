"""Opening the DuckDB file, which only one process may at a time: programs of others are waited for, too."""

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import duckdb

from jobmatch_assets.settings.readers import CATALOG_NAMES, names_a_catalog
from jobmatch_assets.text import printable
from jobmatch_assets.warehouse.duckdb.turns import may_take_turns, turn
from jobmatch_assets.warehouse.port import WarehouseError, WarehouseHeldError

_log = logging.getLogger(__name__)
_MAGIC_AT, _MAGIC = 8, b"DUCK"
_TEMPORARY = ".tmp"
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_A_MOMENT = 0.5
_LONGEST_NAME = 64
_CUT_OFF = "Could not read enough bytes"

STORAGE_VERSION = "v1.4.0"
"""The oldest DuckDB that can read the file. Unless told otherwise, DuckDB writes as its first versions did,
which packs texts worse and slower."""

_open_here: Counter[Path] = Counter()
_opening = threading.Lock()


@contextmanager
def open_file(
    path: Path, lock_timeout: float, memory_limit: int, wait: bool = True, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file, made if there is none, in UTC; closed when the block ends.

    Args:
        path: The DuckDB file.
        lock_timeout: Seconds to wait for a program of somebody else that has it open.
        memory_limit: Bytes of memory that DuckDB may take, for whoever in this process has the file open.
        wait: Wait so long; else only for those who have it open for a moment.
        read_only: Write nothing, and make no file.

    Raises:
        WarehouseHeldError: Another program keeps it open.
        WarehouseError: It is no DuckDB file, is cut off, or may not be written; or there is none to read.
    """
    if not names_a_catalog(path.resolve()):
        raise WarehouseError(
            f"JOBMATCH_DUCKDB_PATH leads to {path.resolve()}, whose name DuckDB cannot use: it must "
            f"{CATALOG_NAMES}. Rename the file and let the link lead to it."
        )
    if read_only and not path.exists():
        raise WarehouseError(
            f"There is no warehouse {path} (JOBMATCH_DUCKDB_PATH). `jobmatch run` makes it from the files "
            "that have landed."
        )
    path = path.resolve()
    with nullcontext() if read_only and not may_take_turns(path) else turn(path):
        connection = _connect(path, lock_timeout if wait else min(lock_timeout, _A_MOMENT), wait, read_only)
        try:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"set memory_limit = '{memory_limit // 1024}KiB'")
            connection.execute("set enable_progress_bar = false")
            yield connection
        except duckdb.IOException as error:
            if _CUT_OFF not in str(error):
                raise
            raise cut_off(path, str(error).splitlines()[0]) from None
        finally:
            connection.close()
            with _opening:
                _open_here[path] -= 1


def cut_off(path: Path, why: str) -> WarehouseError:
    """What to say of a file of which a part is missing."""
    return WarehouseError(
        f"JOBMATCH_DUCKDB_PATH={path} cannot be read: it is cut off ({why}). A backup takes its place, or "
        "a new warehouse from the landing root: docs/runbook.md, Lost or damaged."
    )


def _refuse_other_files(path: Path) -> None:
    """DuckDB opens files of some other programs, too, once it has fetched what it needs for it."""
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_AT + len(_MAGIC))
    except OSError:
        return  # DuckDB says why
    if head and head[_MAGIC_AT:] != _MAGIC:
        what = "a SQLite database" if head.startswith(b"SQLite") else "no DuckDB file"
        raise WarehouseError(
            f"JOBMATCH_DUCKDB_PATH={path} cannot be opened: it is {what}. Name a DuckDB file of version 1.x, "
            "or a path where one can be made. The file was left as it is."
        )


def _remove_left_files(path: Path) -> None:
    """Remove temporary files of a process that was killed: only who has the file open writes some."""
    for left in path.with_name(path.name + _TEMPORARY).glob("duckdb_temp_*"):
        with suppress(OSError):  # DuckDB says it of those that it cannot write
            left.unlink()


def _connect_at_once(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    with _opening:
        # DuckDB keeps others out by a POSIX lock, which a process loses as soon as it closes the file,
        # wherever in the process that is. So nothing else may open the file while a connection has it.
        if not _open_here[path]:
            _refuse_other_files(path)
        if not read_only and not path.exists():
            duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION}).close()
        connection = duckdb.connect(str(path), read_only=read_only)
        if not read_only and not _open_here[path]:
            _remove_left_files(path)
        _open_here[path] += 1
    return connection


def _connect(path: Path, patience: float, wait: bool, read_only: bool) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + patience
    pause = _FIRST_PAUSE
    told = False
    while True:
        try:
            return _connect_at_once(path, read_only)
        except duckdb.IOException as error:
            message = str(error)
            if _CUT_OFF in message:
                raise cut_off(path, message.splitlines()[0]) from None
            if "Could not set lock" not in message:
                raise WarehouseError(
                    f"JOBMATCH_DUCKDB_PATH={path} cannot be opened: {message.splitlines()[0]}. Name a "
                    "DuckDB file of version 1.x that this user may write, or a path where one can be made."
                ) from None
            holder = _holder(message)
            if time.monotonic() >= deadline and not wait:
                raise WarehouseHeldError(
                    f"{path} is held by {holder}, a SQL shell or a notebook for "
                    "example. Close that program; nothing is built meanwhile.",
                    str(path),
                    holder,
                ) from None
            if time.monotonic() >= deadline:
                raise WarehouseHeldError(
                    f"The warehouse {path} is held by {holder} and was not "
                    f"released within {patience:g} s. "
                    "Close that program (a SQL shell, a notebook, another run) or raise "
                    "JOBMATCH_LOCK_TIMEOUT, and run again. Nothing was changed.",
                    str(path),
                    holder,
                ) from None
            if not told:
                _log.info("waiting for %s, held by %s", path, holder)
                told = True
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _holder(message: str) -> str:
    """Who has the file open, as far as the system tells; a process in a container has no number here."""
    found = re.search(r"PID ([1-9][0-9]*)", message)
    if not found:
        return "another process"
    name = ""
    with suppress(OSError), Path(f"/proc/{found[1]}/comm").open(errors="replace") as file:
        name = printable(file.read(_LONGEST_NAME).strip())
    return f"another process (process {found[1]})" + (f", the program {name}" if name else "")
