"""Somebody keeps the DuckDB file open: ticks do not wait for it, people are told, and work goes on afterwards."""

import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.alerting.incidents import MOST_ERROR
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.asset_events import asset_check_key
from jobmatch_assets.orchestration.freshness import EventAgeWatcher
from jobmatch_assets.orchestration.sensors.alert_observations import Watched
from jobmatch_assets.orchestration.sensors.alerts import look_and_tell
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.warehouse_check import WAREHOUSE_IS_FREE
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets.warehouse.port import WarehouseHeldError
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import line as search
from jobmatch_assets_tests.bench.foreign_shell import shell
from jobmatch_assets_tests.bench.receivers import receiver
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.orchestration.daemon import Daemon

pytestmark = pytest.mark.rebuilds

FREE = WAREHOUSE_IS_FREE.name
MINUTE = dt.timedelta(minutes=1)
FILE = "dt=2026-03-01/a.ndjson"


@pytest.fixture
def daemon(daemon: Daemon) -> Daemon:
    daemon.bench.land("dt=2026-03-01/first.ndjson", [search("first", "2026-03-01")])
    daemon.settle_with_a_copy()
    return daemon


@pytest.fixture
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause that somebody makes, which takes no time: a clock that goes on by the pauses."""
    pauses: list[float] = []
    start = time.monotonic()
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr("time.monotonic", lambda: start + sum(pauses))
    return pauses


@pytest.mark.parametrize("read_only", [False, True])
def test_a_tick_ends_as_busy_within_a_second_and_names_who_has_it(
    daemon: Daemon, no_sleep: list[float], read_only: bool
) -> None:
    daemon.watcher.watch_seconds = 600.0
    daemon.bench.land(FILE, [search("e", "2026-03-01")])
    with shell(daemon.bench.warehouse, read_only) as pid:
        no_sleep.clear()
        assert daemon.tick() == []
        assert sum(no_sleep) < 1
        assert (daemon.reason or "").startswith(
            f"Busy since 2026-03-10 12:00 UTC: {daemon.bench.warehouse} is held by another process "
            f"(process {pid}), the program python"
        )
        assert daemon.told == []
    assert daemon.tick() == ["1/3"]


def test_after_five_minutes_people_are_told_and_again_when_it_is_over(daemon: Daemon) -> None:
    daemon.bench.land(FILE, [search("e", "2026-03-01")])
    with shell(daemon.bench.warehouse) as pid:
        for minute in range(5):
            assert daemon.verdicts() == {}, minute
            daemon.time += MINUTE
            # The daemon is started again meanwhile: all that it knows is the cursor.
            daemon.watcher = replace(daemon.watcher)
        assert daemon.verdicts() == {FREE: False}
        (told,) = daemon.told
        assert told.severity == dg.AssetCheckSeverity.ERROR
        text = (told.description or "").replace("\\", "")
        assert f"{daemon.bench.warehouse} is held by another process (process {pid}), the program " in text
        assert "seen first at 2026-03-10 12:00 UTC" in text
        assert "Close that program" in text
        assert f"opens {daemon.bench.settings.published_path}" in text
        assert len(text) < MOST_ERROR
        daemon.time += MINUTE
        assert daemon.verdicts() == {}
    assert daemon.tick() == ["1/3"]
    assert [(event.check_name, event.passed) for event in daemon.told] == [(FREE, True)]
    assert daemon.run().success
    assert daemon.settle() == 0
    assert daemon.bench.query("select event_id from job_matching_silver.events order by all") == [
        ("e",),
        ("first",),
    ]


def test_another_program_that_takes_over_is_named(daemon: Daemon) -> None:
    with shell(daemon.bench.warehouse):
        assert daemon.verdicts() == {}
        daemon.time += 5 * MINUTE
        assert daemon.verdicts() == {FREE: False}
    with shell(daemon.bench.warehouse) as pid:
        assert daemon.verdicts() == {FREE: False}
        (told,) = daemon.told
        assert f"process {pid}" in (told.description or "")
        assert "12:00 UTC" in (told.description or "")


def test_only_minutes_without_a_break_count(daemon: Daemon) -> None:
    with shell(daemon.bench.warehouse):
        for _ in range(5):
            assert daemon.verdicts() == {}
            daemon.time += MINUTE
    assert daemon.verdicts() == {}
    with shell(daemon.bench.warehouse):
        assert daemon.verdicts() == {}
        # Nobody looked for an hour: what was between is not known.
        daemon.time += 60 * MINUTE
        assert daemon.verdicts() == {}
        daemon.time += 5 * MINUTE
        assert daemon.verdicts() == {FREE: False}


def test_a_turn_of_the_platform_is_no_reason_to_tell_anybody(daemon: Daemon) -> None:
    taken, done = threading.Event(), threading.Event()

    def work() -> None:
        with turn(daemon.bench.warehouse):
            taken.set()
            done.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert taken.wait(60)
        for _ in range(3):
            assert daemon.verdicts() == {}
            assert "is in use by process" in (daemon.reason or "")
            daemon.time += 5 * MINUTE
    finally:
        done.set()
        thread.join()


def test_a_run_that_failed_on_it_does_not_delay_the_next(
    daemon: Daemon, workbench: Callable[..., Workbench]
) -> None:
    impatient = workbench(JOBMATCH_LOCK_TIMEOUT="0.1")
    impatient.instance = daemon.instance
    daemon.bench.land(FILE, [search("e", "2026-03-01")])
    assert daemon.tick() == ["1/3"]
    daemon.bench = impatient
    with shell(impatient.warehouse) as pid:
        result = daemon.run()
        assert not result.success
        (failure,) = result.filter_events(lambda event: event.is_step_failure)
        assert f"held by another process (process {pid})" in str(failure.event_specific_data)
        assert daemon.tick() == []
    assert daemon.tick() == ["2/3"]


def test_a_cursor_of_the_version_before_is_understood(daemon: Daemon) -> None:
    assert daemon.tick() == []
    before = json.loads(daemon.cursor or "")
    daemon.cursor = json.dumps({name: before[name] for name in ("done", "work", "attempts", "not_before")})
    with shell(daemon.bench.warehouse):
        assert daemon.tick() == []
        assert json.loads(daemon.cursor)["done"] == before["done"] != ""


def test_webhooks_are_told_once_and_once_when_it_is_over(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with receiver() as webhook:
        settings = Settings.from_environment(
            daemon.bench.environment | {"JOBMATCH_ALERT_WEBHOOKS": f"json+{webhook.url}"}
        )
        watched = Watched.of(build_definitions(settings).get_repository_def())

        def alerts() -> list[tuple[str, str, str]]:
            webhook.received.clear()
            daemon.tick()
            look_and_tell(
                daemon.instance, watched, settings, logging.getLogger("alerts"), daemon.time.timestamp
            )
            return [
                (alert["check"], alert["status"], alert["severity"])
                for body in webhook.received
                for alert in body["alerts"]
                if alert["check"] == FREE
            ]

        assert alerts() == []
        with shell(daemon.bench.warehouse) as pid:
            assert alerts() == []
            daemon.time += 5 * MINUTE
            assert alerts() == [(FREE, "open", "error")]
            assert f"process {pid}" in str(webhook.received)
            assert alerts() == []
        assert alerts() == [(FREE, "recovered", "error")]


def test_the_check_is_one_of_the_platform_and_can_be_run_by_itself(daemon: Daemon) -> None:
    definitions = daemon.bench.definitions()
    key = asset_check_key(WAREHOUSE_IS_FREE)
    assert key in Watched.of(definitions.get_repository_def()).checks

    def check() -> bool:
        job = definitions.resolve_implicit_global_asset_job_def().get_subset(asset_check_selection={key})
        (evaluation,) = job.execute_in_process(instance=daemon.instance).get_asset_check_evaluations()
        assert evaluation.asset_check_key == key
        return evaluation.passed

    assert check()
    with shell(daemon.bench.warehouse):
        assert not check()


def test_the_other_sensor_passes_by(daemon: Daemon, no_sleep: list[float]) -> None:
    with shell(daemon.bench.warehouse) as pid:
        no_sleep.clear()
        result = EventAgeWatcher(Platform.of(daemon.bench.settings), lambda: daemon.time).tick("kept")
        assert sum(no_sleep) < 1
    assert f"held by another process (process {pid})" in str(result.skip_reason)
    assert (result.cursor, result.asset_events) == ("kept", [])


def test_show_says_at_once_who_has_it_and_reads_beside_a_reader(daemon: Daemon, tmp_path: Path) -> None:
    with shell(daemon.bench.warehouse) as pid:
        message = error_of(run_here(daemon.bench, tmp_path / "home", "show", "events"), 1)
        assert f"{daemon.bench.warehouse} is held by another process (process {pid})" in message
    with shell(daemon.bench.warehouse, read_only=True):
        code, out, err = run_here(daemon.bench, tmp_path / "home", "show", "events")
        assert (code, err) == (0, "")
        assert "2026-03-01: 1 row" in out


def test_show_waits_for_nobody_who_has_no_end(daemon: Daemon, no_sleep: list[float]) -> None:
    warehouse = Platform.of(daemon.bench.settings).warehouse()
    with shell(daemon.bench.warehouse):
        no_sleep.clear()
        with pytest.raises(WarehouseHeldError), warehouse.reading():
            raise AssertionError("somebody else has it open")
        assert sum(no_sleep) < 1


def test_nobody_is_let_in_while_the_platform_has_the_file(daemon: Daemon) -> None:
    warehouse = Platform.of(daemon.bench.settings).warehouse()
    with warehouse.exclusive(wait=False):
        assert warehouse.has_table(TableKey("silver", "events"))
        for read_only in (False, True):
            with (
                pytest.raises(AssertionError, match="Could not set lock"),
                shell(daemon.bench.warehouse, read_only),
            ):
                raise AssertionError("it was let in")
        assert warehouse.has_table(TableKey("gold", "funnel_daily"))
    with shell(daemon.bench.warehouse):
        pass
