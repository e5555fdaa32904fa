"""Checks that fail, and what the sensor tells of them, look by look."""

import logging
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.orchestration.sensors import alert_observations, alerts
from jobmatch_assets_tests.alerting.small_platform import (
    CONSERVED,
    EVENTS,
    GRAIN,
    RUN_FAILED,
    WARN,
    SmallPlatform,
    everywhere,
    failed,
    passes,
)
from jobmatch_assets_tests.bench.receivers import Receiver


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
