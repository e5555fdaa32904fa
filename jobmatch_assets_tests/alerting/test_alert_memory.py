"""What the sensor remembers from look to look, of what it saw and of what it has not sent."""

import logging

import dagster as dg
import pytest

from jobmatch_assets.orchestration.sensors import alert_observations, alerts
from jobmatch_assets.orchestration.sensors.alerts import STATE_KEY
from jobmatch_assets_tests.alerting.small_platform import (
    CONSERVED,
    GRAIN,
    RUN_FAILED,
    WARN,
    SmallPlatform,
    everywhere,
    failed,
    passes,
)
from jobmatch_assets_tests.bench.receivers import Receiver

HOUR = 3_600.0


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
