"""Which entries of the rebuild queue can be built now, and which have to wait for what they read.

Entries of dates after the last partition are as if they were not there, until their date has a partition.
"""

import datetime as dt
from collections.abc import Collection
from functools import cached_property

from jobmatch_assets.dates import days_around
from jobmatch_assets.warehouse.port import BuiltLayer, FailingCheck, QueuedDate, QueuedLayer, Warehouse

# What the cumulative tables read of the layer before them.
_UNITS = "silver/ab_units_daily"


class RebuildQueue:
    """The queue and the failing checks as they are at one look: each is read when first needed, and once."""

    def __init__(self, warehouse: Warehouse, last_partition: dt.date) -> None:
        self._warehouse = warehouse
        self._last_partition = last_partition
        self._waiting: dict[QueuedLayer, list[QueuedDate]] = {}

    def waiting(self, layer: QueuedLayer) -> list[QueuedDate]:
        """All entries of a layer whose dates have a partition, by date."""
        return [entry for entry in self._all(layer) if not self._is_early(entry)]

    def without_partition(self) -> set[dt.date]:
        """Dates of silver that wait for their day to come: they lie after the last partition."""
        return {entry.event_date for entry in self._all("silver") if self._is_early(entry)}

    def _all(self, layer: QueuedLayer) -> list[QueuedDate]:
        if layer not in self._waiting:
            self._waiting[layer] = self._warehouse.queued(layer)
        return self._waiting[layer]

    def _is_early(self, entry: QueuedDate) -> bool:
        return max(entry.event_date, entry.cause_date) > self._last_partition

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
        # They are built up to the day before; the rest is queued for the unsound date.
        unsound = self.first_unsound_date
        return [entry for entry in waiting if unsound is None or entry.event_date < unsound]

    def held_back(self, layer: BuiltLayer) -> set[dt.date]:
        """Dates that wait and cannot be built."""
        return self._dates(layer) - {entry.event_date for entry in self.ready(layer)}

    @cached_property
    def first_unsound_date(self) -> dt.date | None:
        """The first date whose units wait to be built or fail a blocking check.

        A/B results read the units of every date up to their own, so none can be built from this date on.
        """
        bad = _blocked([check for check in self.failing if check.asset == _UNITS], "gold")
        waiting, blocked = self._dates("silver") | self._dates("gold"), self.blocked("silver")
        # What a blocked date holds of experiments nobody knows: they may be what is wrong with it.
        bad |= waiting & blocked
        return min(bad | ((waiting | blocked) & self._dates("experiments")), default=None)

    def _dates(self, layer: BuiltLayer) -> set[dt.date]:
        return {entry.event_date for entry in self.waiting(layer)}


def _blocked(failing: Collection[FailingCheck], layer: str) -> set[dt.date]:
    return {check.partition_date for check in failing if check.is_blocking and check.layer == layer}


def _read_by_gold(entry: QueuedDate) -> set[dt.date]:
    """The 24 hours after a search or an impression reach into the next date."""
    return {entry.cause_date, *days_around(entry.event_date, 0, 1)}
