"""What a table without dates is built for, where it replaces only the dates or entities that need it."""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.contracts.feed import Feed, feed_named
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import Stage
from jobmatch_assets.pipeline.steps.dbt_runner import Touched
from jobmatch_assets.warehouse.control.ledger import is_of_loads
from jobmatch_assets.warehouse.control.queue import QueuedDate

_HISTORIES = "histories"
"""Asks for what is made of histories, where somebody has all of these built."""

_UNSEEN = "unseen"
"""Asks for what was built, and at which nobody has looked."""


def touched_by(session: Session, stage: Stage, waiting: Collection[QueuedDate]) -> Touched | None:
    """What loads name that wait.

    None, for all dates and entities, where something else asks for the stage (rows that have no partition any
    more, tables with other columns), and where a blocking check of it fails: which rows are at fault it does
    not say.
    """
    if any(not is_of_loads(entry.request_id) for entry in waiting):
        return None
    later = session.plan.replaced_by_entity(after_histories=True)
    requests = {entry.request_id for entry in waiting}
    if not session.touched.are_known(stage.name, requests, later):
        return None
    if any(check.is_blocking and check.stage == stage.name for check in session.findings.failing_checks()):
        return None
    events = [entry for entry in waiting if not session.plan.tells_of_entities(feed_named(entry.feed))]
    return Touched(
        frozenset(entry.cause_date for entry in events),
        min((entry.event_date for entry in events), default=None),
    )


def queue_what_is_made_of_histories(session: Session, feeds: Collection[Feed], date: dt.date) -> None:
    """Have later stages built for all entities, since somebody has all histories built.

    Which of them come out otherwise nobody knows, and a later stage may have to wait.
    """
    for feed in feeds:
        entry = QueuedDate(date, date, _HISTORIES, feed.name)
        later = [found for found in session.plan.follows(feed, session.feeds_there()) if found.is_whole]
        session.queue.add(
            [
                (found.name, entry)
                for found in later
                if not found.is_by_entity and entry not in session.queue.entries(found.name)
            ]
        )


def queue_unseen(
    session: Session,
    stage: Stage,
    feeds: Collection[Feed],
    tables: Collection[PlannedTable],
    date: dt.date,
) -> list[QueuedDate]:
    """Have a stage built and looked at again as a whole, should this build end before its checks.

    Contracts of tables that replace some rows look at those that a load has replaced alone, and no load names
    what is built now.

    Returns:
        What is to be taken off the queue once the checks have run.
    """
    if not any(table.replaced for table in tables):
        return []
    entries = [QueuedDate(date, date, _UNSEEN, feed.name) for feed in feeds]
    there = session.queue.entries(stage.name)
    session.queue.add([(stage.name, entry) for entry in entries if entry not in there])
    return entries


def forget_touched(session: Session, stage: Stage, requests: Collection[str]) -> None:
    """Forget what requests touched that a stage has built.

    Entities stay listed until all stages have; but those by which histories alone are built, among them
    persons, no longer than these take.
    """
    session.touched.finish(stage.name, requests)
    if stage.is_by_entity:
        later = session.plan.replaced_by_entity(after_histories=True)
        session.touched.forget(requests, session.plan.replaced_by_entity(after_histories=False) - later)
