"""How old tables and events may be: the policy of every asset, and the sensor that watches the newest event.

A policy looks at when a table was last built, which building an old date renews; the sensor looks at what the
table holds, also when nothing is built any more.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import dagster as dg

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.checks.recency import EVENTS_ARE_RECENT
from jobmatch_assets.orchestration.asset_events import as_evaluation
from jobmatch_assets.pipeline.data_checks import run_data_checks
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.port import WarehouseError

_TICK_SECONDS = 600
_TELL_AGAIN = dt.timedelta(hours=1)


def freshness_policy(settings: Settings) -> dg.FreshnessPolicy:
    """The policy of every asset: how long ago it may have been built last."""
    return dg.FreshnessPolicy.time_window(
        fail_window=dt.timedelta(hours=settings.freshness_fail_hours),
        warn_window=dt.timedelta(hours=settings.freshness_warn_hours),
    )


@dataclass(frozen=True)
class Told:
    """What the sensor recorded last.

    Attributes:
        passed: Whether the check passed.
        at: When it was recorded, in seconds since 1970.
    """

    passed: bool
    at: float

    @classmethod
    def of(cls, cursor: str | None) -> "Told | None":
        """Read a cursor; one of another version is as good as none."""
        try:
            return cls(**json.loads(cursor)) if cursor else None
        except (TypeError, ValueError):
            return None


@dataclass
class EventAgeWatcher:
    """One tick.

    Attributes:
        platform: What is watched.
        now: The time.
    """

    platform: Platform
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def tick(self, cursor: str | None) -> dg.SensorResult:
        """Look, and record the check where its result has changed or was not recorded for an hour."""
        now = self.now()
        try:
            outcome = self._look(now)
        except WarehouseError as error:
            return _skip(cursor, f"{error} Then the next look.")
        if outcome is None:
            return _skip(cursor, "There is no table silver/events yet: `jobmatch run` builds it.")
        told = Told.of(cursor)
        is_news = told is None or told.passed != outcome.passed
        if told and not is_news and now.timestamp() - told.at < _TELL_AGAIN.total_seconds():
            return _skip(cursor, outcome.description or "The newest event is recent, as it was before.")
        return dg.SensorResult(
            asset_events=[as_evaluation(outcome)],
            cursor=json.dumps(asdict(Told(outcome.passed, now.timestamp()))),
        )

    def _look(self, now: dt.datetime) -> CheckOutcome | None:
        """The check; None where nothing was built yet."""
        from ibis.common.exceptions import TableNotFound

        # Whoever is at work on the warehouse, or looks at it, goes first.
        with self.platform.open(wait=False) as session:
            try:
                (outcome,) = run_data_checks(session, [EVENTS_ARE_RECENT], [now.date()], now)
            except TableNotFound:
                return None
        return outcome


def build_event_age_sensor(platform: Platform) -> dg.SensorDefinition:
    """The sensor; it runs unless it is switched off in the UI."""

    @dg.sensor(
        name="watch_newest_event",
        minimum_interval_seconds=_TICK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Every ten minutes: is the newest event of silver/events at most "
            f"{platform.settings.events_recent_hours:g} hours old? Records the check events_are_recent when "
            "that changes, else every hour. Passes by while a run is at work."
        ),
    )
    def watch_newest_event(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return EventAgeWatcher(platform).tick(context.cursor)

    return watch_newest_event


def _skip(cursor: str | None, reason: str) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=dg.SkipReason(reason), cursor=cursor)
