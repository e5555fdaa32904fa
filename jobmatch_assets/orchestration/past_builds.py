"""When a partition was built, as Dagster remembers it."""

import datetime as dt
from dataclasses import dataclass

import dagster as dg

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.orchestration.asset_events import asset_key, row_count_of

_MOST = 50


@dataclass(frozen=True)
class PastBuild:
    """A build of a partition.

    Attributes:
        at: When it was done.
        run_id: The run.
        rows: How many rows the partition had then; None where that was not noted.
    """

    at: dt.datetime
    run_id: str
    rows: int | None


def past_builds(instance: dg.DagsterInstance, table: TableKey, partition: dt.date) -> list[PastBuild]:
    """Builds of a partition, the newest first; of runs that were removed from the storage none is known."""
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=asset_key(table), asset_partitions=[partition.isoformat()]),
        limit=_MOST,
    )
    builds = []
    for record in found.records:
        materialization = record.asset_materialization
        rows = row_count_of(materialization) if materialization else None
        builds.append(PastBuild(dt.datetime.fromtimestamp(record.timestamp, dt.UTC), record.run_id, rows))
    return builds
