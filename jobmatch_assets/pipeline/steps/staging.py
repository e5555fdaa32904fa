"""What goes with staging the lines of a feed: keeping what was staged, and queueing what has changed."""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.pipeline.plan import touched_stages
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.warehouse.control.staging import StagedLines


def keep_staged(session: Session, feed: Feed, days: Collection[dt.date]) -> None:
    """Before days are staged: keep what is staged of them, and mark their files as not staged."""
    if not days or not session.ledger.has_staged(feed, days) or not session.warehouse.has_table(feed.staged):
        return
    query = session.dbt.compile("kept_lines", days, feed=feed.name)
    session.warehouse.make_like(feed.staged_before, query)
    StagedLines(session.warehouse, feed).keep(days, query)


def queue_staged(session: Session, feed: Feed, days: Collection[dt.date]) -> None:
    """Mark the files of these days as staged and queue every date that their lines touch, at once.

    Lines that say what they said when they were staged before touch nothing; of the others, both count.
    """
    if not days:
        return
    staged = StagedLines(session.warehouse, feed)
    session.warehouse.charge(feed.staged.name, days)
    is_compared = staged.are_kept(days)
    dates = session.dbt.compile(
        "touched_dates",
        days,
        feed=feed.name,
        stages=touched_stages(session.plan, feed, session.feeds_there()),
        is_compared=is_compared,
    )
    touched = None
    if session.plan.tells_of_entities(feed):
        entities = session.dbt.compile("touched_entities", days, feed=feed.name, is_compared=is_compared)
        later = [stage.name for stage in session.plan.follows(feed, session.feeds_there()) if stage.is_whole]
        touched = entities, session.dbt.compile("touched_tables", (), stages=later)
    staged.queue(days, dates, touched)
