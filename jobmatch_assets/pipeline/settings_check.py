"""The check `built_with_current_settings`: dates that were built by settings which are not in force any more.

Nobody wants years to be built anew because a setting was changed, so they stay as they are, and this says so.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.dates import DateRange, shown
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import SETTINGS

BUILT_WITH_CURRENT_SETTINGS = CheckKey(TableKey("silver", "events"), "built_with_current_settings")

_OF_LAYER = {
    "bronze": ("partitions_start", "default_currency"),
    "silver": ("dedup_window_days",),
}
_MOST_DAYS = 100_000


def settings_spec() -> CheckSpec:
    """The check with the settings that it looks at."""
    variables = ", ".join(SETTINGS[name].variable for names in _OF_LAYER.values() for name in names)
    return CheckSpec(
        BUILT_WITH_CURRENT_SETTINGS,
        description=(
            f"All dates were built with the settings in force ({variables}). Those that were not stay as "
            "they are until somebody builds them anew; the message has the command. A warning."
        ),
    )


def note_settings(platform: Platform, layer: str, days: Collection[dt.date]) -> None:
    """Note that these partitions of a layer were built with the settings in force.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    values = {SETTINGS[name].variable: _value(platform, name) for name in _OF_LAYER.get(layer, ())}
    if not values:
        return
    warehouse = platform.warehouse()
    used = warehouse.used_settings(layer)
    if news := [day for day in days if used.get(day) != values]:
        warehouse.note_settings(layer, news, values)


def check_settings(platform: Platform) -> CheckOutcome:
    """Compare the settings in force with those that dates were built with.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    found = list(mixed_settings(platform))
    return CheckOutcome(
        BUILT_WITH_CURRENT_SETTINGS,
        passed=not found,
        blocking=False,
        of_partitions=False,
        description=" ".join(found) or None,
        metadata={"settings that have changed": len(found)},
    )


def mixed_settings(platform: Platform) -> Iterator[str]:
    """For each setting and value that is not in force any more: what was built with it, and what to do."""
    for layer, names in _OF_LAYER.items():
        used = platform.warehouse().used_settings(layer)
        for name in names:
            variable, now = SETTINGS[name].variable, _value(platform, name)
            days: dict[str, set[dt.date]] = defaultdict(set)
            for day, values in used.items():
                if (value := values.get(variable, now)) != now:
                    days[value].add(day)
            for value, built in sorted(days.items()):
                if affected := _affected(platform, name, value, built):
                    yield _Change(variable, value, now, layer, affected).told(platform.partitions)


@dataclass(frozen=True)
class _Change:
    """A setting that has changed since some partitions of a layer were built."""

    variable: str
    before: str
    now: str
    layer: str
    days: Collection[dt.date]

    def told(self, partitions: DateRange) -> str:
        what = "files of" if self.layer == "bronze" else "events of"
        told = (
            f"{self.variable} was {self.before} when {what} {shown(self.days)} were built and is {self.now} "
            "now: they stay as they were."
        )
        days = [day for day in self.days if day in partitions]
        if not days:
            return f"{told} They lie outside all partitions by now."
        return f"{told} `jobmatch run --from {min(days)} --to {max(days)}` builds them anew."


def _value(platform: Platform, name: str) -> str:
    return str(getattr(platform.settings, name))


def _affected(platform: Platform, name: str, before: str, built: set[dt.date]) -> set[dt.date]:
    """Those of the partitions whose rows the changed setting may change."""
    conditions = {
        "partitions_start": "lines.reason = 'event_ts_too_old' or lines.event_date < "
        f"date '{platform.settings.partitions_start}'",
        # Where the producer has named the same one, it is taken for the default.
        "default_currency": f"lines.currency = '{before}'",
    }
    if name not in conditions:
        return built
    rows = platform.warehouse().query(
        "select distinct lines._source_dt as day from job_matching_silver.stg_events as lines "  # noqa: S608
        f"where lines._source_dt >= date '{min(built)}' and lines._source_dt <= date '{max(built)}' "
        f"and ({conditions[name]})",
        _MOST_DAYS,
    )
    return built.intersection(row["day"] for row in rows)
