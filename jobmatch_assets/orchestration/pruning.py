"""Dagster's own storage: old runs, their events and logs, and ticks of sensors and schedules are removed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_AT_ONCE = 100


@dataclass(frozen=True)
class Pruned:
    """What was removed.

    Attributes:
        before: The moment that it lay before.
        runs: How many runs.
    """

    before: dt.datetime
    runs: int


def prune(instance: dg.DagsterInstance, last: dt.date, days: int) -> Pruned:
    """Remove ended runs that began more than some days before a date, with all that they left, and ticks.

    A run that materialized an asset last stays, so that the UI can say since when the asset is as it is.

    Args:
        instance: Where they are kept.
        last: The last date of the data.
        days: How many days stay, besides the last.
    """
    before = dt.datetime.combine(last - dt.timedelta(days=days), dt.time(), dt.UTC)
    kept = set(_last_runs(instance))
    old = [run for run in _old_runs(instance, before) if run not in kept]
    for run_id in old:
        _delete(instance, run_id)
    for state in instance.all_instigator_state() if instance.schedule_storage else ():
        instance.purge_ticks(state.instigator_origin_id, state.selector_id, before.timestamp())
    return Pruned(before, len(old))


def _last_runs(instance: dg.DagsterInstance) -> Iterator[str]:
    for key in instance.all_asset_keys():
        event = instance.get_latest_materialization_event(key)
        if event is not None:
            yield event.run_id


def _old_runs(instance: dg.DagsterInstance, before: dt.datetime) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        records = instance.get_run_records(
            dg.RunsFilter(statuses=_ENDED, created_before=before), limit=_AT_ONCE, cursor=cursor
        )
        if not records:
            return found
        found += [record.dagster_run.run_id for record in records]
        cursor = found[-1]


def _delete(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete a run, the file that SQLite keeps its events in, and what its steps printed."""
    instance.delete_run(run_id)
    path_of = getattr(instance.event_log_storage, "path_for_shard", None)
    if path_of is not None:
        path = Path(path_of(run_id))
        for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))):
            file.unlink(missing_ok=True)
    with suppress(NotImplementedError):  # logs that are kept elsewhere have rules of their own
        instance.compute_log_manager.delete_logs(prefix=[run_id])
