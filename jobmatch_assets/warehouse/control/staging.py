"""From staged lines to the queue: what a stage of lines was, what it is, and which dates that touches.

A day that is staged already is staged again when somebody asks for it, when lines of it are gone or changed,
or when settings have changed; its lines may then be read otherwise. So what was staged is kept until it is
compared with what is. The queries are dbt's: `kept_lines` and `touched_dates` of the project's analyses.
"""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.contracts.control_tables import ENTITIES_TOUCHED, REBUILD_QUEUE, TABLES_TOUCHED
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.landed_lines import STAGING_DATE
from jobmatch_assets.warehouse.control.ledger import Ledger, request_of
from jobmatch_assets.warehouse.port import Warehouse


class StagedLines:
    """The staged lines of a feed."""

    def __init__(self, warehouse: Warehouse, feed: Feed) -> None:
        self._warehouse = warehouse
        self._feed = feed
        self._ledger = Ledger(warehouse)

    def are_kept(self, days: Collection[dt.date]) -> bool:
        """Whether lines of these days wait to be compared."""
        return self._warehouse.count_days(self._feed.staged_before, STAGING_DATE, days) > 0

    def keep(self, days: Collection[dt.date], kept_lines: str) -> None:
        """Before days are staged: keep what is staged of them, and mark their files as not staged.

        What a run that was stopped has kept of files that are still staged is kept once more, which says
        no more than once.

        Args:
            days: The days.
            kept_lines: The query for the lines of those files that are staged.
        """
        with self._warehouse.transaction():
            self._warehouse.append_query(self._feed.staged_before, kept_lines)
            self._ledger.set_staged(self._feed, days, False)

    def queue(
        self, days: Collection[dt.date], touched_dates: str, touched: tuple[str, str] | None = None
    ) -> None:
        """Mark the files of these days as staged and queue every date that their lines touch, at once.

        Who is stopped in between, where there are no transactions, queues the same entries again; that they
        are there twice says no more than once.

        Args:
            days: The days.
            touched_dates: The query for the dates.
            touched: The queries for the entities and for their tables; None of a feed that tells of none.
        """
        with self._warehouse.transaction():
            self.queue_touched(days, touched_dates, touched)
            self._ledger.set_staged(self._feed, days, True)
            if self.are_kept(days):
                self._warehouse.delete_days(self._feed.staged_before, STAGING_DATE, days)

    def queue_touched(
        self, days: Collection[dt.date], touched_dates: str, touched: tuple[str, str] | None = None
    ) -> None:
        """Queue every date that lines of these days touch, of files that are not marked as staged.

        Args:
            days: The days.
            touched_dates: As `queue` has it.
            touched: As `queue` has it.
        """
        warehouse = self._warehouse
        if not (loads := self._ledger.unstaged_loads(self._feed, days)):
            return
        request = request_of(loads)
        # The dates come last: what waits for an entity is named by what waits for a date.
        if touched:
            entities, tables = touched
            warehouse.append_query(ENTITIES_TOUCHED.name, entities, request_id=request)
            warehouse.append_query(TABLES_TOUCHED.name, tables, request_id=request)
        warehouse.append_query(REBUILD_QUEUE.name, touched_dates, feed=self._feed.name, request_id=request)
