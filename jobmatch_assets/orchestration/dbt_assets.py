"""The assets that dbt builds, a step per layer: staging by file day, all others by event date."""

from collections.abc import Iterator

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from jobmatch_assets.orchestration.asset_step import results_of
from jobmatch_assets.orchestration.data_checks import data_check_specs
from jobmatch_assets.orchestration.dbt_checks import checks_of_models, description_of
from jobmatch_assets.orchestration.dbt_step import LAYERS, STAGING, Layer, Selection, build_layer
from jobmatch_assets.orchestration.freshness import freshness_policy
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions, with_day_before
from jobmatch_assets.orchestration.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.orchestration.table_built import StepEvent
from jobmatch_assets.orchestration.translator import LayerTranslator


def build_dbt_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """The dbt models as assets, a step per layer."""
    translator = LayerTranslator()
    return [_layer_assets(platform, layer, translator) for layer in LAYERS]


def _layer_assets(platform: Platform, layer: Layer, translator: LayerTranslator) -> dg.AssetsDefinition:
    manifest = platform.dbt.manifest
    partitions = daily_partitions(platform.settings)
    specs = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=translator, select=layer.select)
    policy = freshness_policy(platform.settings)
    tests = checks_of_models(manifest, translator)
    keys = {spec.key for spec in specs}
    checks = [spec for spec in data_check_specs(platform) if spec.asset_key in keys]

    @dg.multi_asset(
        name=layer.step,
        specs=[spec.replace_attributes(skippable=True, freshness_policy=policy) for spec in specs],
        check_specs=[
            *(
                dg.AssetCheckSpec(key.name, asset=key.asset_key, description=description_of(manifest, name))
                for name, key in tests.items()
                if key.asset_key in keys
            ),
            *checks,
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
        models = {key.path[-1]: key for key in context.selected_asset_keys}
        selected = context.selected_asset_check_keys
        selection = Selection(
            models=models,
            tests={test: key for test, key in tests.items() if key in selected},
            checks=[spec.key for spec in checks if spec.key in selected],
            is_complete=set(models.values()) == set(context.assets_def.keys),
        )

        def built() -> Iterator[StepEvent]:
            yield from build_layer(platform.for_run(context.run.run_id), layer, days, selection)
            platform.warehouse().publish()

        yield from results_of(built(), days, context)

    return materialize_layer
