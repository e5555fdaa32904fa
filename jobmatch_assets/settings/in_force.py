"""The settings in force: all groups in one, read from environment variables, which nothing else reads.

A value that is missing or not understood is a `SettingsError` that names the variable. Nothing here touches
the file system, a bucket or a warehouse.
"""

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_type_hints

from jobmatch_assets.settings.groups.alerts import AlertSettings
from jobmatch_assets.settings.groups.checks import CheckSettings
from jobmatch_assets.settings.groups.engines import EngineSettings
from jobmatch_assets.settings.groups.entities import EntitySettings
from jobmatch_assets.settings.groups.events import EventSettings
from jobmatch_assets.settings.groups.places import PlaceSettings
from jobmatch_assets.settings.groups.privacy import PrivacySettings
from jobmatch_assets.settings.setting import Setting, SettingsError

_LAST_YEAR = 9997


# The fields of the last base come first.
@dataclass(frozen=True)
class Settings(
    PrivacySettings,
    AlertSettings,
    CheckSettings,
    EngineSettings,
    EntitySettings,
    EventSettings,
    PlaceSettings,
):
    """The settings in force, each with its own type; see `SETTINGS` for what they mean."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read all settings.

        Args:
            environment: Variables to read instead of the process's own.

        Raises:
            SettingsError: A value is not understood, or a JOBMATCH_ variable is unknown.
        """
        environment = os.environ if environment is None else environment
        known = {setting.variable for setting in SETTINGS.values()}
        unknown = sorted(v for v in environment if v.startswith("JOBMATCH_") and v not in known)
        if unknown:
            raise SettingsError(
                f"Unknown setting {', '.join(unknown)}. Known are {', '.join(sorted(known))}."
            )
        values = {name: setting.value(environment) for name, setting in SETTINGS.items()}
        values["published_path"] = values["published_path"] or values["duckdb_path"].with_name("gold.duckdb")
        values["dashboards_path"] = values["dashboards_path"] or values["published_path"].with_name(
            "dashboards"
        )
        values["reports_path"] = values["reports_path"] or values["published_path"].with_name("reports")
        values["archive_path"] = values["archive_path"] or values["duckdb_path"].with_name("archive")
        settings = cls(**values)
        settings._check_together()
        return settings

    def _check_together(self) -> None:
        """Refuse values each of which could be, but not with the others."""
        if self.partitions_end and self.partitions_end < self.partitions_start:
            raise SettingsError(
                f"JOBMATCH_PARTITIONS_END={self.partitions_end} lies before "
                f"JOBMATCH_PARTITIONS_START={self.partitions_start}."
            )
        if self.last_partition.year > _LAST_YEAR:
            raise SettingsError(
                f"JOBMATCH_PARTITIONS_END={self.partitions_end} lies after {_LAST_YEAR}-12-31, where the "
                "calendar has no room for the days that are looked at around a date."
            )
        if self.published_path == self.duckdb_path:
            raise SettingsError(
                f"JOBMATCH_PUBLISHED_PATH={self.published_path} is the warehouse itself, "
                "JOBMATCH_DUCKDB_PATH. Name another file."
            )
        if self.quarantine_warn_share > self.quarantine_block_share:
            raise SettingsError(
                f"JOBMATCH_QUARANTINE_WARN_SHARE={self.quarantine_warn_share} lies above "
                f"JOBMATCH_QUARANTINE_BLOCK_SHARE={self.quarantine_block_share}."
            )
        if self.freshness_warn_hours >= self.freshness_fail_hours:
            raise SettingsError(
                f"JOBMATCH_FRESHNESS_WARN_HOURS={self.freshness_warn_hours} must lie below "
                f"JOBMATCH_FRESHNESS_FAIL_HOURS={self.freshness_fail_hours}."
            )
        if self.target == "bigquery" and not self.bigquery_project:
            raise SettingsError(
                "JOBMATCH_BIGQUERY_PROJECT is missing; JOBMATCH_TARGET=bigquery needs a Google Cloud project."
            )

    @property
    def last_partition(self) -> dt.date:
        """The last date that has a partition; tomorrow (UTC) moves on while a process lives."""
        return self.partitions_end or dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)

    def environment(self) -> dict[str, str]:
        """The settings that are no secrets as environment variables, for dbt and for child processes."""
        return {
            setting.variable: _text_of(value)
            for name, setting in SETTINGS.items()
            if not setting.secret
            for value in [getattr(self, name)]
        }


def _text_of(value: object) -> str:
    """What is read as the value again."""
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)


SETTINGS: dict[str, Setting] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()
}
"""Each field of `Settings` and what it is read from, in the order in which they are told."""
