"""Which entries of the rebuild queue can be built now, and which have to wait for what they read."""

import datetime as dt
from collections.abc import Collection
from functools import cached_property

from jobmatch_assets.orchestration.partitions import ONE_DAY
from jobmatch_assets.warehouse.port import BuiltLayer, FailingCheck, QueuedDate, QueuedLayer, Warehouse

# What the cumulative tables read of the layer before them.
_UNITS = "silver/ab_units_daily"


class RebuildQueue:
    """The queue and the failing checks as they are at one look: each is read when first needed, and once."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._waiting: dict[QueuedLayer, list[QueuedDate]] = {}

    def waiting(self, layer: QueuedLayer) -> list[QueuedDate]:
        """All entries of a layer, by date."""
        if layer not in self._waiting:
            self._waiting[layer] = self._warehouse.queued(layer)
        return self._waiting[layer]

    @cached_property
    def failing(self) -> list[FailingCheck]:
        """Every partition that fails a check."""
        return self._warehouse.failing_checks()

    def blocked(self, layer: str) -> set[dt.date]:
        """Dates of a layer that nothing may be built from."""
        return _blocked(self.failing, layer)

    def ready(self, layer: BuiltLayer) -> list[QueuedDate]:
        """What waits in a layer and can be built for good, by date.

        Left out is what reads a date of an earlier layer that still waits itself, or that fails a blocking
        check: built now it would be built from old or from bad rows.
        """
        waiting = self.waiting(layer)
        if not waiting or layer == "silver":
            return waiting
        if layer == "gold":
            unsettled = self._dates("silver") | self.blocked("silver")
            return [entry for entry in waiting if unsettled.isdisjoint(_read_by_gold(entry))]
        unsound = self.first_unsound_date
        if unsound is None:
            return waiting
        # They are built up to the day before; what waits on that date builds the rest once it is sound.
        rest_is_queued = any(entry.event_date == unsound for entry in waiting)
        return [entry for entry in waiting if entry.event_date < unsound] if rest_is_queued else []

    def held_back(self, layer: BuiltLayer) -> set[dt.date]:
        """Dates that wait and cannot be built."""
        return self._dates(layer) - {entry.event_date for entry in self.ready(layer)}

    @cached_property
    def first_unsound_date(self) -> dt.date | None:
        """The first date whose units wait to be built or fail a blocking check.

        A/B results read the units of every date up to their own, so none can be built from this date on.
        """
        bad = _blocked([check for check in self.failing if check.asset == _UNITS], "gold")
        unsettled = self._dates("silver") | self._dates("gold") | self.blocked("silver")
        return min(bad | (unsettled & self._dates("experiments")), default=None)

    def _dates(self, layer: BuiltLayer) -> set[dt.date]:
        return {entry.event_date for entry in self.waiting(layer)}


def _blocked(failing: Collection[FailingCheck], layer: str) -> set[dt.date]:
    return {check.partition_date for check in failing if check.is_blocking and check.layer == layer}


def _read_by_gold(entry: QueuedDate) -> set[dt.date]:
    """The 24 hours after a search or an impression reach into the next date."""
    return {entry.cause_date, entry.event_date, entry.event_date + ONE_DAY}
