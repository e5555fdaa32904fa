"""The check on the newest event time: a table that was built just now may hold nothing but old events."""

import datetime as dt
from typing import TYPE_CHECKING

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA
from jobmatch_assets.dates import ONE_DAY
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis

EVENTS_ARE_RECENT = CheckKey(EVENTS.key, "events_are_recent")


def events_are_recent(settings: Settings) -> Check:
    """The check with the thresholds in force."""
    return Check(_spec(settings), check_events_are_recent)


def _spec(settings: Settings) -> CheckSpec:
    return CheckSpec(
        EVENTS_ARE_RECENT,
        description=(
            f"The newest event happened at most {settings.events_recent_hours:g} hours ago "
            "(JOBMATCH_EVENTS_RECENT_HOURS), by event_ts: building an old date again does not make it pass. "
            "Looked at with every build, and every ten minutes by the sensor watch_newest_event. A warning."
        ),
    )


def check_events_are_recent(look: Look) -> CheckOutcome:
    """Compare the newest event time with the clock; an event of the future (a wrong clock) does not count."""
    settings, now = look.settings, look.now
    newest = _newest_event(look.backend, now, settings)
    limit = settings.events_recent_hours
    if newest is None:
        return CheckOutcome(
            EVENTS_ARE_RECENT,
            passed=False,
            blocking=False,
            of_partitions=False,
            description="Check events_are_recent of silver/events: there is no event.",
            metadata={"hours allowed": limit},
        )
    hours = (now - newest) / dt.timedelta(hours=1)
    passed = hours <= limit
    return CheckOutcome(
        EVENTS_ARE_RECENT,
        passed=passed,
        blocking=False,
        of_partitions=False,
        description=None
        if passed
        else (
            f"Check events_are_recent of silver/events: the newest event is of {newest:%Y-%m-%d %H:%M} UTC, "
            f"{_age(hours)} ago; {limit:g} hours are allowed. Do files still land, and does the load run?"
        ),
        metadata={
            "newest event (UTC)": f"{newest:%Y-%m-%d %H:%M:%S}",
            "hours ago": round(hours, 2),
            "hours allowed": limit,
        },
    )


def _newest_event(backend: "ibis.BaseBackend", now: dt.datetime, settings: Settings) -> dt.datetime | None:
    import ibis

    events = backend.table(EVENTS.table, database=SILVER_SCHEMA)
    past = events.filter(events.event_ts <= ibis.literal(now, type="timestamp('UTC')"))
    since = (now - dt.timedelta(hours=settings.events_recent_hours)).astimezone(dt.UTC).date() - ONE_DAY
    # As a rule it lies in the last partitions; only where it does not, all are read.
    for first in (since, settings.partitions_start):
        newest: dt.datetime | None = past.filter(past.event_date >= first).event_ts.max().to_pyarrow().as_py()
        if newest is not None:
            return newest
    return None


def _age(hours: float) -> str:
    return f"{hours:,.1f} hours" if hours < 72 else f"{hours / 24:,.0f} days"
