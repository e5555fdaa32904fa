"""How Dagster is told of tables and checks: their keys, and the events of a step."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from jobmatch_assets.checks.markdown import escaped
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown, Records
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.pipeline.step_events import ROW_COUNT, StepEvent

_ROW_COUNT = "dagster/row_count"
_PARTITION_ROW_COUNT = "dagster/partition_row_count"


def asset_key(table: TableKey) -> dg.AssetKey:
    """The asset that a table is."""
    return dg.AssetKey([table.layer, table.name])


def asset_check_key(check: CheckKey) -> dg.AssetCheckKey:
    """The asset check that a check is."""
    return dg.AssetCheckKey(asset_key(check.table), check.name)


def asset_check_spec(spec: CheckSpec) -> dg.AssetCheckSpec:
    """The check as the UI shows it."""
    return dg.AssetCheckSpec(
        spec.key.name, asset=asset_key(spec.key.table), description=spec.description or None
    )


def table_key(key: dg.AssetKey) -> TableKey:
    """The table that an asset is."""
    return TableKey(*key.path)


def check_key(key: dg.AssetCheckKey) -> CheckKey:
    """The check that an asset check is."""
    return CheckKey(table_key(key.asset_key), key.name)


def as_result(
    event: StepEvent, context: dg.AssetExecutionContext
) -> dg.MaterializeResult[None] | dg.AssetCheckResult:
    """What the step of an asset yields; metadata by partition goes into the context."""
    if isinstance(event, CheckOutcome):
        return dg.AssetCheckResult(**verdict(event))
    for day, metadata in (event.partitions or {}).items():
        context.add_asset_metadata(
            _shown(metadata, _PARTITION_ROW_COUNT), asset_key(event.key), day.isoformat()
        )
    metadata = _shown(event.metadata, _ROW_COUNT)
    return dg.MaterializeResult(asset_key=asset_key(event.key), metadata=metadata)


def as_events(event: StepEvent) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """What the step of a job yields that is no asset's own."""
    if isinstance(event, CheckOutcome):
        yield as_evaluation(event)
        return
    if event.partitions is None:
        yield dg.AssetMaterialization(asset_key(event.key), metadata=_shown(event.metadata, _ROW_COUNT))
        return
    for day, metadata in event.partitions.items():
        yield dg.AssetMaterialization(
            asset_key(event.key),
            partition=day.isoformat(),
            metadata=_shown({**event.metadata, **metadata}, _PARTITION_ROW_COUNT),
        )


def row_count_of(materialization: dg.AssetMaterialization) -> int | None:
    """The rows of a table, or of a partition of it, that its event tells; None where it tells none."""
    names = (_PARTITION_ROW_COUNT, _ROW_COUNT)
    found = [materialization.metadata[name].value for name in names if name in materialization.metadata]
    return int(str(found[0])) if found else None


def as_evaluation(outcome: CheckOutcome) -> dg.AssetCheckEvaluation:
    """A check's result as an event of its own."""
    return dg.AssetCheckEvaluation(**verdict(outcome))


def verdict(outcome: CheckOutcome) -> dict[str, Any]:
    """What Dagster takes of a check, whoever yields it."""
    return {
        "asset_key": asset_key(outcome.key.table),
        "check_name": outcome.key.name,
        "passed": outcome.passed,
        "severity": dg.AssetCheckSeverity.ERROR if outcome.is_error else dg.AssetCheckSeverity.WARN,
        "description": outcome.description and escaped(outcome.description),
        "metadata": {name: _metadata(value) for name, value in outcome.shown_metadata.items()},
    }


def _shown(metadata: Mapping[str, Any], row_count: str) -> dict[str, Any]:
    """Metadata as Dagster takes it, the number of rows under the name that the UI draws."""
    return {row_count if name == ROW_COUNT else name: _metadata(value) for name, value in metadata.items()}


def _metadata(value: Any) -> Any:
    if isinstance(value, Markdown):
        return dg.MetadataValue.md(str(value))
    if isinstance(value, Records):
        return dg.MetadataValue.table([dg.TableRecord(dict(row)) for row in value])
    return value
