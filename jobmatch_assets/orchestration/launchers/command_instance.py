"""The Dagster instance of a command: the one that the UI shows, made whole where it is new."""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg
from dagster._utils.concurrency import ConcurrencyClaimStatus, ConcurrencySlotStatus

from jobmatch_assets.orchestration.launchers.dagster_home import enter_dagster_home
from jobmatch_assets.orchestration.launchers.dead_runs import end_dead_runs
from jobmatch_assets.orchestration.launchers.kept_connections import keeping_connections
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOG_LINES = 60.0
_PAUSE = 1.0
_ATTEMPTS = 10
# What SQLite says to the slower of two that make Dagster's tables at the same time.
_MADE_BY_ANOTHER = ("already exists", "database is locked", "UNIQUE constraint failed: alembic_version")


@contextmanager
def command_instance(has_turns: bool) -> Iterator[dg.DagsterInstance]:
    """The instance of DAGSTER_HOME, or of the platform, for runs within this process.

    Dagster's pools are made for runs that its daemon starts: it lets a run in this process wait for its place
    without a pause and without a word, and one that is killed keeps its place until a daemon takes it away.

    Args:
        has_turns: Whether processes take turns at the warehouse by themselves. Then runs take no place in a
            pool; else they do, and say for whom they wait.

    Raises:
        SettingsError: DAGSTER_HOME names no folder that can be one.
    """
    with _made_by_one(enter_dagster_home()):
        instance = _opened()
    with keeping_connections(), instance:
        claim = _claim_nothing if has_turns else _patient_claim(instance)
        instance.event_log_storage.claim_concurrency_slot = claim  # type: ignore[assignment, method-assign]
        yield instance


@contextmanager
def _made_by_one(home: Path) -> Iterator[None]:
    """Keeps a second command from making the same tables meanwhile."""
    descriptor = os.open(home, os.O_RDONLY)
    try:
        with suppress(OSError):  # a network file system that locks no folders
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _opened() -> dg.DagsterInstance:
    """Open the instance; `dagster dev` may be making its tables at this moment."""
    from sqlalchemy.exc import DatabaseError

    attempts = 0
    while True:
        try:
            return dg.DagsterInstance.get()
        except DatabaseError as error:
            attempts += 1
            if attempts == _ATTEMPTS or not any(text in str(error) for text in _MADE_BY_ANOTHER):
                raise
        time.sleep(attempts / 10)


def _claim_nothing(concurrency_key: str, *_step: str | int | None) -> ConcurrencyClaimStatus:
    return ConcurrencyClaimStatus(concurrency_key=concurrency_key, slot_status=ConcurrencySlotStatus.CLAIMED)


def _patient_claim(instance: dg.DagsterInstance) -> Callable[..., ConcurrencyClaimStatus]:
    """Claims a place, and where there is none takes away those of the dead, says who has it, and pauses."""
    claim_at_once = instance.event_log_storage.claim_concurrency_slot
    told: float | None = None

    def claim(
        concurrency_key: str, run_id: str, step_key: str, priority: int | None = None
    ) -> ConcurrencyClaimStatus:
        nonlocal told
        status = claim_at_once(concurrency_key, run_id, step_key, priority)
        if status.is_claimed:
            return status
        for dead in end_dead_runs(instance):
            _log.warning("%s", dead)
        now = time.monotonic()
        if told is None or now - told > _SECONDS_BETWEEN_LOG_LINES:
            _log.info("waiting for %s", _holders(instance, concurrency_key) or "a place at the warehouse")
            told = now
        time.sleep(_PAUSE)
        paused: ConcurrencyClaimStatus = status.with_sleep_interval(0.0)
        return paused

    return claim


def _holders(instance: dg.DagsterInstance, pool: str) -> str:
    """The runs that have the places of a pool, e.g. "run 1a2b3c4d (process 123 on host, since …)"."""
    slots = instance.event_log_storage.get_concurrency_info(pool).claimed_slots
    return " and ".join(_described(instance, run_id) for run_id in sorted({slot.run_id for slot in slots}))


def _described(instance: dg.DagsterInstance, run_id: str) -> str:
    record = instance.get_run_record_by_id(run_id)
    if record is None:
        return f"run {run_id[:8]}, of which Dagster knows nothing"
    mark = ProcessMark.of_tags(record.dagster_run.tags)
    since = f"since {record.create_timestamp:%Y-%m-%d %H:%M:%S} UTC"
    return f"run {run_id[:8]} ({mark}, {since})" if mark else f"run {run_id[:8]} ({since})"
