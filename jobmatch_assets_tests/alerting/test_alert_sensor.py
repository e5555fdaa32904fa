"""The sensor, look by look, on instances with real runs, checks and freshness."""

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange

from jobmatch_assets.orchestration.sensors import alert_observations, alerts
from jobmatch_assets.orchestration.sensors.alerts import STATE_KEY, build_alert_sensor
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.alerting.small_platform import (
    EVENTS,
    FUNNEL,
    JOB,
    WARN,
    SmallPlatform,
    definitions,
    levels,
)
from jobmatch_assets_tests.bench.receivers import SECRET, Receiver

HOUR = 3_600.0
GRAIN, CONSERVED = "unique_grain", "lines_are_conserved"

# What steps print goes nowhere: keeping it takes four processes a run.
_ON_DISK = {
    "telemetry": {"enabled": False},
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    },
}


@pytest.fixture
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance of the test's own."""
    if getattr(request, "param", "in memory") == "in memory":
        made = dg.DagsterInstance.ephemeral()
    else:
        made = dg.DagsterInstance.local_temp(str(tmp_path), overrides=_ON_DISK)
    with made:
        yield made


# On disk, as `dagster dev` has it, the events of each run lie in a file of their own.
everywhere = pytest.mark.parametrize("instance", ["in memory", "on disk"], indirect=True)


@pytest.fixture
def platform(instance: dg.DagsterInstance, first: Receiver) -> SmallPlatform:
    """A platform that has looked at its empty past."""
    made = SmallPlatform(instance, first)
    made.look()
    return made


def failed(check: str) -> str:
    return f"Check failed: {check} on silver/events"


def passes(check: str) -> str:
    return f"Check passes again: {check} on silver/events"


RUN_FAILED, RUN_SUCCEEDED = "Run failed: silver/events", "Run succeeded again: silver/events"
JOB_FAILED, JOB_SUCCEEDED = f"Run failed: {JOB}", f"Run succeeded again: {JOB}"


# ---- runs


@everywhere
def test_a_failed_run_is_told_with_all_that_matters_and_once(platform: SmallPlatform) -> None:
    run_id = platform.run(error="cannot read dt=2026-03-02/a.ndjson.gz\nTraceback …")
    platform.look()
    platform.run(error="cannot read it again")
    platform.look()
    (alert,) = platform.alerts
    began = dt.datetime.fromisoformat(alert.pop("began"))
    assert abs(began - dt.datetime.now(dt.UTC)) < dt.timedelta(hours=1)
    assert alert == {
        "status": "open",
        "kind": "run",
        "severity": "error",
        "title": RUN_FAILED,
        "job": "__ASSET_JOB",
        "check": None,
        "assets": ["silver/events"],
        "partitions": "2026-03-02",
        "error": "RuntimeError: cannot read dt=2026-03-02/a.ndjson.gz",
        "run_id": run_id,
        "url": f"http://127.0.0.1:3000/runs/{run_id}",
        "ended": None,
    }


def test_a_run_that_succeeds_again_is_told(platform: SmallPlatform) -> None:
    platform.run(error="boom")
    platform.look()
    platform.run(day="2026-03-03")
    platform.look()
    assert platform.titles() == [RUN_FAILED]
    platform.run()
    platform.look()
    assert platform.titles() == [RUN_SUCCEEDED]


@everywhere
def test_a_run_that_could_not_start_is_told(platform: SmallPlatform) -> None:
    run = platform.instance.create_run_for_job(platform.definitions.resolve_job_def(JOB))
    platform.instance.report_run_failed(run, "The code location could not be loaded\nbecause …")
    platform.look()
    assert [(alert["title"], alert["error"]) for alert in platform.alerts] == [
        (JOB_FAILED, "The code location could not be loaded")
    ]


def test_a_canceled_run_is_not_told(platform: SmallPlatform) -> None:
    run = platform.instance.create_run_for_job(platform.definitions.resolve_job_def(JOB))
    platform.instance.report_run_canceled(run)
    platform.look()
    assert platform.alerts == []


@everywhere
def test_a_run_that_was_deleted_is_told_by_its_job(platform: SmallPlatform) -> None:
    platform.instance.run_storage.delete_run(platform.run(error="boom", job=JOB))
    platform.look()
    assert platform.titles() == [JOB_FAILED]


def test_only_the_last_attempt_is_told(platform: SmallPlatform) -> None:
    for attempt in ("1/3", "2/3"):
        platform.run(error="boom", job=JOB, jobmatch_attempt=attempt)
        platform.look()
    assert platform.titles() == []
    platform.run(error="boom", job=JOB, jobmatch_attempt="3/3")
    platform.look()
    assert platform.titles() == [JOB_FAILED]
    platform.run(job=JOB, jobmatch_attempt="1/3")
    platform.look()
    assert platform.titles() == [JOB_SUCCEEDED]


def test_an_attempt_that_is_made_good_is_not_told(platform: SmallPlatform) -> None:
    platform.run(error="boom", job=JOB, jobmatch_attempt="1/3")
    platform.look()
    platform.run(job=JOB, jobmatch_attempt="2/3")
    platform.look()
    assert platform.titles() == []


@pytest.mark.parametrize("attempt", ["", "3", "3/", "/3", "x/3", "4/3", "-1/3"])
def test_an_attempt_that_cannot_be_read_is_told_at_once(platform: SmallPlatform, attempt: str) -> None:
    platform.run(error="boom", job=JOB, jobmatch_attempt=attempt)
    platform.look()
    assert platform.titles() == [JOB_FAILED]


def test_a_run_that_dagster_will_retry_is_not_told(platform: SmallPlatform) -> None:
    platform.run(error="boom", dagster_will_retry="true")
    platform.look()
    assert platform.titles() == []
    platform.look(later=HOUR + 60)
    assert platform.titles() == [RUN_FAILED]


# ---- checks


@everywhere
def test_a_failed_check_that_leaves_the_run_green_is_told(platform: SmallPlatform) -> None:
    run_id = platform.run(GRAIN, severity=WARN)
    assert platform.instance.get_run_by_id(run_id).is_success  # type: ignore[union-attr]
    platform.look()
    (alert,) = platform.alerts
    assert (alert["title"], alert["severity"]) == (
        "Check failed (warning): unique_grain on silver/events",
        "warn",
    )
    assert alert["error"] == "Check unique_grain found 3 rows, the first: dt=2026-03-02/a.ndjson:17 more"
    assert (alert["partitions"], alert["run_id"]) == ("2026-03-02", run_id)
    platform.titles()
    platform.run(GRAIN, severity=WARN, day="2026-03-05")
    platform.look()
    assert platform.titles() == []
    platform.run(GRAIN)
    platform.look()
    assert platform.titles() == [failed(GRAIN)]
    platform.run()
    platform.look()
    assert platform.titles() == [passes(GRAIN)]


@everywhere
def test_a_blocking_check_and_the_run_that_it_failed_are_one_notice(platform: SmallPlatform) -> None:
    run_id = platform.run(CONSERVED, GRAIN)
    assert not platform.instance.get_run_by_id(run_id).is_success  # type: ignore[union-attr]
    platform.look()
    (body,) = platform.receivers[0].received
    assert sorted(platform.titles()) == [failed(CONSERVED), failed(GRAIN)]
    assert (body["problems"], body["alerts"][0]["run_id"]) == (2, run_id)
    platform.run(CONSERVED, day="2026-03-05")
    platform.run()
    platform.look()
    assert sorted(platform.titles()) == [passes(CONSERVED), passes(GRAIN)]


def test_a_check_and_its_run_in_different_looks_are_one_notice(
    platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_event(instance: Any, watched: Any, position: int, _: float) -> alert_observations.Seen:
        events, position, is_all = alert_observations._next_events(instance, position)
        seen = alert_observations._observations(instance, watched, events)
        return alert_observations.Seen(list(seen), position, is_all)

    platform.run(CONSERVED)
    monkeypatch.setattr(alert_observations, "_EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(alerts, "events_since", one_event)
    told = []
    for _ in range(4):
        platform.look()
        told.append(platform.titles())
    assert told == [[], [], [failed(CONSERVED)], []]


def test_a_step_that_fails_for_another_reason_than_its_checks_is_told(platform: SmallPlatform) -> None:
    platform.run(GRAIN, error_at_the_end="no space left on device")
    platform.look()
    assert sorted(platform.titles()) == [failed(GRAIN), RUN_FAILED]


def test_a_step_that_says_itself_which_checks_made_it_fail_is_told_as_these(platform: SmallPlatform) -> None:
    """As the platform's own steps do, which build all they can before they fail."""
    platform.run(GRAIN, fails_on_checks=True)
    platform.look()
    assert platform.titles() == [failed(GRAIN)]


def test_a_check_that_was_reported_from_outside_is_told(platform: SmallPlatform) -> None:
    for passed in (False, True):
        platform.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(EVENTS, GRAIN, passed=passed, description="outside")
        )
        platform.look()
    assert platform.alerts[0]["url"] == "http://127.0.0.1:3000/assets/silver/events"
    assert platform.titles() == [failed(GRAIN), passes(GRAIN)]


def test_a_partitioned_check_names_its_partition(platform: SmallPlatform) -> None:
    platform.instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(EVENTS, GRAIN, passed=False, partition="2026-03-09")
    )
    platform.look()
    assert [alert["partitions"] for alert in platform.alerts] == ["2026-03-09"]


def test_checks_that_nobody_defines_are_none_of_our_business(platform: SmallPlatform) -> None:
    platform.instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(dg.AssetKey("elsewhere"), GRAIN, passed=False)
    )
    platform.look()
    assert platform.alerts == []


def test_a_check_that_is_removed_is_forgotten_without_a_message(platform: SmallPlatform) -> None:
    platform.fate.checks = 1
    platform.run("check_0000")
    platform.look()
    assert platform.titles() == [failed("check_0000")]
    platform.fate.checks = 0
    platform.look()
    assert platform.titles() == []
    assert platform.remembered.incidents.open == ()
    assert platform.log == [(logging.INFO, f"No longer watched: {failed('check_0000')}")]


def test_two_thousand_incidents_are_one_message(first: Receiver) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        two_thousand_incidents(SmallPlatform(instance, first))


def two_thousand_incidents(platform: SmallPlatform) -> None:
    platform.fate.checks = 2_000

    def report(passed: bool) -> None:
        for n in range(2_000):
            platform.instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(EVENTS, f"check_{n:04}", passed=passed)
            )

    platform.look()
    report(False)
    platform.look()
    (body,) = platform.receivers[0].received
    assert (body["problems"], len(body["alerts"])) == (2_000, 10)
    assert len(platform.remembered.incidents.open) == 2_000
    platform.titles()
    platform.look()
    assert platform.titles() == []
    report(True)
    platform.look()
    (body,) = platform.receivers[0].received
    assert (body["recoveries"], len(body["alerts"])) == (2_000, 10)
    assert platform.remembered.incidents.open == ()


# ---- freshness


@pytest.fixture
def freshness(platform: SmallPlatform) -> Callable[[str], None]:
    """What Dagster's freshness daemon does when the state of an asset changes."""

    def change(state: str) -> None:
        platform.instance._report_runless_asset_event(
            FreshnessStateChange(
                key=FUNNEL,
                new_state=FreshnessState(state),
                previous_state=FreshnessState.UNKNOWN,
                state_change_timestamp=dt.datetime.now(dt.UTC).timestamp(),
            )
        )

    return change


def test_a_stale_asset_is_told_until_it_is_fresh(
    platform: SmallPlatform, freshness: Callable[[str], None]
) -> None:
    told = []
    for state in ("UNKNOWN", "PASS", "WARN", "FAIL", "UNKNOWN", "PASS", "PASS"):
        freshness(state)
        platform.look()
        platform.look()
        told.append(platform.titles())
    assert told == [
        [],
        [],
        ["Late: gold/funnel_daily"],
        ["Stale: gold/funnel_daily"],
        [],
        ["Fresh again: gold/funnel_daily"],
        [],
    ]


@everywhere
def test_a_stale_asset_says_when_it_was_built_last(
    platform: SmallPlatform, freshness: Callable[[str], None]
) -> None:
    freshness("FAIL")
    platform.look()
    platform.instance.report_runless_asset_event(dg.AssetMaterialization(FUNNEL))
    freshness("PASS")
    platform.look()
    freshness("FAIL")
    platform.look()
    never, _, last = platform.alerts
    assert never["error"] == "Never materialized."
    assert last["error"].startswith("Last materialized 20")
    assert last["url"] == "http://127.0.0.1:3000/assets/gold/funnel_daily"


def test_the_freshness_of_the_real_daemon_is_understood(
    platform: SmallPlatform, freshness: Callable[[str], None]
) -> None:
    """The names of the states are Dagster's."""
    assert set(alert_observations._FRESHNESS) == {
        state.value for state in FreshnessState if state.value not in ("UNKNOWN", "NOT_APPLICABLE")
    }


# ---- memory


@everywhere
def test_the_first_look_tells_what_is_wrong_now_and_no_history(
    instance: dg.DagsterInstance, first: Receiver
) -> None:
    platform = SmallPlatform(instance, first)
    platform.run(GRAIN, severity=WARN)
    platform.run(error="boom", day="2026-03-05")
    platform.run(error="boom")
    platform.run(CONSERVED)
    platform.run()
    platform.run(CONSERVED)
    platform.look()
    assert sorted(platform.titles()) == [failed(CONSERVED), RUN_FAILED]


def test_the_first_look_leaves_runs_that_failed_days_ago(
    instance: dg.DagsterInstance, first: Receiver
) -> None:
    platform = SmallPlatform(instance, first)
    platform.run(error="boom")
    platform.run(CONSERVED)
    platform.look(later=48 * HOUR)
    assert platform.titles() == [failed(CONSERVED)]


@everywhere
def test_what_happens_while_no_daemon_runs_is_told_later(
    platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_observations, "_EVENTS_AT_ONCE", 3)
    platform.run(GRAIN)
    platform.run(error="boom")
    for _ in range(4):
        platform.run(GRAIN, day="2026-03-09")
    platform.look(later=72 * HOUR)
    assert sorted(platform.titles()) == [failed(GRAIN), RUN_FAILED]
    platform.look(later=72 * HOUR)
    assert platform.titles() == []


def test_a_look_that_is_out_of_time_goes_on_where_it_stopped(
    platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.run(GRAIN)
    monkeypatch.setattr(alerts, "_READING_SECONDS", 0.0)
    position = platform.remembered.position
    platform.look()
    assert (platform.titles(), platform.remembered.position) == ([], position)
    monkeypatch.setattr(alerts, "_READING_SECONDS", 20.0)
    platform.look()
    assert platform.titles() == [failed(GRAIN)]


@everywhere
def test_a_receiver_that_is_down_loses_nothing_over_a_restart(platform: SmallPlatform) -> None:
    receiver = platform.receivers[0]
    receiver.answers = [(500, {}), (500, {})]
    platform.run(GRAIN, severity=WARN)
    assert platform.look() == "1 open incident, 1 unsent message."
    platform.run()
    platform.look(later=20)
    assert receiver.requests == 2
    assert platform.titles() == []
    platform.look(later=80)
    assert platform.titles() == ["Check failed (warning): unique_grain on silver/events", passes(GRAIN)]


def test_messages_are_remembered_before_they_are_sent(
    platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash while sending repeats a message and loses none."""

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    platform.run(GRAIN)
    with monkeypatch.context() as patched:
        patched.setattr(alerts, "deliver", crash)
        with pytest.raises(KeyboardInterrupt):
            platform.look()
    platform.look()
    assert platform.titles() == [failed(GRAIN)]


def test_a_look_without_news_writes_nothing(platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    platform.run(GRAIN)
    platform.look()

    def refuse(*_: object) -> None:
        raise AssertionError("written")

    monkeypatch.setattr(alerts, "_remember", refuse)
    platform.look()


def test_a_memory_that_cannot_be_read_is_started_anew(platform: SmallPlatform) -> None:
    platform.run(GRAIN)
    platform.look()
    platform.titles()
    platform.instance.daemon_cursor_storage.set_cursor_values({STATE_KEY: "garbage"})
    platform.look()
    assert "cannot be read" in platform.log[0][1]
    assert platform.titles() == [failed(GRAIN)]


def test_a_webhook_that_is_put_right_gets_what_waited(platform: SmallPlatform, second: Receiver) -> None:
    platform.receivers[0].answers = [(404, {})]
    platform.run(GRAIN)
    platform.look()
    assert "Check its URL" in platform.log[-1][1]
    platform.environment["JOBMATCH_ALERT_WEBHOOKS"] = f"json+{second.url}"
    platform.look()
    assert second.titles() == [failed(GRAIN)]


def test_webhooks_that_are_removed_are_named_in_the_log(platform: SmallPlatform) -> None:
    platform.receivers[0].answers = [(404, {})]
    platform.run(GRAIN)
    platform.look()
    platform.environment["JOBMATCH_ALERT_WEBHOOKS"] = ""
    platform.look()
    assert platform.log == [(logging.WARNING, "1 message waited for webhooks that are configured no more.")]


# ---- the log


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


# ---- Dagster


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
