"""Which entries of the rebuild queue can be built now, and which have to wait for what they read.

Entries of dates after the last partition are as if they were not there, until their date has a partition.
"""

import datetime as dt
from collections.abc import Callable, Collection, Set
from functools import cached_property

from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.dates import days_around
from jobmatch_assets.pipeline.plan import Plan, PlannedTable
from jobmatch_assets.pipeline.stages import BRONZE, PUBLICATION, SILVER, STAGES, Stage
from jobmatch_assets.warehouse.control.findings import FailingCheck, Findings
from jobmatch_assets.warehouse.control.queue import Queue, QueuedDate
from jobmatch_assets.warehouse.port import Warehouse


class Ready:
    """The queue and the failing checks as they are at one look: each is read when first needed, and once."""

    def __init__(self, warehouse: Warehouse, plan: Callable[[], Plan], last_partition: dt.date) -> None:
        self._queue = Queue(warehouse)
        self._findings = Findings(warehouse)
        self._get_plan = plan
        self._last_partition = last_partition
        self._held: dict[tuple[Stage, Feed], set[QueuedDate]] = {}

    @cached_property
    def _plan(self) -> Plan:
        # It takes dbt's manifest, which a look at a warehouse where nothing waits can do without.
        return self._get_plan()

    def waiting(self, stage: Stage, feed: Feed) -> list[QueuedDate]:
        """All entries of a stage whose dates have a partition, by date."""
        return [
            entry for entry in self._all(stage.name) if entry.feed == feed.name and not self._is_early(entry)
        ]

    def dates(self, stage: Stage, feed: Feed) -> set[dt.date]:
        """Their dates."""
        return {entry.event_date for entry in self.waiting(stage, feed)}

    def without_partition(self) -> set[dt.date]:
        """Dates of silver that wait for their day to come: they lie after the last partition."""
        return {entry.event_date for entry in self._all(SILVER.name) if self._is_early(entry)}

    def has_entries(self, stage: Stage) -> bool:
        """Whether anything waits in a stage."""
        return bool(self._all(stage.name))

    @property
    def unpublished(self) -> list[QueuedDate]:
        """What was built and is not in the published copy."""
        return self._all(PUBLICATION)

    def _all(self, name: str) -> list[QueuedDate]:
        return self._entries.get(name, [])

    @cached_property
    def _entries(self) -> dict[str, list[QueuedDate]]:
        return self._queue.by_stage()

    def _is_early(self, entry: QueuedDate) -> bool:
        return max(entry.event_date, entry.cause_date) > self._last_partition

    @cached_property
    def failing(self) -> list[FailingCheck]:
        """Every partition that fails a check."""
        return self._findings.failing_checks()

    def blocked(self, stage: Stage, feed: Feed) -> set[dt.date]:
        """Dates of a stage that nothing may be built from which is made of the feed."""
        return {
            check.partition_date
            for check in self.failing
            if check.is_blocking and check.stage == stage.name and self._is_of(check, feed)
        }

    def blocking(self, stage: Stage, feed: Feed) -> set[dt.date]:
        """Dates of silver that a stage must not be built from."""
        return self.blocked(SILVER, feed) if stage.waits_for_checks else set()

    def _is_of(self, check: FailingCheck, feed: Feed) -> bool:
        name = TableKey.of(check.asset).name
        return name not in self._plan.tables or feed in self._plan.feeds_of(name)

    def _blocked_later(self, stage: Stage, feed: Feed) -> set[dt.date]:
        """Dates of what a stage reads of the stages after silver that fail a blocking check."""
        read = self._plan.upstream(stage, feed)
        return {
            check.partition_date
            for check in self.failing
            if check.is_blocking
            and check.stage not in (BRONZE.name, SILVER.name)
            and TableKey.of(check.asset).name in read
            and self._suspect(check) is None
        }

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Tables of entities whose history fails a blocking check: what reads them is left as it is."""
        found = (self._suspect(check) for check in self.failing if check.is_blocking)
        return frozenset(name for name in found if name)

    def _suspect(self, check: FailingCheck) -> str | None:
        """The table of entities that a check is about, where it is about the history of one."""
        table = self._plan.tables.get(TableKey.of(check.asset).name)
        return table.entity_table or None if table and table.stage.is_by_entity else None

    def suspects_of(self, table: PlannedTable) -> frozenset[str]:
        """Those that a table reads; the histories themselves are built, or nothing could mend them."""
        if not self.suspects or table.stage.is_by_entity:
            return frozenset()
        return self._plan.entity_tables_of(table) & self.suspects

    def ready(self, stage: Stage, feed: Feed) -> list[QueuedDate]:
        """What waits in a stage and can be built for good, by date.

        Left out is what reads a date of an earlier stage that still waits itself, or that fails a blocking
        check: built now it would be built from old or from bad rows. A stage that does not wait for checks
        shows the bad ones.
        """
        waiting = self.waiting(stage, feed)
        if not waiting or stage == SILVER:
            return waiting
        if stage.since:
            # They are built up to the day before; the rest is queued for the unsound date.
            unsound = self.first_unsound_date(stage, feed)
            return [entry for entry in waiting if unsound is None or entry.event_date < unsound]
        unsettled = self.unsettled(stage, feed)
        if stage.is_whole:
            return [] if unsettled else [entry for entry in waiting if not self._is_owed(entry)]
        return [
            entry
            for entry in waiting
            if unsettled.isdisjoint({entry.cause_date, *self.days_read(stage, feed, entry.event_date)})
        ]

    def days_read(self, stage: Stage, feed: Feed, date: dt.date) -> set[dt.date]:
        """The days of silver that what is built for a date reads, but for what shares a link with them."""
        reach = self._plan.reach(stage, feed)
        return {
            near
            for day in stage.whole([date])
            for near in days_around(day, reach.days_before, reach.days_after)
        }

    def unsettled(self, stage: Stage, feed: Feed) -> set[dt.date]:
        """Dates that wait or fail a blocking check: of silver; for what reads all dates, of later stages."""
        tables = self._plan.of_stage(stage, feed)
        feeds = {feed}.union(*(self._plan.feeds_of(table.name) for table in tables))
        unsettled = {
            day for found in feeds for day in self.dates(SILVER, found) | self.blocking(stage, found)
        }
        if stage.is_whole:
            unsettled |= self._blocked_later(stage, feed)
            unsettled |= {
                entry.event_date
                for before in self._read_stages(stage, feed)
                for entry in self.waiting(before, feed)
                if not self._is_owed(entry)
            }
        return unsettled

    def _is_owed(self, entry: QueuedDate) -> bool:
        """Whether it waits for a history that fails its check still."""
        return entry.owed is not None and entry.owed in self.suspects

    def _read_stages(self, stage: Stage, feed: Feed) -> Set[Stage]:
        return self._plan.stages_read(stage, feed) - {BRONZE, SILVER}

    def held_back(self, stage: Stage, feed: Feed) -> set[dt.date]:
        """Dates that wait and cannot be built."""
        return {entry.event_date for entry in self._held_back(stage, feed)}

    def _held_back(self, stage: Stage, feed: Feed) -> set[QueuedDate]:
        # Each table of the stage asks.
        if (stage, feed) not in self._held:
            waiting, ready = set(self.waiting(stage, feed)), self.ready(stage, feed)
            dates = {entry.event_date for entry in ready}
            self._held[stage, feed] = (
                waiting - set(ready)
                if stage.is_whole
                else {entry for entry in waiting if entry.event_date not in dates}
            )
        return self._held[stage, feed]

    def all_held_back(self, stage: Stage) -> set[dt.date]:
        """The first days of the partitions that wait and cannot be built, of all feeds."""
        return stage.partitions_of({day for feed in FEEDS for day in self.held_back(stage, feed)})

    def held_back_from(self, table: PlannedTable) -> set[dt.date]:
        """The same of one table: what waits for a history that it does not read is left out."""
        suspects = self.suspects_of(table)
        entries = {entry for feed in FEEDS for entry in self._held_back(table.stage, feed)}
        return table.stage.partitions_of(
            {entry.event_date for entry in entries if not self._is_owed(entry) or entry.owed in suspects}
        )

    def first_unsound_date(self, stage: Stage, feed: Feed) -> dt.date | None:
        """The first date that a stage cannot count, since what it reads waits to be built or fails a check.

        What is counted from all dates up to its own can be built for none from this date on.
        """
        bad = self._blocked_later(stage, feed)
        waiting = self.dates(SILVER, feed)
        for before in self._read_stages(stage, feed):
            waiting |= self.dates(before, feed)
        blocked = self.blocked(SILVER, feed)
        # What a blocked date holds nobody knows: it may be what is wrong with it.
        bad |= waiting & blocked
        return min(bad | ((waiting | blocked) & self.dates(stage, feed)), default=None)


def held_back_stages() -> Collection[Stage]:
    """Stages of which dates may wait for others."""
    return [stage for stage in STAGES if stage not in (BRONZE, SILVER)]
