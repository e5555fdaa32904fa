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
    staged.queue(days, *_touched(session, feed, days, is_compared=staged.are_kept(days)))


def queue_unfinished(session: Session, feed: Feed, days: Collection[dt.date]) -> None:
    """Queue what lines touch that a stopped run has staged and not queued, before some of them go.

    Whoever has built a later stage by hand since then has them in it.
    """
    if session.warehouse.has_table(feed.staged) and session.ledger.unstaged_loads(feed, days):
        dates, touched = _touched(session, feed, days, is_compared=False)
        StagedLines(session.warehouse, feed).queue_touched(days, dates, touched)


def _touched(
    session: Session, feed: Feed, days: Collection[dt.date], is_compared: bool
) -> tuple[str, tuple[str, str] | None]:
    """The queries for the dates, and for the entities and their tables, as StagedLines takes them."""
    asked = ["touched_dates"]
    if tells_of_entities := session.plan.tells_of_entities(feed):
        asked += ["touched_entities", "touched_tables"]
    there = session.feeds_there()
    queries = session.dbt.compile_together(
        asked,
        days,
        feed=feed.name,
        stages=touched_stages(session.plan, feed, there),
        whole_stages=[stage.name for stage in session.plan.follows(feed, there) if stage.is_whole],
        is_compared=is_compared,
    )
    dates = queries["touched_dates"]
    return dates, (queries["touched_entities"], queries["touched_tables"]) if tells_of_entities else None
