"""The assets that dbt builds, a step per layer: staging by file day, all others by event date."""

from collections.abc import Iterator
from dataclasses import dataclass

import dagster as dg
from dagster_dbt import dbt_assets

from jobmatch_assets.orchestration.bronze_assets import WAREHOUSE_POOL
from jobmatch_assets.orchestration.dbt_checks import check_result, checks_of_models, fail_if_broken
from jobmatch_assets.orchestration.dbt_project import DbtError
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.orchestration.rebuild_queue import ready
from jobmatch_assets.orchestration.translator import LayerTranslator
from jobmatch_assets.warehouse.port import QueuedLayer, WarehouseError


@dataclass(frozen=True)
class Layer:
    """Models that are built together.

    Attributes:
        step: Name of the step.
        select: dbt's selection of the models.
        queue: The queue that a complete build takes its dates off.
    """

    step: str
    select: str
    queue: QueuedLayer | None = None


STAGING = Layer("stage_events", "jobmatch.staging")
SILVER = Layer("build_silver", "jobmatch.silver", "silver")
GOLD = Layer("build_gold", "jobmatch.intermediate jobmatch.gold.daily", "gold")
CUMULATIVE = Layer("build_cumulative_sums", "jobmatch.gold.cumulative")


def build_dbt_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """The dbt models as assets, a step per layer."""
    translator = LayerTranslator()
    return [_layer_assets(platform, layer, translator) for layer in (STAGING, SILVER, GOLD, CUMULATIVE)]


def _layer_assets(platform: Platform, layer: Layer, translator: LayerTranslator) -> dg.AssetsDefinition:
    manifest = platform.dbt.manifest
    checks = checks_of_models(manifest, translator)
    partitions = daily_partitions(platform.settings)

    @dbt_assets(
        manifest=manifest,
        select=layer.select,
        name=layer.step,
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        dagster_dbt_translator=translator,
        pool=WAREHOUSE_POOL,
    )
    def build_layer(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        # Checks that are executed by themselves have no partition: they look at every date.
        is_partitioned = context.has_partition_key or context.has_partition_key_range
        window = DateRange.of_partition_keys(
            context.partition_keys if is_partitioned else partitions.get_partition_keys()
        )
        models = {key.path[-1]: key for key in context.selected_asset_keys}
        tests = {test: key for test, key in checks.items() if key in context.selected_asset_check_keys}
        is_complete = set(models.values()) == set(context.assets_def.keys)
        try:
            warehouse = platform.warehouse()
            warehouse.prepare()
            waiting = ready(warehouse, layer.queue) if layer.queue else []
            results = platform.dbt.build(sorted({*models, *tests}), window)
            for result in results:
                if result.name in models and result.ok:
                    key = models[result.name]
                    rows = warehouse.rows_by_date(key.path[0], result.name, window.first, window.last)
                    for day in window.days:
                        context.add_asset_metadata(
                            {"dagster/partition_row_count": rows.get(day, 0)}, key, day.isoformat()
                        )
                    yield dg.MaterializeResult(
                        asset_key=key, metadata={"seconds (whole run)": round(result.seconds, 3)}
                    )
                elif result.name in tests and result.status != "skipped":
                    yield check_result(tests[result.name], result, warehouse)
            fail_if_broken(results, window)
            if layer is STAGING:
                warehouse.queue_staged(window.days)
            elif layer.queue and is_complete:
                warehouse.unqueue(layer.queue, [entry for entry in waiting if entry.event_date in window])
        except (WarehouseError, DbtError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    return build_layer
