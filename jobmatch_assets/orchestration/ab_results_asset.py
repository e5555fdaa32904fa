"""The asset gold/ab_results."""

from collections.abc import Iterator

import dagster as dg

from jobmatch_assets.checks.registered_variants import variants_are_registered_spec
from jobmatch_assets.contracts.bronze import GOLD_SCHEMA
from jobmatch_assets.dates import DateRange
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS
from jobmatch_assets.orchestration.asset_events import asset_check_spec, asset_key
from jobmatch_assets.orchestration.asset_step import results_of
from jobmatch_assets.orchestration.column_schema import column_schema
from jobmatch_assets.orchestration.freshness import freshness_policy
from jobmatch_assets.orchestration.partitions import daily_partitions
from jobmatch_assets.pipeline.data_checks import data_check_specs
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.compare_variants import (
    AB_RESULTS,
    AB_RESULTS_KEY,
    AB_RESULTS_SOURCE,
    SUMS_KEY,
    compare_variants,
)
from jobmatch_assets.pipeline.steps.dbt_tests import tests_of_source


def build_ab_results_asset(platform: Platform) -> dg.AssetsDefinition:
    """The asset that compares variants; its checks are the dbt tests of the table."""
    manifest = platform.dbt.manifest
    tests = tests_of_source(manifest, AB_RESULTS_SOURCE)

    @dg.multi_asset(
        name="compare_variants",
        specs=[
            dg.AssetSpec(
                asset_key(AB_RESULTS_KEY),
                deps=[asset_key(SUMS_KEY)],
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
                dg.AssetCheckSpec(name, asset=asset_key(AB_RESULTS_KEY), description=description or None)
                for name, description in tests.items()
            ),
            asset_check_spec(variants_are_registered_spec()),
            *(
                asset_check_spec(spec)
                for spec in data_check_specs(platform)
                if spec.key.table == AB_RESULTS_KEY
            ),
        ],
        partitions_def=daily_partitions(platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def materialize_ab_results(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        days = DateRange.of_partition_keys(context.partition_keys).days

        def compared() -> Iterator[StepEvent]:
            yield from compare_variants(platform.for_run(context.run.run_id), days)
            platform.warehouse().publish()

        yield from results_of(compared(), days, context)

    return materialize_ab_results
