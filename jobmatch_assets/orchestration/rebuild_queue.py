"""Which entries of the rebuild queue can be built now, and which have to wait for silver."""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.orchestration.partitions import ONE_DAY
from jobmatch_assets.warehouse.port import BuiltLayer, FailingCheck, QueuedDate, Warehouse


def ready(warehouse: Warehouse, layer: BuiltLayer) -> list[QueuedDate]:
    """What waits in a layer and can be built for good, by date.

    Left out is what reads a date of an earlier layer that still waits itself, or that fails a blocking check:
    built now it would be built from old or from bad rows.
    """
    waiting = warehouse.queued(layer)
    if not waiting or layer == "silver":
        return waiting
    failing = warehouse.failing_checks()
    unsettled = _dates(warehouse, "silver") | blocked_dates(failing, "silver")
    if layer == "gold":
        return [entry for entry in waiting if unsettled.isdisjoint(_read_by_gold(entry))]
    unsettled |= _dates(warehouse, "gold") | blocked_dates(failing, "gold")
    return [entry for entry in waiting if entry.cause_date not in unsettled]


def blocked_dates(failing: Collection[FailingCheck], layer: str) -> set[dt.date]:
    """Dates of a layer that nothing may be built from."""
    return {check.partition_date for check in failing if check.is_blocking and check.layer == layer}


def _dates(warehouse: Warehouse, layer: BuiltLayer) -> set[dt.date]:
    return {entry.event_date for entry in warehouse.queued(layer)}


def _read_by_gold(entry: QueuedDate) -> set[dt.date]:
    """The 24 hours after a search or an impression reach into the next date."""
    return {entry.cause_date, entry.event_date, entry.event_date + ONE_DAY}
