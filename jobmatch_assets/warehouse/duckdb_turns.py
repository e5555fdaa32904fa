"""Taking turns: the processes of the platform work on the DuckDB file one after the other.

DuckDB turns a second process away, and dbt gives up at once. A lock on a file beside it makes the processes
of the platform wait instead; it goes away with the process that holds it, however that ends.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseError

_log = logging.getLogger(__name__)
_PAUSE = 0.05
_SECONDS_BETWEEN_LOG_LINES = 60.0

_held = threading.local()


@contextmanager
def turn(path: Path, wait: bool = True) -> Iterator[None]:
    """The turn of this thread at the file; taken again inside, it is the same turn.

    Args:
        path: The DuckDB file.
        wait: Wait for the others, however long their work takes.

    Raises:
        WarehouseBusyError: Another has the turn and `wait` is false.
        WarehouseError: The lock file cannot be made.
    """
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
        try:
            yield
        finally:
            depths[path] = 0
    finally:
        os.close(descriptor)


def may_take_turns(path: Path) -> bool:
    """Whether there is a lock file, and this user may use it; without one nobody has been at work."""
    return os.access(_lock_of(path), os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids)


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
                raise WarehouseBusyError(f"Another run is at work on {path}.") from None
        now = time.monotonic()
        if told is None or now - told > _SECONDS_BETWEEN_LOG_LINES:
            _log.info("waiting for another run that is at work on %s", path)
            told = now
        time.sleep(_PAUSE)
