"""Runs that fail, and what the sensor tells of them, look by look."""

import datetime as dt

import pytest

from jobmatch_assets_tests.alerting.small_platform import (
    JOB,
    JOB_FAILED,
    JOB_SUCCEEDED,
    RUN_FAILED,
    RUN_SUCCEEDED,
    SmallPlatform,
    everywhere,
)

HOUR = 3_600.0


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
