"""What a step tells of the tables that it built, and how Dagster is told."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from jobmatch_assets.orchestration.check_outcome import CheckOutcome
from jobmatch_assets.orchestration.markdown import escaped


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
        return dg.AssetCheckResult(**verdict(event))
    for day, metadata in event.partitions.items():
        context.add_asset_metadata(metadata, event.key, day.isoformat())
    return dg.MaterializeResult(asset_key=event.key, metadata=event.metadata)


def as_events(event: StepEvent) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """What the step of a job yields that is no asset's own."""
    if isinstance(event, CheckOutcome):
        yield as_evaluation(event)
        return
    for day, metadata in event.partitions.items():
        yield dg.AssetMaterialization(
            event.key, partition=day.isoformat(), metadata={**event.metadata, **metadata}
        )


def as_evaluation(outcome: CheckOutcome) -> dg.AssetCheckEvaluation:
    """A check's result as an event of its own."""
    return dg.AssetCheckEvaluation(**verdict(outcome))


def verdict(outcome: CheckOutcome) -> dict[str, Any]:
    """What Dagster takes of a check, whoever yields it."""
    return {
        "asset_key": outcome.key.asset_key,
        "check_name": outcome.key.name,
        "passed": outcome.passed,
        "severity": outcome.severity,
        "description": outcome.description and escaped(outcome.description),
        "metadata": outcome.shown_metadata,
    }
