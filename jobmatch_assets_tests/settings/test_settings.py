import datetime as dt
import os
import traceback
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.settings import PROJECT_DIR, SETTINGS, Settings, SettingsError, Webhook


def half_of_this_machine() -> float:
    """As DuckDB sees it, which by itself takes four fifths."""
    ((text,),) = duckdb.sql("select current_setting('memory_limit')").fetchall()
    number, unit = text.split()
    return float(number) * {"MiB": 2**20, "GiB": 2**30, "TiB": 2**40}[unit] / 0.8 / 2


DEFAULTS = {
    "target": "duckdb",
    "landing": str(PROJECT_DIR / "data/landing"),
    "duckdb_path": PROJECT_DIR / "data/warehouse.duckdb",
    "partitions_start": dt.date(2019, 1, 1),
    "partitions_end": None,
    "dedup_window_days": 7,
    "default_currency": "EUR",
    "other_event_names": (),
    "experiments": PROJECT_DIR / "jobmatch_assets/experiments.csv",
    "sources": None,
    "bigquery_project": "",
    "bigquery_location": "EU",
    "bigquery_max_bytes_billed": 2**40,
    "google_retry_timeout": 600.0,
    "dashboards_path": PROJECT_DIR / "data/dashboards",
    "reports_path": PROJECT_DIR / "data/reports",
    "archive_path": PROJECT_DIR / "data/archive",
    "published_path": PROJECT_DIR / "data/gold.duckdb",
    "lock_timeout": 60.0,
    "memory_limit": pytest.approx(half_of_this_machine(), rel=0.02),
    "quarantine_warn_share": 0.01,
    "quarantine_block_share": 0.5,
    "quarantine_min_lines": 1000,
    "duplicates_warn_share": 0.2,
    "duplicates_block_share": 0.5,
    "duplicates_min_lines": 1000,
    "row_volume_tolerance": 0.5,
    "row_volume_weeks": 8,
    "freshness_warn_hours": 24.0,
    "freshness_fail_hours": 48.0,
    "events_recent_hours": 24.0,
    "alert_webhooks": (),
    "erasure_key": "",
    "ui_url": "http://127.0.0.1:3000",
}


def test_every_setting_has_its_default() -> None:
    settings = Settings.from_environment({})
    assert {name: getattr(settings, name) for name in SETTINGS} == DEFAULTS


def test_every_setting_says_what_it_means_under_a_name_of_its_own() -> None:
    variables = [setting.variable for setting in SETTINGS.values()]
    assert len(set(variables)) == len(variables)
    assert all(variable.startswith("JOBMATCH_") for variable in variables)
    assert all(setting.meaning.endswith(".") for setting in SETTINGS.values())


GIVEN = {
    "JOBMATCH_TARGET": ("target", "bigquery", "bigquery"),
    "JOBMATCH_LANDING": ("landing", "gs://bucket/some/prefix/", "gs://bucket/some/prefix"),
    "JOBMATCH_DUCKDB_PATH": ("duckdb_path", "/data/w.duckdb", Path("/data/w.duckdb")),
    "JOBMATCH_PARTITIONS_START": ("partitions_start", "2020-02-29", dt.date(2020, 2, 29)),
    "JOBMATCH_PARTITIONS_END": ("partitions_end", "2030-01-01", dt.date(2030, 1, 1)),
    "JOBMATCH_DEDUP_WINDOW_DAYS": ("dedup_window_days", "0", 0),
    "JOBMATCH_DEFAULT_CURRENCY": ("default_currency", "JPY", "JPY"),
    "JOBMATCH_OTHER_EVENT_NAMES": (
        "other_event_names",
        " page_view\talive  page_view Click",
        ("Click", "alive", "page_view"),
    ),
    "JOBMATCH_EXPERIMENTS": ("experiments", "/data/x.csv", Path("/data/x.csv")),
    "JOBMATCH_SOURCES": ("sources", "/data/s.csv", Path("/data/s.csv")),
    "JOBMATCH_BIGQUERY_PROJECT": ("bigquery_project", "p", "p"),
    "JOBMATCH_BIGQUERY_LOCATION": ("bigquery_location", "US", "US"),
    "JOBMATCH_BIGQUERY_MAX_BYTES_BILLED": ("bigquery_max_bytes_billed", "0", 0),
    "JOBMATCH_GOOGLE_RETRY_TIMEOUT": ("google_retry_timeout", "1.5", 1.5),
    "JOBMATCH_DASHBOARDS_PATH": ("dashboards_path", "/data/pages", Path("/data/pages")),
    "JOBMATCH_ERASURE_KEY": ("erasure_key", "sixteen letters!", "sixteen letters!"),
    "JOBMATCH_ARCHIVE_PATH": ("archive_path", "/data/old", Path("/data/old")),
    "JOBMATCH_REPORTS_PATH": ("reports_path", "/data/weekly", Path("/data/weekly")),
    "JOBMATCH_PUBLISHED_PATH": ("published_path", "/data/read.duckdb", Path("/data/read.duckdb")),
    "JOBMATCH_LOCK_TIMEOUT": ("lock_timeout", "0.5", 0.5),
    "JOBMATCH_MEMORY_LIMIT": ("memory_limit", "1.5 GiB", 1610612736),
    "JOBMATCH_QUARANTINE_WARN_SHARE": ("quarantine_warn_share", "0", 0.0),
    "JOBMATCH_QUARANTINE_BLOCK_SHARE": ("quarantine_block_share", "1", 1.0),
    "JOBMATCH_QUARANTINE_MIN_LINES": ("quarantine_min_lines", "0", 0),
    "JOBMATCH_DUPLICATES_WARN_SHARE": ("duplicates_warn_share", "0.35", 0.35),
    "JOBMATCH_DUPLICATES_BLOCK_SHARE": ("duplicates_block_share", "1", 1.0),
    "JOBMATCH_DUPLICATES_MIN_LINES": ("duplicates_min_lines", "0", 0),
    "JOBMATCH_ROW_VOLUME_TOLERANCE": ("row_volume_tolerance", "0.25", 0.25),
    "JOBMATCH_ROW_VOLUME_WEEKS": ("row_volume_weeks", "3", 3),
    "JOBMATCH_FRESHNESS_WARN_HOURS": ("freshness_warn_hours", "1.5", 1.5),
    "JOBMATCH_FRESHNESS_FAIL_HOURS": ("freshness_fail_hours", "72", 72.0),
    "JOBMATCH_EVENTS_RECENT_HOURS": ("events_recent_hours", "0.5", 0.5),
    "JOBMATCH_ALERT_WEBHOOKS": (
        "alert_webhooks",
        " https://hooks.slack.com/services/T/B/x,\thttps://discord.com/api/webhooks/1/y\n"
        "slack+http://chat.example.com:8065/hooks/z discord+https://d.example.com/ json+http://[::1]:80/?a=b "
        "https://hooks.slack.com/services/T/B/x ",
        (
            Webhook("slack", "https://hooks.slack.com/services/T/B/x"),
            Webhook("discord", "https://discord.com/api/webhooks/1/y"),
            Webhook("slack", "http://chat.example.com:8065/hooks/z"),
            Webhook("discord", "https://d.example.com/"),
            Webhook("json", "http://[::1]:80/?a=b"),
        ),
    ),
    "JOBMATCH_UI_URL": (
        "ui_url",
        "https://dagster.example.com/jobmatch/",
        "https://dagster.example.com/jobmatch",
    ),
}


@pytest.mark.parametrize("variable", GIVEN)
def test_every_setting_is_read_from_its_variable(variable: str) -> None:
    name, text, value = GIVEN[variable]
    project = {"JOBMATCH_BIGQUERY_PROJECT": "p"}
    assert getattr(Settings.from_environment(project | {variable: text}), name) == value


def test_the_cases_cover_every_setting() -> None:
    assert GIVEN.keys() == {setting.variable for setting in SETTINGS.values()}
    assert DEFAULTS.keys() == SETTINGS.keys()


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("JOBMATCH_TARGET", ""),
        ("JOBMATCH_TARGET", "DuckDB"),
        ("JOBMATCH_TARGET", "snowflake"),
        ("JOBMATCH_LANDING", "s3://bucket"),
        ("JOBMATCH_LANDING", "http://x"),
        ("JOBMATCH_LANDING", "file:///x"),
        ("JOBMATCH_LANDING", ""),
        ("JOBMATCH_DUCKDB_PATH", ""),
        ("JOBMATCH_EXPERIMENTS", ""),
        ("JOBMATCH_PARTITIONS_START", ""),
        ("JOBMATCH_PARTITIONS_START", "2026-02-30"),
        ("JOBMATCH_PARTITIONS_START", "today"),
        ("JOBMATCH_PARTITIONS_END", "2026-13-01"),
        ("JOBMATCH_PARTITIONS_END", "1.3.2026"),
        ("JOBMATCH_PARTITIONS_END", " "),
        ("JOBMATCH_DEDUP_WINDOW_DAYS", ""),
        ("JOBMATCH_DEDUP_WINDOW_DAYS", "-1"),
        ("JOBMATCH_DEDUP_WINDOW_DAYS", "7.0"),
        ("JOBMATCH_DEDUP_WINDOW_DAYS", "367"),
        ("JOBMATCH_DEDUP_WINDOW_DAYS", "٣"),
        ("JOBMATCH_DEDUP_WINDOW_DAYS", "seven"),
        ("JOBMATCH_DEFAULT_CURRENCY", ""),
        ("JOBMATCH_DEFAULT_CURRENCY", "eur"),
        ("JOBMATCH_DEFAULT_CURRENCY", "EURO"),
        ("JOBMATCH_DEFAULT_CURRENCY", "ÉUR"),
        ("JOBMATCH_DEFAULT_CURRENCY", "E1R"),
        ("JOBMATCH_OTHER_EVENT_NAMES", "page-view"),
        ("JOBMATCH_OTHER_EVENT_NAMES", "page_view,alive"),
        ("JOBMATCH_OTHER_EVENT_NAMES", "alive '"),
        ("JOBMATCH_OTHER_EVENT_NAMES", "größe"),
        ("JOBMATCH_OTHER_EVENT_NAMES", "alive login"),
        ("JOBMATCH_BIGQUERY_MAX_BYTES_BILLED", ""),
        ("JOBMATCH_BIGQUERY_MAX_BYTES_BILLED", "-1"),
        ("JOBMATCH_BIGQUERY_MAX_BYTES_BILLED", "1e12"),
        ("JOBMATCH_BIGQUERY_MAX_BYTES_BILLED", str(2**63)),
        ("JOBMATCH_GOOGLE_RETRY_TIMEOUT", "-1"),
        ("JOBMATCH_GOOGLE_RETRY_TIMEOUT", "nan"),
        ("JOBMATCH_LOCK_TIMEOUT", ""),
        ("JOBMATCH_LOCK_TIMEOUT", "-1"),
        ("JOBMATCH_LOCK_TIMEOUT", "nan"),
        ("JOBMATCH_LOCK_TIMEOUT", "inf"),
        ("JOBMATCH_LOCK_TIMEOUT", "86401"),
        ("JOBMATCH_LOCK_TIMEOUT", "1m"),
        ("JOBMATCH_MEMORY_LIMIT", "255 MiB"),
        ("JOBMATCH_MEMORY_LIMIT", "50%"),
        ("JOBMATCH_MEMORY_LIMIT", "4 GiB'"),
        ("JOBMATCH_MEMORY_LIMIT", "-4 GiB"),
        ("JOBMATCH_QUARANTINE_WARN_SHARE", ""),
        ("JOBMATCH_QUARANTINE_WARN_SHARE", "1%"),
        ("JOBMATCH_QUARANTINE_BLOCK_SHARE", "1.01"),
        ("JOBMATCH_QUARANTINE_BLOCK_SHARE", "nan"),
        ("JOBMATCH_QUARANTINE_MIN_LINES", "-1"),
        ("JOBMATCH_QUARANTINE_MIN_LINES", "1e3"),
        ("JOBMATCH_DUPLICATES_WARN_SHARE", "20"),
        ("JOBMATCH_DUPLICATES_BLOCK_SHARE", "1.01"),
        ("JOBMATCH_DUPLICATES_MIN_LINES", "-1"),
        ("JOBMATCH_ROW_VOLUME_TOLERANCE", "-0.1"),
        ("JOBMATCH_ROW_VOLUME_WEEKS", "2"),
        ("JOBMATCH_ROW_VOLUME_WEEKS", "105"),
        ("JOBMATCH_FRESHNESS_WARN_HOURS", "0"),
        ("JOBMATCH_FRESHNESS_WARN_HOURS", "inf"),
        ("JOBMATCH_FRESHNESS_FAIL_HOURS", "a day"),
        ("JOBMATCH_EVENTS_RECENT_HOURS", "8785"),
        ("JOBMATCH_UI_URL", ""),
        ("JOBMATCH_UI_URL", "127.0.0.1:3000"),
        ("JOBMATCH_UI_URL", "http://"),
        ("JOBMATCH_UI_URL", "http://a b"),
        ("JOBMATCH_UI_URL", "http://a|b"),
        ("JOBMATCH_UI_URL", "http://a/?x=1"),
        ("JOBMATCH_UI_URL", "http://a/#x"),
        ("JOBMATCH_UI_URL", "http://user@a"),
        ("JOBMATCH_UI_URL", "javascript:alert(1)"),
    ],
)
def test_a_value_that_is_not_understood_is_an_error_that_names_the_variable(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({variable: text})
    assert str(raised.value).startswith(f"{variable}={text!r} is not understood: it ")
    assert "\n" not in str(raised.value)


SECRET = "T0000-B1111-secret"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SECRET, "be an http:// or https:// URL"),
        (f"hooks.slack.com/services/{SECRET}", "be an http:// or https:// URL"),
        (f"ftp://hooks.slack.com/{SECRET}", "be an http:// or https:// URL"),
        (f"json+ftp://example.com/{SECRET}", "be an http:// or https:// URL"),
        (f"file:///{SECRET}", "be an http:// or https:// URL"),
        (f"http:///{SECRET}", "be an http:// or https:// URL"),
        (f"http://[{SECRET}", "be an http:// or https:// URL"),
        (f"http://a\u2100{SECRET}/", "be an http:// or https:// URL"),
        (f"https://hooks.slack.com:{SECRET}/", "be an http:// or https:// URL"),
        (f"https://hooks.slack.com/<{SECRET}>", "be an http:// or https:// URL"),
        (f"https://user:{SECRET}@hooks.slack.com/", "be a URL without user name and #"),
        (f"https://hooks.slack.com/#{SECRET}", "be a URL without user name and #"),
        (f"https://example.com/{SECRET}", "have slack+, discord+ or json+ before a URL"),
        (f"teams+https://example.com/{SECRET}", "be an http:// or https:// URL"),
        (f"https://hooks.slack.com.example.com/{SECRET}", "have slack+, discord+ or json+ before a URL"),
    ],
)
def test_an_error_in_a_webhook_says_which_and_why_but_not_its_url(text: str, reason: str) -> None:
    given = f"https://hooks.slack.com/services/{SECRET} {text}"
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"JOBMATCH_ALERT_WEBHOOKS": given})
    assert str(raised.value).startswith(f"JOBMATCH_ALERT_WEBHOOKS is not understood: it must {reason}")
    assert "(entry 2)" in str(raised.value)
    assert SECRET not in "".join(traceback.format_exception(raised.value))


def test_webhooks_show_their_host_and_nothing_else() -> None:
    settings = Settings.from_environment(
        {"JOBMATCH_ALERT_WEBHOOKS": f"slack+http://chat.example.com:8065/hooks/{SECRET}?{SECRET}"}
    )
    (webhook,) = settings.alert_webhooks
    assert str(webhook) == "slack webhook at chat.example.com"
    shown = [repr(settings), str(settings), repr(webhook), webhook.fingerprint, str(settings.environment())]
    assert not [text for text in shown if SECRET in text]
    assert webhook.url.endswith(f"/hooks/{SECRET}?{SECRET}")


def test_an_unknown_variable_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        SettingsError, match=r"Unknown setting JOBMATCH_A, JOBMATCH_LANDNIG\. Known are JOBMATCH_"
    ):
        Settings.from_environment({"JOBMATCH_LANDNIG": "x", "JOBMATCH_A": "y", "OTHER": "z"})


def test_the_last_partition_may_not_lie_before_the_first() -> None:
    between = {"JOBMATCH_PARTITIONS_START": "2026-03-02", "JOBMATCH_PARTITIONS_END": "2026-03-01"}
    with pytest.raises(
        SettingsError, match="JOBMATCH_PARTITIONS_END=2026-03-01 lies before JOBMATCH_PARTITIONS_START"
    ):
        Settings.from_environment(between)
    Settings.from_environment(between | {"JOBMATCH_PARTITIONS_END": "2026-03-02"})


def test_the_warning_comes_before_the_failure() -> None:
    with pytest.raises(SettingsError, match=r"JOBMATCH_QUARANTINE_WARN_SHARE=0\.6 lies above"):
        Settings.from_environment({"JOBMATCH_QUARANTINE_WARN_SHARE": "0.6"})
    with pytest.raises(SettingsError, match=r"JOBMATCH_FRESHNESS_WARN_HOURS=48\.0 must lie below"):
        Settings.from_environment({"JOBMATCH_FRESHNESS_WARN_HOURS": "48"})


def test_bigquery_needs_a_project() -> None:
    with pytest.raises(SettingsError, match="JOBMATCH_BIGQUERY_PROJECT is missing"):
        Settings.from_environment({"JOBMATCH_TARGET": "bigquery"})


def test_relative_paths_start_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/someone")
    settings = Settings.from_environment(
        {"JOBMATCH_LANDING": "in", "JOBMATCH_DUCKDB_PATH": "./w.duckdb", "JOBMATCH_EXPERIMENTS": "~/x.csv"}
    )
    assert settings.landing == str(tmp_path / "in")
    assert settings.duckdb_path == tmp_path / "w.duckdb"
    assert settings.experiments == Path("/home/someone/x.csv")


@pytest.mark.parametrize("variable", GIVEN)
def test_settings_survive_the_way_through_the_environment(variable: str) -> None:
    settings = Settings.from_environment({"JOBMATCH_BIGQUERY_PROJECT": "p", variable: GIVEN[variable][1]})
    environment = settings.environment()
    assert environment.keys() == GIVEN.keys() - {"JOBMATCH_ALERT_WEBHOOKS", "JOBMATCH_ERASURE_KEY"}
    assert Settings.from_environment(environment) == replace(settings, alert_webhooks=(), erasure_key="")


def test_the_process_environment_is_read_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("JOBMATCH_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("JOBMATCH_DEFAULT_CURRENCY", "USD")
    assert Settings.from_environment().default_currency == "USD"
