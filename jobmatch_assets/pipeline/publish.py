"""The last stage: what was built is given to readers."""

import datetime as dt
import logging
import time

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.pipeline.descriptions import describe_tables, descriptions
from jobmatch_assets.pipeline.ready import Ready
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import PUBLICATION
from jobmatch_assets.pipeline.told_to_readers import failing_rows, held_back_rows
from jobmatch_assets.published.failure import failure_of, forget_failure, note_failure
from jobmatch_assets.warehouse.port import PLANNING
from jobmatch_assets.warehouse.publication.content import Content, says_the_same
from jobmatch_assets.warehouse.publication.copy_file import publish_gold
from jobmatch_assets.warehouse.publication.place import check_published_path

_log = logging.getLogger(__name__)


def publish(session: Session, now: dt.datetime | None = None, anew: bool = False) -> bool:
    """Replace the published copy of gold where something was built, or a check began or ceased to fail.

    Where that fails a note beside the copy says so, until it succeeds.

    Args:
        session: The warehouse.
        now: The time that the copy bears; the clock's where it is not given.
        anew: Make a new copy in any case, and of nothing that the file of before has: rows that were deleted
            may stand there until their place is needed.

    Returns:
        Whether a new copy was made.

    Raises:
        WarehouseError: Gold cannot be read, or the copy cannot be written.
    """
    path, now = session.settings.published_path, now or dt.datetime.now(dt.UTC)
    try:
        is_new = _publish(session, now, anew)
    except Exception as error:
        note_failure(path, error, now)
        raise
    forget_failure(path)
    return is_new


class Readers:
    """Those who look at what a run publishes.

    Attributes:
        have_news: Whether there is a new copy, or the note that there should be one has come or gone.
    """

    def __init__(self) -> None:
        self.have_news = False

    def publish(self, session: Session) -> None:
        """Publish, and remember whether anything is new to them.

        Raises:
            WarehouseError: As `publish` does.
        """
        was_noted = failure_of(session.settings.published_path) is not None
        self.have_news = True
        self.have_news = publish(session) or was_noted


def _publish(session: Session, now: dt.datetime, anew: bool) -> bool:
    path, ready, started = session.settings.published_path, session.ready(), time.monotonic()
    check_published_path(path, session.settings.duckdb_path)
    session.warehouse.charge(PLANNING, ())
    waiting = ready.unpublished
    content = Content(
        published_at=now,
        run_id=session.platform.run_id,
        held_back=held_back_rows(session, ready),
        failing=failing_rows(ready),
        kept=_kept(session, ready),
    )
    if not (waiting or anew) and says_the_same(path, content):
        return False
    session.warehouse.charge(PUBLICATION, ())
    describe_tables(session)
    described = list(descriptions(session.plan, session.dbt.manifest))
    left_out = {table.name for table in session.plan.tables.values() if not table.contract.is_published}
    done = publish_gold(session.warehouse, path, content, described, left_out, anew)
    session.queue.clear(PUBLICATION, waiting)
    _log.info(
        "%s: %d tables with %s rows in %s, %d Parquet files beside it, in %.1f s",
        PUBLICATION, done.tables, f"{done.rows:,}", path, done.files, time.monotonic() - started,
    )  # fmt: skip
    return True


def _kept(session: Session, ready: Ready) -> dict[str, list[dt.date]]:
    """{table of gold: partitions whose new rows fail a blocking check}."""
    kept: dict[str, list[dt.date]] = {}
    for check in ready.failing:
        table = TableKey.of(check.asset)
        if table.layer == "gold" and check.is_blocking and _waits(session, table):
            kept.setdefault(table.name, []).append(check.partition_date)
    return kept


def _waits(session: Session, table: TableKey) -> bool:
    """Whether readers keep the rows of before, where new ones fail a check."""
    tables = session.plan.tables
    return table.name not in tables or tables[table.name].stage.waits_for_checks
