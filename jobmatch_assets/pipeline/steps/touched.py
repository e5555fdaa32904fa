"""What a table without dates is built for, where it replaces only the dates or entities that need it."""

from collections.abc import Collection

from jobmatch_assets.contracts.feed import feed_named
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import Stage
from jobmatch_assets.pipeline.steps.dbt_runner import Touched
from jobmatch_assets.warehouse.control.ledger import is_of_loads
from jobmatch_assets.warehouse.control.queue import QueuedDate


def touched_by(session: Session, stage: Stage, waiting: Collection[QueuedDate]) -> Touched | None:
    """What loads name that wait.

    None, for all dates and entities, where something else asks for the stage (rows that have no partition any
    more, tables with other columns), and where a blocking check of it fails: which rows are at fault it does
    not say.
    """
    if any(not is_of_loads(entry.request_id) for entry in waiting):
        return None
    if not session.touched.are_known(stage.name, {entry.request_id for entry in waiting}):
        return None
    if any(check.is_blocking and check.stage == stage.name for check in session.findings.failing_checks()):
        return None
    events = [entry for entry in waiting if not session.plan.tells_of_entities(feed_named(entry.feed))]
    return Touched(
        frozenset(entry.cause_date for entry in events),
        min((entry.event_date for entry in events), default=None),
    )
