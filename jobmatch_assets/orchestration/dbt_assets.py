"""The assets that dbt builds, a step per layer: staging by file day, all others by event date."""

from collections.abc import Iterator

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from jobmatch_assets.contracts.keys import CheckSpec
from jobmatch_assets.dates import DateRange, with_day_before
from jobmatch_assets.orchestration.asset_events import asset_check_key, asset_check_spec, asset_key, table_key
from jobmatch_assets.orchestration.asset_step import results_of
from jobmatch_assets.orchestration.freshness import freshness_policy
from jobmatch_assets.orchestration.partitions import daily_partitions
from jobmatch_assets.orchestration.translator import LayerTranslator
from jobmatch_assets.pipeline.data_checks import data_check_specs
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.build import LAYERS, STAGING, Layer, Selection, build_layer
from jobmatch_assets.pipeline.steps.dbt_tests import checks_of_models, description_of


def build_dbt_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """The dbt models as assets, a step per layer."""
    translator = LayerTranslator()
    return [_layer_assets(platform, layer, translator) for layer in LAYERS]


def _layer_assets(platform: Platform, layer: Layer, translator: LayerTranslator) -> dg.AssetsDefinition:
    manifest = platform.dbt.manifest
    partitions = daily_partitions(platform.settings)
    specs = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=translator, select=layer.select)
    policy = freshness_policy(platform.settings)
    tests = checks_of_models(manifest)
    keys = {spec.key for spec in specs}
    checks = {
        asset_check_key(spec.key): spec
        for spec in data_check_specs(platform)
        if asset_key(spec.key.table) in keys
    }

    @dg.multi_asset(
        name=layer.step,
        specs=[spec.replace_attributes(skippable=True, freshness_policy=policy) for spec in specs],
        check_specs=[
            *(
                asset_check_spec(CheckSpec(key, description_of(manifest, name) or ""))
                for name, key in tests.items()
                if asset_key(key.table) in keys
            ),
            *map(asset_check_spec, checks.values()),
        ],
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
        can_subset=True,
    )
    def materialize_layer(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        # Checks that are executed by themselves have no partition: they look at every date.
        is_partitioned = context.has_partition_key or context.has_partition_key_range
        asked = DateRange.of_partition_keys(
            context.partition_keys if is_partitioned else partitions.get_partition_keys()
        )
        days = (with_day_before(asked, platform.partitions) if layer is STAGING else asked).days
        models = {key.path[-1]: table_key(key) for key in context.selected_asset_keys}
        selected = context.selected_asset_check_keys
        selection = Selection(
            models=models,
            tests={test: key for test, key in tests.items() if asset_check_key(key) in selected},
            checks=[spec.key for key, spec in checks.items() if key in selected],
            is_complete=context.selected_asset_keys == set(context.assets_def.keys),
        )

        def built() -> Iterator[StepEvent]:
            yield from build_layer(platform.for_run(context.run.run_id), layer, days, selection)
            platform.warehouse().publish()

        yield from results_of(built(), days, context)

    return materialize_layer
