"""The ingestion asset: NDJSON files of a day into bronze/events_raw."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from jobmatch_assets.contracts.bronze import BRONZE_SCHEMA, EVENTS_RAW, EVENTS_RAW_COLUMNS
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.orchestration.column_schema import column_schema
from jobmatch_assets.orchestration.dbt_project import DbtError
from jobmatch_assets.orchestration.loading import LoadReport, load_new_files
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.warehouse.port import Warehouse, WarehouseError

EVENTS_RAW_KEY = dg.AssetKey(["bronze", EVENTS_RAW])
FILES_READABLE = "files_are_readable"
WAREHOUSE_POOL = "warehouse"
_MOST_EVENT_DATES = 100_000


def build_bronze_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """The assets that read the landing root."""

    @dg.multi_asset(
        name="load_events_raw",
        specs=[
            dg.AssetSpec(
                EVENTS_RAW_KEY,
                description=(
                    "One row per line of every NDJSON file, exactly as it came, with the file and the line "
                    "it came from. Append-only; duplicates and broken lines stay. A partition holds the "
                    "files that were written for its day."
                ),
                group_name="bronze",
                owners=["data-engineering@example.com"],
                kinds={"python", platform.settings.target},
                metadata={
                    "dagster/table_name": f"{BRONZE_SCHEMA}.{EVENTS_RAW}",
                    "dagster/column_schema": column_schema(EVENTS_RAW_COLUMNS),
                },
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                FILES_READABLE,
                asset=EVENTS_RAW_KEY,
                description="Every file of the day could be read to its end and is in bronze.",
            )
        ],
        partitions_def=daily_partitions(platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def load_events_raw(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        days = DateRange.of_partition_keys(context.partition_keys)
        started = time.monotonic()
        try:
            warehouse = platform.warehouse()
            warehouse.prepare()
            report = load_new_files(platform.landing(), warehouse, set(days.days))
            rows = warehouse.rows_by_date("bronze", EVENTS_RAW, days.first, days.last)
            dates = _event_dates(platform, warehouse, days)
        except (LandingError, WarehouseError, DbtError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        seconds = time.monotonic() - started
        for day in days.days:
            metadata = _metadata(report.of_day(day), rows.get(day, 0), dates[day], seconds)
            context.add_asset_metadata(metadata, EVENTS_RAW_KEY, day.isoformat())
        yield dg.MaterializeResult(asset_key=EVENTS_RAW_KEY)
        yield _readable(report)

    return [load_events_raw]


def _event_dates(platform: Platform, warehouse: Warehouse, days: DateRange) -> dict[dt.date, list[dt.date]]:
    """{file day: the event dates that its lines fall on}."""
    query = platform.dbt.compile(f"{{{{ event_dates_of_files('{days.first}', '{days.last}') }}}}")
    dates: dict[dt.date, list[dt.date]] = defaultdict(list)
    for row in warehouse.query(query, _MOST_EVENT_DATES):
        dates[row["_source_dt"]].append(row["event_date"])
    return dates


def _metadata(
    report: LoadReport, rows: int, event_dates: Sequence[dt.date], seconds: float
) -> dict[str, dg.MetadataValue]:
    """What the partition holds and what is new: a second load brings nothing, and is not empty."""
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(rows),
        "event dates": dg.MetadataValue.text(", ".join(map(str, event_dates)) or "none"),
        "new files": dg.MetadataValue.int(len(report.loaded)),
        "new files with known content": dg.MetadataValue.int(len(report.same_content)),
        "new lines": dg.MetadataValue.int(sum(record.lines for record in report.loaded)),
        "new bytes": dg.MetadataValue.int(sum(record.bytes for record in report.loaded)),
        "seconds (whole run)": dg.MetadataValue.float(round(seconds, 3)),
    }


def _readable(report: LoadReport) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=EVENTS_RAW_KEY,
        check_name=FILES_READABLE,
        passed=not report.unreadable,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(report.unreadable.values()) or None,
        metadata={"unreadable files": len(report.unreadable)},
    )
