"""The step that brings new files of some days into bronze."""

import datetime as dt
import time
from collections.abc import Collection, Iterator

from jobmatch_assets.checks.memory import settle
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.landing.passed_over import PassedOver
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.pipeline.archived_lines import bring_back_days
from jobmatch_assets.pipeline.data_checks import data_checks_of, run_data_checks, warm_up
from jobmatch_assets.pipeline.entity_sources import renew_sources
from jobmatch_assets.pipeline.landing_root import admit_landing_root
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE
from jobmatch_assets.pipeline.step_events import ROW_COUNT, StepEvent, TableBuilt
from jobmatch_assets.pipeline.steps.loading import LoadReport, load_new_files

FILES_READABLE = "files_are_readable"


def files_readable(feed: Feed) -> CheckKey:
    """The check that every file could be read."""
    return CheckKey(feed.raw, FILES_READABLE)


def load_files(
    session: Session,
    feed: Feed,
    days: Collection[dt.date],
    found: Collection[LandedFile | PassedOver] | None = None,
    again: Collection[dt.date] | None = None,
) -> Iterator[StepEvent]:
    """Load the files of these days that are not in bronze yet.

    Args:
        session: The warehouse.
        feed: Whose files.
        days: The days that they were written for.
        found: What lies in the landing root, where somebody has looked already.
        again: Days whose lines are looked at though none are new; None for all of these days.

    Raises:
        LandingError: The landing root cannot be read.
        ArchiveError: Lines of these days are archived, and their archive is missing or damaged.
        WarehouseError: The warehouse cannot be used.
        DbtError: dbt does not start.
    """
    started = time.monotonic()
    warm_up([feed])
    warehouse, table = session.warehouse, table_named(feed.raw.name)
    warehouse.charge(feed.raw.name, days)
    session.prepare()
    admit_landing_root(session)
    renew_sources(session)
    bring_back_days(session, feed, days)
    report = load_new_files(session, feed, set(days), found)
    rows = warehouse.rows_by_date(table, min(days), max(days))
    seconds = time.monotonic() - started
    yield TableBuilt(
        feed.raw,
        {
            day: _metadata(report.of_day(day), rows.get(day, 0))
            for day in sorted(days)
            if day in session.partitions
        },
        {"seconds (whole run)": round(seconds, 3), **warehouse.charged()},
    )
    yield from settle(session.findings, BRONZE.name, days, [_readable(feed, report)])
    looked_at = set(days)
    if again is not None:
        # What no check has seen is not staged: lines that are new, or that a stopped run has loaded.
        looked_at &= set(session.ledger.unstaged_days(feed)) | set(again)
    if looked_at:
        checks = data_checks_of(session.platform, [feed.raw])
        outcomes = run_data_checks(session, checks, looked_at)
        yield from settle(session.findings, BRONZE.name, looked_at, outcomes)


def _metadata(report: LoadReport, rows: int) -> dict[str, int]:
    """What the partition holds and what is new: a second load brings nothing, and is not empty."""
    return {
        ROW_COUNT: rows,
        "new files": len(report.loaded),
        "new files with known content": len(report.same_content),
        "new lines": sum(record.lines for record in report.loaded),
        "new bytes": sum(record.bytes for record in report.loaded),
    }


def _readable(feed: Feed, report: LoadReport) -> CheckOutcome:
    return CheckOutcome(
        files_readable(feed),
        passed=not report.unreadable,
        blocking=False,
        serious=True,
        dates=report.unreadable_days,
        description="\n".join(report.unreadable.values()) or None,
        metadata={"unreadable files": len(report.unreadable)},
    )
