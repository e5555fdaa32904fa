"""Dagster's storage: whether it is there and sound, and whether runs are stuck or loaded what is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg

from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.doctor.finding import Finding, note, well, wrong
from jobmatch_assets.orchestration.launchers.dagster_home import dagster_home, enter_dagster_home
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark, ProcessState
from jobmatch_assets.orchestration.launchers.storage_files import storage_files
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import SettingsError
from jobmatch_assets.warehouse.port import WarehouseError

_PART = "dagster"
_WHAT_IS_LOST = (
    "Tables and the queue do not depend on it: the next run makes a new one, which knows no runs of before. "
    "Sensors and schedules that were switched on or off by hand have to be again."
)
_UNFINISHED = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_MOST_EVENTS = 500


def examine_dagster(platform: Platform) -> Iterator[Finding]:
    """Look at the storage, and at what is in it where it is sound."""
    try:
        home = dagster_home()
    except SettingsError as error:
        yield wrong(_PART, str(error), "Correct DAGSTER_HOME.")
        return
    files = storage_files(home)
    missing = [file for file in files if not file.exists()]
    if missing:
        yield from _missing(platform, files, missing)
        return
    damaged = [(file, problem) for file in files if (problem := _problem(file))]
    for file, problem in damaged:
        yield wrong(
            _PART,
            f"{file} is damaged: {problem}.",
            f"Stop `dagster dev`, and put it back from a backup or move its folder away. {_WHAT_IS_LOST}",
        )
    if damaged:
        return
    enter_dagster_home()
    with dg.DagsterInstance.get() as instance:
        yield well(_PART, f"storage is sound, with {instance.get_runs_count():,} runs.")
        yield from _stuck(instance)
        yield from _lost_loads(platform, instance)


def _missing(platform: Platform, files: list[Path], missing: list[Path]) -> Iterator[Finding]:
    has_run = platform.settings.target == "bigquery" or platform.settings.duckdb_path.exists()
    if len(missing) < len(files) or has_run:
        yield wrong(
            _PART,
            f"Of Dagster's storage {', '.join(map(str, missing))} is missing.",
            f"Put it back from a backup, if there is one. {_WHAT_IS_LOST}",
        )
    else:
        yield note(_PART, "has no storage yet.", "The first run makes it.")


def _problem(file: Path) -> str:
    """What is wrong with a SQLite file; empty where nothing is."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            ((said,),) = connection.execute("pragma quick_check(1)").fetchall()
            tables = connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.Error as error:
        return str(error)
    if said != "ok":
        return " ".join(str(said).split())
    return "" if tables and tables[0] else "it has no tables"


def _stuck(instance: dg.DagsterInstance) -> Iterator[Finding]:
    for run in instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED)):
        mark = ProcessMark.of_tags(run.tags)
        if mark is not None and mark.state is ProcessState.GONE:
            yield wrong(
                _PART,
                f"Run {run.run_id[:8]} ({run.job_name}) has not ended, and its {mark} is gone.",
                "`jobmatch run` reports it as failed and goes on where it stopped.",
            )


def _lost_loads(platform: Platform, instance: dg.DagsterInstance) -> Iterator[Finding]:
    """A run that loaded files which the ledger does not have: the warehouse is of an earlier state."""
    if platform.settings.target == "duckdb" and not platform.settings.duckdb_path.exists():
        return
    try:
        with platform.look() as session:
            loads = {feed: session.ledger.last_load(feed) for feed in FEEDS}
    except WarehouseError:
        return  # that has been said
    for feed, last in loads.items():
        run_id = _last_load_of(instance, feed) or ""
        run = instance.get_run_record_by_id(run_id) if run_id else None
        if run is None or run.start_time is None:
            continue
        if last is None or last.timestamp() < int(run.start_time):
            yield wrong(
                _PART,
                f"Run {run_id[:8]} has loaded files of {feed.name} that the warehouse does not have: it is "
                "of an earlier state. Its .wal file was lost, it was put back from a backup, or is another.",
                "`jobmatch run` loads again what lies in the landing root; files that are gone from there "
                "must be landed again.",
            )


def _last_load_of(instance: dg.DagsterInstance, feed: Feed) -> str | None:
    """The run that loaded new files of a feed last, as far back as its newest materializations go."""
    events = instance.fetch_materializations(dg.AssetKey(list(feed.raw)), limit=_MOST_EVENTS)
    for record in events.records:
        materialization = record.asset_materialization
        value = materialization.metadata.get("new files") if materialization else None
        if value is not None and isinstance(value.value, int) and value.value > 0:
            return record.run_id
    return None
