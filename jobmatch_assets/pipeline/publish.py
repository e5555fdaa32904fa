"""The last stage: what was built is given to readers."""

import datetime as dt

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.pipeline.descriptions import describe_tables
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import PUBLICATION


def publish(session: Session) -> bool:
    """Replace the published copy of gold where something was built since.

    Returns:
        Whether a new copy was made.

    Raises:
        WarehouseError: It cannot be written.
    """
    describe_tables(session)
    if not session.warehouse.has_published_copy:
        return False
    waiting = session.ready().unpublished
    held_back: dict[str, list[dt.date]] = {}
    for check in session.findings.failing_checks():
        table = TableKey.of(check.asset)
        if table.layer == "gold" and check.is_blocking:
            held_back.setdefault(table.name, []).append(check.partition_date)
    is_new = session.warehouse.publish(held_back, is_due=bool(waiting))
    session.queue.clear(PUBLICATION, waiting)
    return is_new
