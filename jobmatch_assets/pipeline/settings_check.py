"""The check `built_with_current_settings`: dates that were built by settings which are not in force any more.

Nobody wants years to be built anew because a setting was changed, so they stay as they are, and this says so.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.feed import EVENTS as EVENTS_FEED
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.line_tables import EVENTS, STG_EVENTS
from jobmatch_assets.dates import DateRange, shown
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, SILVER, Stage
from jobmatch_assets.settings import SETTINGS
from jobmatch_assets.warehouse.control.traces import Traces

BUILT_WITH_CURRENT_SETTINGS = CheckKey(EVENTS.key, "built_with_current_settings")

# They decide how events are read, and what of them is kept; no other feed asks for them.
_OF_STAGE = {
    BRONZE: ("partitions_start", "default_currency", "other_event_names"),
    SILVER: ("dedup_window_days",),
}
_BEFORE_IT_WAS_NOTED = {"other_event_names": ""}
"""What a setting was for partitions that earlier versions built; of others it is not known."""

_MOST_DAYS = 100_000


def settings_spec() -> CheckSpec:
    """The check with the settings that it looks at."""
    variables = ", ".join(SETTINGS[name].variable for names in _OF_STAGE.values() for name in names)
    return CheckSpec(
        BUILT_WITH_CURRENT_SETTINGS,
        description=(
            f"All dates were built with the settings in force ({variables}). Those that were not stay as "
            "they are until somebody builds them anew; the message has the command. A warning."
        ),
    )


def note_settings(session: Session, stage: Stage, feed: Feed, days: Collection[dt.date]) -> None:
    """Note that these partitions of a stage were built with the settings in force.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    if news := built_with_other_settings(session, stage, feed, days):
        Traces(session.warehouse).note_settings(stage.name, news, _values(session, stage))


def built_with_other_settings(
    session: Session, stage: Stage, feed: Feed, days: Collection[dt.date]
) -> set[dt.date]:
    """Those of the partitions of a stage that were not built with the settings in force, where noted."""
    values = _values(session, stage)
    if not values or feed != EVENTS_FEED:
        return set()
    used = Traces(session.warehouse).used_settings(stage.name)
    return {day for day in days if used.get(day) != values}


def check_settings(session: Session) -> CheckOutcome:
    """Compare the settings in force with those that dates were built with.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    found = list(mixed_settings(session))
    return CheckOutcome(
        BUILT_WITH_CURRENT_SETTINGS,
        passed=not found,
        blocking=False,
        of_partitions=False,
        description=" ".join(found) or None,
        metadata={"settings that have changed": len(found)},
    )


def mixed_settings(session: Session) -> Iterator[str]:
    """For each setting and value that is not in force any more: what was built with it, and what to do."""
    for stage, names in _OF_STAGE.items():
        used = Traces(session.warehouse).used_settings(stage.name)
        for name in names:
            variable, now = SETTINGS[name].variable, _value(session, name)
            days: dict[str, set[dt.date]] = defaultdict(set)
            for day, values in used.items():
                if (value := values.get(variable, _BEFORE_IT_WAS_NOTED.get(name, now))) != now:
                    days[value].add(day)
            for value, built in sorted(days.items()):
                if affected := _affected(session, name, value, built):
                    yield _Change(variable, value, now, stage, affected).told(session.partitions)


@dataclass(frozen=True)
class _Change:
    """A setting that has changed since some partitions of a stage were built."""

    variable: str
    before: str
    now: str
    stage: Stage
    days: Collection[dt.date]

    def told(self, partitions: DateRange) -> str:
        what = "files of" if self.stage == BRONZE else "events of"
        told = (
            f"{self.variable} was {self.before or 'empty'} when {what} {shown(self.days)} were built and is "
            f"{self.now or 'empty'} now: they stay as they were."
        )
        days = [day for day in self.days if day in partitions]
        if not days:
            return f"{told} They lie outside all partitions by now."
        return f"{told} `jobmatch run --from {min(days)} --to {max(days)}` builds them anew."


def _values(session: Session, stage: Stage) -> dict[str, str]:
    return {SETTINGS[name].variable: _value(session, name) for name in _OF_STAGE.get(stage, ())}


def _value(session: Session, name: str) -> str:
    return session.settings.environment()[SETTINGS[name].variable]


def _affected(session: Session, name: str, before: str, built: set[dt.date]) -> set[dt.date]:
    """Those of the partitions whose rows the changed setting may change."""
    conditions = {
        "partitions_start": "lines.reason = 'event_ts_too_old' or lines.event_date < "
        f"date '{session.settings.partitions_start}'",
        # Where the producer has named the same one, it is taken for the default.
        "default_currency": f"lines.currency = '{before}'",
        "other_event_names": " or ".join(
            f"lines.event_name = '{name}'"
            for name in sorted({*before.split()} ^ {*session.settings.other_event_names})
        ),
    }
    if name not in conditions:
        return built
    rows = session.warehouse.query(
        f"select distinct lines._source_dt as day from {STG_EVENTS.schema}.{STG_EVENTS.table} as lines "  # noqa: S608
        f"where lines._source_dt >= date '{min(built)}' and lines._source_dt <= date '{max(built)}' "
        f"and ({conditions[name]})",
        _MOST_DAYS,
    )
    return built.intersection(row["day"] for row in rows)
