"""Taking turns: the processes of the platform work on the DuckDB file one after the other.

DuckDB turns a second process away, and dbt gives up at once. A lock on a file beside it makes the processes
of the platform wait instead; it goes away with the process that holds it, however that ends.
"""

import datetime as dt
import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseError

_log = logging.getLogger(__name__)
_PAUSE = 0.05
_SECONDS_BETWEEN_LOG_LINES = 60.0
_LONGEST_HOLDER = 200

_held = threading.local()


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
    depths: dict[Path, int] = _held.__dict__.setdefault("depths", {})
    if depths.get(path):
        depths[path] += 1
        try:
            yield
        finally:
            depths[path] -= 1
        return
    descriptor = _open_lock(path)
    try:
        _take(descriptor, path, wait)
        depths[path] = 1
        _sign(descriptor, run_id)
        try:
            yield
        finally:
            depths[path] = 0
            _sign(descriptor, None)
    finally:
        os.close(descriptor)


def may_take_turns(path: Path) -> bool:
    """Whether there is a lock file, and this user may use it; without one nobody has been at work."""
    lock = _lock_of(path.resolve())
    return os.access(lock, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _open_lock(path: Path) -> int:
    lock = _lock_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise WarehouseError(
            f"{lock} cannot be opened: {error.strerror}. JOBMATCH_DUCKDB_PATH={path} must name a file in a "
            "folder that exists or can be made, and that this user may write to."
        ) from None


def _take(descriptor: int, path: Path, wait: bool) -> None:
    told: float | None = None
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not wait:
                raise WarehouseBusyError(f"{path} is in use by {_holder(descriptor)}.") from None
        now = time.monotonic()
        if told is None or now - told > _SECONDS_BETWEEN_LOG_LINES:
            _log.info("waiting for %s, at work on %s", _holder(descriptor), path)
            told = now
        time.sleep(_PAUSE)


def _sign(descriptor: int, run_id: str | None) -> None:
    """Write into the lock file who has the turn, or with None that nobody has."""
    text = ""
    if run_id is not None:
        who = f"run {run_id[:8]}, " if run_id else ""
        now = dt.datetime.now(dt.UTC)
        text = f"{who}process {os.getpid()} on {socket.gethostname()} since {now:%Y-%m-%d %H:%M:%S} UTC"
    with suppress(OSError):  # on a full disk nobody reads who it is
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _holder(descriptor: int) -> str:
    """Who has the turn; the lock file may be anybody's."""
    text = os.pread(descriptor, _LONGEST_HOLDER, 0).decode(errors="replace")
    return "".join(filter(str.isprintable, text)) or "another process"
