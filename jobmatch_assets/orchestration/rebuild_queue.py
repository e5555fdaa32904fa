"""Which entries of the rebuild queue can be built now, and which have to wait for silver."""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.orchestration.partitions import ONE_DAY
from jobmatch_assets.warehouse.port import BuiltLayer, FailingCheck, QueuedDate, Warehouse

# What the cumulative tables read of the layer before them.
_UNITS = "silver/ab_units_daily"


def ready(warehouse: Warehouse, layer: BuiltLayer) -> list[QueuedDate]:
    """What waits in a layer and can be built for good, by date.

    Left out is what reads a date of an earlier layer that still waits itself, or that fails a blocking check:
    built now it would be built from old or from bad rows.
    """
    waiting = warehouse.queued(layer)
    if not waiting or layer == "silver":
        return waiting
    if layer == "gold":
        unsettled = _dates(warehouse, "silver") | blocked_dates(warehouse.failing_checks(), "silver")
        return [entry for entry in waiting if unsettled.isdisjoint(_read_by_gold(entry))]
    unsound = _first_unsound_date(warehouse, waiting)
    if unsound is None:
        return waiting
    # They are built up to the day before; what waits on that date itself builds the rest, once it is sound.
    rest_is_queued = any(entry.event_date == unsound for entry in waiting)
    return [entry for entry in waiting if entry.event_date < unsound] if rest_is_queued else []


def first_unsound_date(warehouse: Warehouse) -> dt.date | None:
    """The first date whose units wait to be built or fail a blocking check.

    A/B results read the units of every date up to their own, so none can be built from this date on.
    """
    return _first_unsound_date(warehouse, warehouse.queued("experiments"))


def _first_unsound_date(warehouse: Warehouse, waiting: Collection[QueuedDate]) -> dt.date | None:
    failing = warehouse.failing_checks()
    bad = blocked_dates([check for check in failing if check.asset == _UNITS], "gold")
    unsettled = _dates(warehouse, "silver") | _dates(warehouse, "gold") | blocked_dates(failing, "silver")
    return min(bad | unsettled.intersection(entry.event_date for entry in waiting), default=None)


def blocked_dates(failing: Collection[FailingCheck], layer: str) -> set[dt.date]:
    """Dates of a layer that nothing may be built from."""
    return {check.partition_date for check in failing if check.is_blocking and check.layer == layer}


def _dates(warehouse: Warehouse, layer: BuiltLayer) -> set[dt.date]:
    return {entry.event_date for entry in warehouse.queued(layer)}


def _read_by_gold(entry: QueuedDate) -> set[dt.date]:
    """The 24 hours after a search or an impression reach into the next date."""
    return {entry.cause_date, entry.event_date, entry.event_date + ONE_DAY}
