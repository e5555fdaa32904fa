"""The sensor where there is no webhook, and as Dagster runs it."""

import json
import logging

import dagster as dg
import pytest

from jobmatch_assets.orchestration.sensors.alerts import STATE_KEY, build_alert_sensor
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.alerting.small_platform import (
    GRAIN,
    RUN_FAILED,
    WARN,
    SmallPlatform,
    definitions,
    everywhere,
    levels,
)
from jobmatch_assets_tests.bench.receivers import SECRET, Receiver


def test_without_webhooks_alerts_go_to_the_log(instance: dg.DagsterInstance) -> None:
    platform = SmallPlatform(instance)
    platform.look()
    run_id = platform.run(GRAIN, severity=WARN)
    platform.run(error="boom")
    platform.look()
    (_, run_failed), (_, check_failed) = platform.log
    assert levels(platform.log) == [logging.ERROR, logging.WARNING]
    assert run_failed.startswith(f"{RUN_FAILED} | Partition 2026-03-02 | RuntimeError: boom | Began 20")
    assert check_failed.endswith(f" | http://127.0.0.1:3000/runs/{run_id}")
    platform.run()
    platform.look()
    assert levels(platform.log) == [logging.INFO, logging.INFO]
    platform.look()
    assert platform.log == []


def test_the_log_is_not_flooded(instance: dg.DagsterInstance) -> None:
    platform = SmallPlatform(instance)
    platform.fate.checks = 60
    platform.run(*(f"check_{n:04}" for n in range(60)), severity=WARN)
    platform.look()
    assert len(platform.log) == 51
    assert platform.log[-1][1] == "And 10 more, all on http://127.0.0.1:3000"


@everywhere
def test_dagster_runs_the_sensor(instance: dg.DagsterInstance, first: Receiver) -> None:
    platform = SmallPlatform(instance, first, JOBMATCH_UI_URL="https://dagster.example.com")
    sensor = build_alert_sensor(Settings.from_environment(platform.environment))
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert (sensor.minimum_interval_seconds or 0) <= 30
    platform.run(GRAIN)
    context = dg.build_sensor_context(instance=instance, definitions=definitions(platform.fate))
    outcome = sensor.evaluate_tick(context)
    assert outcome.skip_message == "1 open incident, 0 unsent messages."
    assert not outcome.run_requests
    (alert,) = platform.alerts
    assert alert["url"].startswith("https://dagster.example.com/runs/")


def test_nothing_that_is_kept_or_logged_holds_a_url(
    platform: SmallPlatform, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    platform.receivers[0].answers = [(500, {}), (404, {})]
    platform.run(GRAIN)
    logged = []
    for later in (0, 60, 120):
        logged.append(platform.look(later=later))
        logged += [line for _, line in platform.log]
    assert platform.receivers[0].requests == 2
    kept = platform.instance.daemon_cursor_storage.get_cursor_values({STATE_KEY})[STATE_KEY]
    everything = json.dumps([logged, kept, caplog.text, *capfd.readouterr()])
    assert SECRET not in everything
