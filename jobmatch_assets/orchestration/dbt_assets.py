"""The assets that dbt builds, a step per layer: staging by file day, silver and gold by event date."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from jobmatch_assets.orchestration.bronze_assets import WAREHOUSE_POOL
from jobmatch_assets.orchestration.dbt_project import DbtError, NodeResult
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.orchestration.translator import LayerTranslator
from jobmatch_assets.warehouse.port import QueuedLayer, Warehouse, WarehouseError

_EXAMPLES = 10


@dataclass(frozen=True)
class Layer:
    """Models that are built together: by what dbt selects them, and what their dates mean.

    Attributes:
        name: Of the step.
        title: Of the layer.
        select: dbt's selection of the models.
    """

    name: str
    title: str
    select: str


STAGING = Layer("stage_events", "staging", "jobmatch.staging")
SILVER = Layer("build_silver", "silver", "jobmatch.silver")
GOLD = Layer("build_gold", "gold", "jobmatch.gold")
LAYERS = (STAGING, SILVER, GOLD)

# Staging fills these queues; a complete build of a date takes it off.
QUEUED_LAYERS: dict[Layer, QueuedLayer] = {SILVER: "silver", GOLD: "gold"}


def build_dbt_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """The dbt models as assets, a step per layer."""
    translator = LayerTranslator()
    return [_layer_assets(platform, layer, translator) for layer in LAYERS]


def _layer_assets(platform: Platform, layer: Layer, translator: LayerTranslator) -> dg.AssetsDefinition:
    manifest = platform.dbt.manifest
    checks = _checks_of_tests(manifest, translator)
    queue = QUEUED_LAYERS.get(layer)

    @dbt_assets(
        manifest=manifest,
        select=layer.select,
        name=layer.name,
        partitions_def=daily_partitions(platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        dagster_dbt_translator=translator,
        pool=WAREHOUSE_POOL,
    )
    def build_layer(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        window = DateRange.of_partition_keys(context.partition_keys)
        models = {key.path[-1]: key for key in context.selected_asset_keys}
        tests = {test: key for test, key in checks.items() if key in context.selected_asset_check_keys}
        complete = models.keys() == {key.path[-1] for key in context.assets_def.keys}
        try:
            warehouse = platform.warehouse()
            warehouse.prepare()
            waiting = warehouse.queued(queue) if queue else []
            results = platform.dbt.build(sorted({*models, *tests}), window)
            counts = {
                name: warehouse.rows_by_date(key.path[0], name, window.first, window.last)
                for name, key in models.items()
                if any(result.name == name and result.ok for result in results)
            }
        except (WarehouseError, DbtError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error

        for result in results:
            if result.name in counts:
                key = models[result.name]
                for day in window.days:
                    context.add_asset_metadata(
                        {"dagster/partition_row_count": counts[result.name].get(day, 0)}, key, day.isoformat()
                    )
                yield dg.MaterializeResult(
                    asset_key=key, metadata={"seconds (whole run)": round(result.seconds, 3)}
                )
            elif result.name in tests and result.status != "skipped":
                yield _check_result(tests[result.name], result, warehouse)
        _fail_if_broken(results, window)

        if layer is STAGING:
            warehouse.queue_staged(window.days)
        elif queue and complete:
            warehouse.unqueue(queue, [entry for entry in waiting if entry.event_date in window])

    return build_layer


def _checks_of_tests(manifest: Mapping[str, Any], translator: LayerTranslator) -> dict[str, dg.AssetCheckKey]:
    """{name of a dbt test: its asset check}."""
    found = {
        node["name"]: get_asset_check_key_for_test(manifest, translator, unique_id, project=None)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "test"
    }
    return {name: key for name, key in found.items() if key is not None}


def _check_result(key: dg.AssetCheckKey, result: NodeResult, warehouse: Warehouse) -> dg.AssetCheckResult:
    metadata: dict[str, Any] = {"failing rows": result.failures}
    if not result.failures:
        return dg.AssetCheckResult(
            asset_key=key.asset_key, check_name=key.name, passed=True, metadata=metadata
        )
    examples = warehouse.examples(result.sql, _EXAMPLES)
    metadata["examples"] = dg.MetadataValue.md(_markdown_table(examples))
    metadata["sql"] = dg.MetadataValue.md(f"```sql\n{result.sql}\n```")
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=False,
        severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
        description=f"{result.failures} rows, the first: {examples[0] if examples else '(none left)'}",
        metadata=metadata,
    )


def _markdown_table(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(str(row[name]).replace("|", "\\|") for name in names) + " |" for row in rows]
    return "\n".join(lines)


def _fail_if_broken(results: Sequence[NodeResult], window: DateRange) -> None:
    broken = [result for result in results if not result.ok and result.status != "skipped"]
    if broken:
        raise dg.Failure(
            f"Building {window} failed: "
            + " ".join(f"{'test' if r.is_test else 'model'} {r.name}: {r.message}." for r in broken),
            allow_retries=False,
        )
