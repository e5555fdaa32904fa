"""The settings of the platform: what they are called, what they default to, and how they are read.

All of them come from environment variables, and only this module reads them. A value that is missing or
not understood is a `SettingsError` that names the variable. Nothing here touches the file system, a
bucket or a warehouse.
"""

import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import SplitResult, urlsplit

from jobmatch_assets.errors import PlatformError

PROJECT_DIR = Path(__file__).resolve().parents[1]
DBT_PROJECT_DIR = PROJECT_DIR / "dbt_project"

TARGETS = ("duckdb", "bigquery")

_LAST_YEAR = 9997

_SCHEMAS = (
    "job_matching_bronze",
    "job_matching_silver",
    "job_matching_gold",
    "main",
    "temp",
    "system",
    "information_schema",
    "pg_catalog",
)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]*")
_PROJECT = re.compile(r"[A-Za-z0-9.:-]*")
_REGION = re.compile(r"[A-Za-z0-9-]+")
_MOST_DIGITS = 20
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+;=%-]+")


class SettingsError(PlatformError, ValueError):
    """A setting is missing or has a value that is not understood; the message names it."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what it means, its default, and how its text is read.

    The value of a secret one is never shown, nor handed to other programs.
    """

    variable: str
    meaning: str
    default: str
    read: Callable[[str], Any]
    secret: bool = False


WebhookFormat = Literal["slack", "discord", "json"]


@dataclass(frozen=True)
class Webhook:
    """A receiver of alerts. Who knows its URL can post there, so the URL shows nowhere.

    Attributes:
        format: How it wants messages.
        url: Where it is.
    """

    format: WebhookFormat
    url: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.format} webhook at {urlsplit(self.url).hostname}"

    @property
    def fingerprint(self) -> str:
        """Tells it from others without saying where it is."""
        return hashlib.sha256(f"{self.format}+{self.url}".encode()).hexdigest()[:16]


def _target(text: str) -> str:
    if text not in TARGETS:
        raise ValueError(f"be one of {', '.join(TARGETS)}")
    return text


def _location(text: str) -> str:
    """A folder (made absolute, from the working directory) or a bucket URL as it is."""
    if text.startswith("gs://"):
        return text.rstrip("/")
    if "://" in text:
        raise ValueError("be a folder or a gs:// URL")
    return str(_path(text))


def _path(text: str) -> Path:
    if not text:
        raise ValueError("be a path, and not empty")
    if not text.isprintable():
        raise ValueError("be a path of printable characters (UTF-8)")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError("begin with a home folder that exists, where it begins with ~") from None
    except OSError:
        raise ValueError("be an absolute path, since the working directory is gone") from None


def _duckdb_path(text: str) -> Path:
    path = _path(text)
    if not names_a_catalog(path):
        raise ValueError(CATALOG_NAMES)
    return path


def names_a_catalog(path: Path) -> bool:
    """Whether DuckDB can tell the catalog, which it names after the file, from all schemas in it."""
    return path.stem.lower() not in _SCHEMAS and bool(_PLAIN_NAME.fullmatch(path.stem))


CATALOG_NAMES = (
    "name a file of letters, digits, spaces and - _ . that is not called like a schema "
    f"({', '.join(_SCHEMAS)}), in small letters or capitals"
)


def _optional_duckdb_path(text: str) -> Path | None:
    return _duckdb_path(text) if text else None


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("be a date, YYYY-MM-DD") from None


def _optional_date(text: str) -> dt.date | None:
    return _date(text) if text else None


def _is_count(text: str) -> bool:
    """Whether it is a whole number, of no more digits than any setting needs."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _days(text: str) -> int:
    if not _is_count(text) or int(text) > 366:
        raise ValueError("be a whole number of days, 0 to 366")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ValueError("be a number of seconds, 0 to 86400")
    return seconds


def _bytes(text: str) -> int:
    if not _is_count(text) or int(text) >= 2**63:
        raise ValueError("be a whole number of bytes, less than 2^63")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError("be a share, 0 to 1")
    return share


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 < hours <= 8784:
        raise ValueError("be a number of hours, more than 0, at most 8784")
    return hours


def _lines(text: str) -> int:
    if not _is_count(text) or len(text) > 12:
        raise ValueError("be a whole number of lines, 0 or more, of at most 12 digits")
    return int(text)


def _weeks(text: str) -> int:
    if not _is_count(text) or not 3 <= int(text) <= 104:
        raise ValueError("be a whole number of weeks, 3 to 104")
    return int(text)


def _project(text: str) -> str:
    if not _PROJECT.fullmatch(text):
        raise ValueError("be the id of a Google Cloud project: letters, digits and hyphens")
    return text


def _region(text: str) -> str:
    if not _REGION.fullmatch(text):
        raise ValueError("be a location of BigQuery, e.g. EU or europe-west1")
    return text


def _currency(text: str) -> str:
    if len(text) != 3 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError("be an ISO 4217 code, three capital letters")
    return text


_FORMAT_OF_HOST: dict[str, WebhookFormat] = {
    "hooks.slack.com": "slack",
    "hooks.slack-gov.com": "slack",
    "discord.com": "discord",
    "canary.discord.com": "discord",
    "ptb.discord.com": "discord",
    "discordapp.com": "discord",
}


def _webhooks(text: str) -> tuple[Webhook, ...]:
    webhooks: dict[Webhook, None] = {}
    for number, entry in enumerate(re.findall(r"[^\s,]+", text), start=1):
        try:
            webhooks[_webhook(entry)] = None
        except ValueError as error:
            raise ValueError(f"{error} (entry {number})") from None
    return tuple(webhooks)


def _webhook(text: str) -> Webhook:
    prefix, _, rest = text.partition("+")
    named = next((name for name in get_args(WebhookFormat) if prefix == name), None)
    url = rest if named else text
    format_ = named or _FORMAT_OF_HOST.get(_http_url(url).hostname or "")
    if format_ is None:
        raise ValueError(
            "have slack+, discord+ or json+ before a URL whose host is neither Slack nor Discord"
        )
    _http_url(url)
    return Webhook(format_, url)


def _http_url(text: str) -> SplitResult:
    """The parts of a URL. No error quotes it: what `urlsplit` raises does."""
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url or not _URL_CHARACTERS.fullmatch(text):
        raise ValueError("be an http:// or https:// URL")
    if "@" in parts.netloc or "#" in text:
        raise ValueError("be a URL without user name and #")
    return parts


def _ui_url(text: str) -> str:
    if _http_url(text).query:
        raise ValueError("be a URL without ?")
    return text.rstrip("/")


def _in_project(relative: str) -> str:
    return str(PROJECT_DIR / relative)


SETTINGS: dict[str, Setting] = {
    "target": Setting(
        "JOBMATCH_TARGET", "Where tables live: duckdb (one machine) or bigquery.", "duckdb", _target
    ),
    "landing": Setting(
        "JOBMATCH_LANDING",
        "Landing root, a folder or gs://bucket/prefix; files are looked for below its events/.",
        _in_project("data/landing"),
        _location,
    ),
    "duckdb_path": Setting(
        "JOBMATCH_DUCKDB_PATH",
        "The DuckDB file that holds all tables.",
        _in_project("data/warehouse.duckdb"),
        _duckdb_path,
    ),
    "published_path": Setting(
        "JOBMATCH_PUBLISHED_PATH",
        "A DuckDB file with a copy of gold for dashboards and notebooks, replaced after each build; "
        "empty: gold.duckdb beside the DuckDB file.",
        "",
        _optional_duckdb_path,
    ),
    "partitions_start": Setting(
        "JOBMATCH_PARTITIONS_START",
        "First date that is kept; older events are quarantined.",
        "2019-01-01",
        _date,
    ),
    "partitions_end": Setting(
        "JOBMATCH_PARTITIONS_END",
        "Last date that has a partition; empty: tomorrow (UTC).",
        "",
        _optional_date,
    ),
    "dedup_window_days": Setting(
        "JOBMATCH_DEDUP_WINDOW_DAYS",
        "How many days apart two lines of one event may be and still be the same event.",
        "7",
        _days,
    ),
    "default_currency": Setting(
        "JOBMATCH_DEFAULT_CURRENCY",
        "Currency (ISO 4217) of bids that name none.",
        "EUR",
        _currency,
    ),
    "experiments": Setting(
        "JOBMATCH_EXPERIMENTS",
        "Experiment registry, a CSV file.",
        _in_project("jobmatch_assets/experiments.csv"),
        _path,
    ),
    "bigquery_project": Setting(
        "JOBMATCH_BIGQUERY_PROJECT",
        "Google Cloud project of the datasets; needed on bigquery.",
        "",
        _project,
    ),
    "bigquery_location": Setting(
        "JOBMATCH_BIGQUERY_LOCATION", "Location of the datasets, on bigquery.", "EU", _region
    ),
    "bigquery_max_bytes_billed": Setting(
        "JOBMATCH_BIGQUERY_MAX_BYTES_BILLED",
        "Most bytes that one statement may be billed for, on bigquery; one that would need more fails and "
        "costs nothing. 0: no limit.",
        str(2**40),
        _bytes,
    ),
    "google_retry_timeout": Setting(
        "JOBMATCH_GOOGLE_RETRY_TIMEOUT",
        "Seconds for which requests to BigQuery and Cloud Storage are repeated that fail for a passing "
        "reason.",
        "600",
        _seconds,
    ),
    "lock_timeout": Setting(
        "JOBMATCH_LOCK_TIMEOUT",
        "Seconds to wait for a program of yours (a SQL shell) to let go of the DuckDB file.",
        "60",
        _seconds,
    ),
    "quarantine_warn_share": Setting(
        "JOBMATCH_QUARANTINE_WARN_SHARE",
        "A date of whose lines more than this share is quarantined gives a warning.",
        "0.01",
        _share,
    ),
    "quarantine_block_share": Setting(
        "JOBMATCH_QUARANTINE_BLOCK_SHARE",
        "A date of whose lines more than this share is quarantined is not built any further.",
        "0.5",
        _share,
    ),
    "quarantine_min_lines": Setting(
        "JOBMATCH_QUARANTINE_MIN_LINES",
        "A date with fewer lines warns of its quarantined ones, but goes on.",
        "1000",
        _lines,
    ),
    "duplicates_warn_share": Setting(
        "JOBMATCH_DUPLICATES_WARN_SHARE",
        "A date of whose valid lines more than this share are duplicates, ten at least, gives a warning.",
        "0.2",
        _share,
    ),
    "duplicates_block_share": Setting(
        "JOBMATCH_DUPLICATES_BLOCK_SHARE",
        "A date of whose events more than this share is lost, since different events have one event_id, is "
        "not built any further. 1: never.",
        "0.5",
        _share,
    ),
    "duplicates_min_lines": Setting(
        "JOBMATCH_DUPLICATES_MIN_LINES",
        "A date with fewer valid lines warns of its duplicates, but goes on.",
        "1000",
        _lines,
    ),
    "row_volume_tolerance": Setting(
        "JOBMATCH_ROW_VOLUME_TOLERANCE",
        "A date whose events are further from the median of earlier same weekdays than this share of the "
        "median gives a warning.",
        "0.5",
        _share,
    ),
    "row_volume_weeks": Setting(
        "JOBMATCH_ROW_VOLUME_WEEKS",
        "How many weeks back this median looks; it needs three of them with events.",
        "8",
        _weeks,
    ),
    "freshness_warn_hours": Setting(
        "JOBMATCH_FRESHNESS_WARN_HOURS",
        "A table that was not built for so long shows a warning.",
        "24",
        _hours,
    ),
    "freshness_fail_hours": Setting(
        "JOBMATCH_FRESHNESS_FAIL_HOURS",
        "A table that was not built for so long shows as failed.",
        "48",
        _hours,
    ),
    "events_recent_hours": Setting(
        "JOBMATCH_EVENTS_RECENT_HOURS",
        "How old the newest event may be, however recently tables were built, before there is a warning.",
        "24",
        _hours,
    ),
    "alert_webhooks": Setting(
        "JOBMATCH_ALERT_WEBHOOKS",
        "Webhook URLs that alerts go to, with spaces between: of Slack or Discord as they are, others with "
        "slack+, discord+ or json+ before them. A secret. Empty: only the log has alerts.",
        "",
        _webhooks,
        secret=True,
    ),
    "ui_url": Setting(
        "JOBMATCH_UI_URL", "Where the Dagster UI is; alerts link there.", "http://127.0.0.1:3000", _ui_url
    ),
}


@dataclass(frozen=True)
class Settings:
    """The settings in force, each with its own type; see `SETTINGS` for what they mean."""

    target: str
    landing: str
    duckdb_path: Path
    published_path: Path
    partitions_start: dt.date
    partitions_end: dt.date | None
    dedup_window_days: int
    default_currency: str
    experiments: Path
    bigquery_project: str
    bigquery_location: str
    bigquery_max_bytes_billed: int
    google_retry_timeout: float
    lock_timeout: float
    quarantine_warn_share: float
    quarantine_block_share: float
    quarantine_min_lines: int
    duplicates_warn_share: float
    duplicates_block_share: float
    duplicates_min_lines: int
    row_volume_tolerance: float
    row_volume_weeks: int
    freshness_warn_hours: float
    freshness_fail_hours: float
    events_recent_hours: float
    alert_webhooks: tuple[Webhook, ...]
    ui_url: str

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
        values = {
            name: _read(setting, environment.get(setting.variable, setting.default))
            for name, setting in SETTINGS.items()
        }
        values["published_path"] = values["published_path"] or values["duckdb_path"].with_name("gold.duckdb")
        settings = cls(**values)
        if settings.partitions_end and settings.partitions_end < settings.partitions_start:
            raise SettingsError(
                f"JOBMATCH_PARTITIONS_END={settings.partitions_end} lies before "
                f"JOBMATCH_PARTITIONS_START={settings.partitions_start}."
            )
        if settings.last_partition.year > _LAST_YEAR:
            raise SettingsError(
                f"JOBMATCH_PARTITIONS_END={settings.partitions_end} lies after {_LAST_YEAR}-12-31, where the "
                "calendar has no room for the days that are looked at around a date."
            )
        if settings.published_path == settings.duckdb_path:
            raise SettingsError(
                f"JOBMATCH_PUBLISHED_PATH={settings.published_path} is the warehouse itself, "
                "JOBMATCH_DUCKDB_PATH. Name another file."
            )
        if settings.quarantine_warn_share > settings.quarantine_block_share:
            raise SettingsError(
                f"JOBMATCH_QUARANTINE_WARN_SHARE={settings.quarantine_warn_share} lies above "
                f"JOBMATCH_QUARANTINE_BLOCK_SHARE={settings.quarantine_block_share}."
            )
        if settings.freshness_warn_hours >= settings.freshness_fail_hours:
            raise SettingsError(
                f"JOBMATCH_FRESHNESS_WARN_HOURS={settings.freshness_warn_hours} must lie below "
                f"JOBMATCH_FRESHNESS_FAIL_HOURS={settings.freshness_fail_hours}."
            )
        if settings.target == "bigquery" and not settings.bigquery_project:
            raise SettingsError(
                "JOBMATCH_BIGQUERY_PROJECT is missing; JOBMATCH_TARGET=bigquery needs a Google Cloud project."
            )
        return settings

    @property
    def last_partition(self) -> dt.date:
        """The last date that has a partition; tomorrow (UTC) moves on while a process lives."""
        return self.partitions_end or dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)

    def environment(self) -> dict[str, str]:
        """The settings that are no secrets as environment variables, for dbt and for child processes."""
        return {
            setting.variable: "" if value is None else str(value)
            for name, setting in SETTINGS.items()
            if not setting.secret
            for value in [getattr(self, name)]
        }


def _read(setting: Setting, text: str) -> Any:
    try:
        return setting.read(text)
    except ValueError as error:
        shown = setting.variable if setting.secret else f"{setting.variable}={text!r}"
        raise SettingsError(f"{shown} is not understood: it must {error}. {setting.meaning}") from None
