"""Taking turns: the processes of the platform work on the DuckDB file one after the other.

DuckDB turns a second process away, and dbt gives up at once. A lock on a file beside it makes the processes
of the platform wait instead; it goes away with the process that holds it, however that ends, and a forked
process does not inherit it.
"""

import datetime as dt
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseError

_log = logging.getLogger(__name__)
_PAUSE = 0.05
_SECONDS_BETWEEN_LOG_LINES = 60.0
_LONGEST_HOLDER = 200


@contextmanager
def turn(path: Path, wait: bool = True, run_id: str = "") -> Iterator[None]:
    """The turn of this thread at the file; taken again inside, it is the same turn.

    Args:
        path: The DuckDB file.
        wait: Wait for the others, however long their work takes.
        run_id: The Dagster run that takes it, for those who wait meanwhile.

    Raises:
        WarehouseBusyError: Another has the turn and `wait` is false.
        WarehouseError: The lock file cannot be made.
    """
    path = path.resolve()  # one lock for a file, by whatever link it is reached
    # One object for a path, so that a thread which takes it again counts; without flock there is no turn.
    lock = FileLock(_lock_of(path), is_singleton=True, fallback_to_soft=False)
    is_first = not lock.is_locked
    _take(lock, path, wait)
    try:
        if is_first:
            _sign(path, _signature(run_id))
        yield
    finally:
        if is_first:
            _sign(path, "")
        lock.release()


def may_take_turns(path: Path) -> bool:
    """Whether there is a lock file, and this user may use it; without one nobody has been at work."""
    lock = _lock_of(path.resolve())
    return os.access(lock, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _take(lock: FileLock, path: Path, wait: bool) -> None:
    told: float | None = None
    while not _taken(lock, path):
        if not wait:
            raise WarehouseBusyError(f"{path} is in use by {_holder(path)}.")
        now = time.monotonic()
        if told is None or now - told > _SECONDS_BETWEEN_LOG_LINES:
            _log.info("waiting for %s, at work on %s", _holder(path), path)
            told = now
        time.sleep(_PAUSE)


def _taken(lock: FileLock, path: Path) -> bool:
    """Whether the lock could be had at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        return False
    except OSError as error:
        raise WarehouseError(
            f"{lock.lock_file} cannot be opened: {error.strerror}. JOBMATCH_DUCKDB_PATH={path} must name a "
            "file in a folder that exists or can be made, and that this user may write to."
        ) from None
    return True


def _signature(run_id: str) -> str:
    who = f"run {run_id[:8]}, " if run_id else ""
    now = dt.datetime.now(dt.UTC)
    return f"{who}process {os.getpid()} on {socket.gethostname()} since {now:%Y-%m-%d %H:%M:%S} UTC"


def _sign(path: Path, text: str) -> None:
    """Write into the lock file who has the turn; nothing where nobody has."""
    with suppress(OSError):  # on a full disk nobody reads who it is
        _lock_of(path).write_text(text)


def _holder(path: Path) -> str:
    """Who has the turn; the lock file may be anybody's."""
    text = ""
    with suppress(OSError), _lock_of(path).open(errors="replace") as file:
        text = file.read(_LONGEST_HOLDER)
    return "".join(filter(str.isprintable, text)) or "another process"
