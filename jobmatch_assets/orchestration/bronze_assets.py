"""The ingestion asset: NDJSON files of a day into bronze/events_raw."""

from collections.abc import Iterator

import dagster as dg

from jobmatch_assets.contracts.bronze import BRONZE_SCHEMA, EVENTS_RAW, EVENTS_RAW_COLUMNS
from jobmatch_assets.dates import DateRange, with_day_before
from jobmatch_assets.orchestration.asset_events import asset_check_spec, asset_key
from jobmatch_assets.orchestration.asset_step import results_of
from jobmatch_assets.orchestration.column_schema import column_schema
from jobmatch_assets.orchestration.freshness import freshness_policy
from jobmatch_assets.orchestration.partitions import daily_partitions
from jobmatch_assets.pipeline.data_checks import data_check_specs
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.pipeline.steps.load import EVENTS_RAW_KEY, FILES_READABLE, load_files


def build_bronze_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """The assets that read the landing root."""

    @dg.multi_asset(
        name="load_events_raw",
        specs=[
            dg.AssetSpec(
                asset_key(EVENTS_RAW_KEY),
                description=(
                    "One row per line of every NDJSON file, exactly as it came, with the file and the line "
                    "it came from. Append-only; duplicates and broken lines stay. A partition holds the "
                    "files that were written for its day."
                ),
                group_name="bronze",
                owners=["data-engineering@example.com"],
                kinds={"python", platform.settings.target},
                freshness_policy=freshness_policy(platform.settings),
                metadata={
                    "dagster/table_name": f"{BRONZE_SCHEMA}.{EVENTS_RAW}",
                    "dagster/column_schema": column_schema(EVENTS_RAW_COLUMNS),
                },
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                FILES_READABLE,
                asset=asset_key(EVENTS_RAW_KEY),
                description="Every file and folder of the day could be read to its end and is in bronze.",
            ),
            *(
                asset_check_spec(spec)
                for spec in data_check_specs(platform)
                if spec.key.table == EVENTS_RAW_KEY
            ),
        ],
        partitions_def=daily_partitions(platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def load_events_raw(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        asked = DateRange.of_partition_keys(context.partition_keys)
        days = with_day_before(asked, platform.partitions).days
        yield from results_of(load_files(platform.for_run(context.run.run_id), days), days, context)

    return [load_events_raw]
