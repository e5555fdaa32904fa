"""The asset gold/ab_results."""

from collections.abc import Iterator

import dagster as dg

from jobmatch_assets.contracts.bronze import GOLD_SCHEMA
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS
from jobmatch_assets.metrics.experiment_registry import RegistryError
from jobmatch_assets.orchestration.check_outcome import CheckOutcome
from jobmatch_assets.orchestration.column_schema import column_schema
from jobmatch_assets.orchestration.data_checks import data_check_specs
from jobmatch_assets.orchestration.dbt_checks import tests_of_source
from jobmatch_assets.orchestration.dbt_project import DbtError
from jobmatch_assets.orchestration.dbt_step import held_back_message
from jobmatch_assets.orchestration.experiments_step import (
    AB_RESULTS,
    AB_RESULTS_KEY,
    AB_RESULTS_SOURCE,
    SUMS_KEY,
    compare_variants,
)
from jobmatch_assets.orchestration.freshness import freshness_policy
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions
from jobmatch_assets.orchestration.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.orchestration.table_built import as_result
from jobmatch_assets.warehouse.port import WarehouseError


def build_ab_results_asset(platform: Platform) -> dg.AssetsDefinition:
    """The asset that compares variants; its checks are the dbt tests of the table."""
    manifest = platform.dbt.manifest
    tests = tests_of_source(manifest, AB_RESULTS_SOURCE)

    @dg.multi_asset(
        name="compare_variants",
        specs=[
            dg.AssetSpec(
                AB_RESULTS_KEY,
                deps=[SUMS_KEY],
                description=manifest["sources"][AB_RESULTS_SOURCE]["description"],
                group_name="gold",
                owners=["product-analytics@example.com"],
                kinds={"python", platform.settings.target},
                freshness_policy=freshness_policy(platform.settings),
                metadata={
                    "dagster/table_name": f"{GOLD_SCHEMA}.{AB_RESULTS}",
                    "dagster/column_schema": column_schema(AB_RESULTS_COLUMNS),
                },
            )
        ],
        check_specs=[
            *(
                dg.AssetCheckSpec(name, asset=AB_RESULTS_KEY, description=description or None)
                for name, description in tests.items()
            ),
            *(spec for spec in data_check_specs(platform) if spec.asset_key == AB_RESULTS_KEY),
        ],
        partitions_def=daily_partitions(platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def materialize_ab_results(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        days = DateRange.of_partition_keys(context.partition_keys).days
        outcomes = []
        try:
            for event in compare_variants(platform.for_run(context.run_id), days):
                if isinstance(event, CheckOutcome):
                    outcomes.append(event)
                yield as_result(event, context)
            platform.warehouse().publish()
        except (RegistryError, WarehouseError, DbtError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        if problem := held_back_message(outcomes, days):
            raise dg.Failure(problem, allow_retries=False)

    return materialize_ab_results
