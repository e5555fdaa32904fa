"""The asset gold/ab_results: statistics in Python on sums that the warehouse computed."""

from collections.abc import Iterator

import dagster as dg

from jobmatch_assets.contracts.bronze import GOLD_SCHEMA
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS
from jobmatch_assets.metrics.experiment_registry import RegistryError, read_registry
from jobmatch_assets.orchestration.bronze_assets import WAREHOUSE_POOL
from jobmatch_assets.orchestration.column_schema import column_schema
from jobmatch_assets.orchestration.dbt_checks import check_result, fail_if_broken, tests_of_source
from jobmatch_assets.orchestration.dbt_project import DbtError
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.orchestration.rebuild_queue import ready
from jobmatch_assets.warehouse.port import WarehouseError

AB_RESULTS = "ab_results"
AB_RESULTS_KEY = dg.AssetKey(["gold", AB_RESULTS])
SUMS_KEY = dg.AssetKey(["gold", "ab_cumulative_sums"])
_SOURCE = "source.jobmatch.statistics.ab_results"


def build_ab_results_asset(platform: Platform) -> dg.AssetsDefinition:
    """The asset that compares variants; its checks are the dbt tests of the table."""
    manifest = platform.dbt.manifest
    tests = tests_of_source(manifest, _SOURCE)

    @dg.multi_asset(
        name="compare_variants",
        specs=[
            dg.AssetSpec(
                AB_RESULTS_KEY,
                deps=[SUMS_KEY],
                description=manifest["sources"][_SOURCE]["description"],
                group_name="gold",
                owners=["product-analytics@example.com"],
                kinds={"python", platform.settings.target},
                metadata={
                    "dagster/table_name": f"{GOLD_SCHEMA}.{AB_RESULTS}",
                    "dagster/column_schema": column_schema(AB_RESULTS_COLUMNS),
                },
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(name, asset=AB_RESULTS_KEY, description=description or None)
            for name, description in tests.items()
        ],
        partitions_def=daily_partitions(platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def compare_variants(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        from jobmatch_assets.metrics.ab_results import compute_ab_results

        window = DateRange.of_partition_keys(context.partition_keys)
        try:
            registry = read_registry(platform.settings.experiments)
            warehouse = platform.warehouse()
            warehouse.prepare()
            waiting = ready(warehouse, "experiments")
            last = warehouse.last_event_date()
            sums = warehouse.rows("gold", SUMS_KEY.path[-1], window.first, window.last)
            warehouse.replace_rows(
                "gold", AB_RESULTS, window.first, window.last, compute_ab_results(sums.to_pandas(), registry)
            )
            rows = warehouse.rows_by_date("gold", AB_RESULTS, window.first, window.last)
            for day in window.days:
                context.add_asset_metadata(
                    {"dagster/partition_row_count": rows.get(day, 0)}, AB_RESULTS_KEY, day.isoformat()
                )
            yield dg.MaterializeResult(asset_key=AB_RESULTS_KEY)
            results = platform.dbt.build(sorted(tests), window)
            for result in results:
                yield check_result(dg.AssetCheckKey(AB_RESULTS_KEY, result.name), result, warehouse)
            fail_if_broken(results, window)
            # What was asked for runs from its first date to the end.
            if last is None or last <= window.last:
                warehouse.unqueue(
                    "experiments", [entry for entry in waiting if entry.event_date >= window.first]
                )
        except (RegistryError, WarehouseError, DbtError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    return compare_variants
