"""What a step tells of the tables that it built, and how Dagster is told."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from jobmatch_assets.orchestration.check_outcome import CheckOutcome


@dataclass(frozen=True)
class TableBuilt:
    """A table of which partitions were built.

    Attributes:
        key: The asset.
        partitions: Metadata by partition.
        metadata: Metadata that concerns them all.
    """

    key: dg.AssetKey
    partitions: Mapping[dt.date, Mapping[str, Any]]
    metadata: Mapping[str, Any]


StepEvent = TableBuilt | CheckOutcome


def as_result(
    event: StepEvent, context: dg.AssetExecutionContext
) -> dg.MaterializeResult[None] | dg.AssetCheckResult:
    """What the step of an asset yields; metadata by partition goes into the context."""
    if isinstance(event, CheckOutcome):
        return dg.AssetCheckResult(
            asset_key=event.key.asset_key,
            check_name=event.key.name,
            passed=event.passed,
            severity=event.severity,
            description=event.description,
            metadata=event.shown_metadata,
        )
    for day, metadata in event.partitions.items():
        context.add_asset_metadata(metadata, event.key, day.isoformat())
    return dg.MaterializeResult(asset_key=event.key, metadata=event.metadata)


def as_events(event: StepEvent) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """What the step of a job yields that is no asset's own."""
    if isinstance(event, CheckOutcome):
        yield dg.AssetCheckEvaluation(
            asset_key=event.key.asset_key,
            check_name=event.key.name,
            passed=event.passed,
            severity=event.severity,
            description=event.description,
            metadata=event.shown_metadata,
        )
        return
    for day, metadata in event.partitions.items():
        yield dg.AssetMaterialization(
            event.key, partition=day.isoformat(), metadata={**event.metadata, **metadata}
        )
