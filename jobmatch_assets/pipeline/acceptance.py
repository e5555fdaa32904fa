"""Accepting the quarantine of dates: which may be, and the record of who did it."""

import datetime as dt
import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_assets.alerting.wording import one_line
from jobmatch_assets.checks.accepted_quarantine import is_covered, most_accepted
from jobmatch_assets.checks.quarantine import quarantine_key
from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import DateRange, shown
from jobmatch_assets.errors import RequestError
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, SILVER
from jobmatch_assets.warehouse.control.findings import AcceptedQuarantine, FailingCheck, Findings

_MOST_NAME = 100


UNNAMED = "somebody in the Dagster UI"
"""Who accepts a date, where neither a run's config nor its tags say so."""


@dataclass(frozen=True)
class Acceptance:
    """What is to be accepted.

    Attributes:
        ranges: The dates; of a range those that are held back.
        by: Who accepts them.
    """

    ranges: Sequence[DateRange]
    by: str


class AcceptanceError(RequestError):
    """What was to be accepted cannot be; the message says why."""


def dates_to_accept(findings: Findings, ranges: Sequence[DateRange]) -> set[dt.date]:
    """Of these ranges the dates that are held back by their quarantined lines, or were accepted before.

    Raises:
        AcceptanceError: A range has none, or a date of it fails another check that blocks.
    """
    blocking = [check for check in findings.failing_checks() if check.is_blocking]
    held_back = _held_back(findings)
    accepted = {record.partition_date for record in findings.accepted_quarantine()}
    dates: set[dt.date] = set()
    for days in ranges:
        others = [
            check
            for check in blocking
            if check.partition_date in days
            and check.stage in (BRONZE.name, SILVER.name)
            and not _is_share(check)
        ]
        if others:
            first = others[0]
            raise AcceptanceError(
                f"{first.partition_date} is held back by the check {first.check_name} of {first.asset}, too, "
                "and only the share of quarantined lines (quarantine_share) can be accepted. Nothing was "
                f"accepted. {first.description}"
            )
        found = {date for date in held_back | accepted if date in days}
        if not found:
            raise AcceptanceError(
                f"There is nothing to accept on {days}: no date of it is held back by its quarantined lines. "
                f"Held back by them: {shown(held_back) or 'none'}."
            )
        dates |= found
    return dates


def accept_quarantine(session: Session, acceptance: Acceptance, at: dt.datetime) -> set[dt.date]:
    """Keep that the quarantined lines which these dates have now are accepted.

    Args:
        session: The warehouse in which it is kept.
        acceptance: The dates, and who accepts them.
        at: When; no table but the record depends on it.

    Returns:
        The dates, of which silver is to be looked at again.

    Raises:
        AcceptanceError: They cannot be accepted.
    """
    if not acceptance.ranges:
        return set()
    session.prepare()
    findings = session.findings
    dates = dates_to_accept(findings, acceptance.ranges)
    known = most_accepted(findings.accepted_quarantine())
    first, last = min(dates), max(dates)
    rows = {
        table: session.warehouse.rows_by_date(table_named(table), first, last) for table in EVENTS.outcomes
    }
    records = [
        AcceptedQuarantine(
            partition_date=date,
            quarantined_lines=rows[EVENTS.quarantine].get(date, 0),
            lines=sum(found.get(date, 0) for found in rows.values()),
            accepted_by=one_line(acceptance.by, _MOST_NAME) or UNNAMED,
            accepted_at=at,
        )
        for date in sorted(dates & _held_back(findings))
    ]
    findings.accept_quarantine(
        [
            record
            for record in records
            if not is_covered(known, record.partition_date, record.quarantined_lines)
        ]
    )
    return dates


def system_user() -> str:
    """The name that the operating system has for who runs it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _held_back(findings: Findings) -> set[dt.date]:
    return {
        check.partition_date for check in findings.failing_checks() if check.is_blocking and _is_share(check)
    }


def _is_share(check: FailingCheck) -> bool:
    table, name = quarantine_key(EVENTS)
    return (check.asset, check.check_name) == (str(table), name)
