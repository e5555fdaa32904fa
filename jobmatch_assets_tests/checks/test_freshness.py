"""How old tables and events may be, by a clock of the test's own."""

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

import dagster as dg
import pytest
from dagster._core.definitions import freshness_evaluator
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.loader import LoadingContextForTest

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.checks.recency import EVENTS_ARE_RECENT
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.asset_events import asset_check_key
from jobmatch_assets.orchestration.freshness import EventAgeWatcher
from jobmatch_assets_tests.bench.outcomes import text
from jobmatch_assets_tests.bench.workbench import Workbench

HOUR = dt.timedelta(hours=1)
FUNNEL = dg.AssetKey(["gold", "funnel_daily"])


@pytest.fixture(scope="module")
def newest(warehouse: Workbench) -> dt.datetime:
    """The newest event time of the golden set."""
    ((seconds,),) = warehouse.query("select max(epoch(event_ts)) from job_matching_silver.events")
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def recent(
    warehouse: Workbench, now: dt.datetime, days: list[dt.date] | None = None, **settings: float
) -> CheckOutcome:
    (outcome,) = warehouse.run_checks([EVENTS_ARE_RECENT], days or [now.date()], now, **settings)
    assert outcome.key == EVENTS_ARE_RECENT
    assert (outcome.blocking, outcome.of_partitions) == (False, False)
    return outcome


@contextmanager
def one_more_event(warehouse: Workbench, at: dt.datetime) -> Iterator[None]:
    with warehouse.planted(
        EVENTS,
        f"insert into {{t}} select * replace (timestamptz '{at}' as event_ts, date '{at.date()}' as event_date) "
        "from {t} limit 1",
    ):
        yield


@pytest.mark.parametrize(
    ("age", "hours", "passed"),
    [
        (24 * HOUR, 24.0, True),
        (24 * HOUR + dt.timedelta(seconds=1), 24.0, False),
        (24 * HOUR + dt.timedelta(seconds=1), 25.0, True),
        (400 * 24 * HOUR, 24.0, False),
        (0 * HOUR, 0.5, True),
    ],
)
def test_the_newest_event_may_be_so_old(
    warehouse: Workbench, newest: dt.datetime, age: dt.timedelta, hours: float, passed: bool
) -> None:
    outcome = recent(warehouse, newest + age, events_recent_hours=hours)
    assert outcome.passed == passed
    assert text(outcome, "newest event (UTC)") == f"{newest:%Y-%m-%d %H:%M:%S}"
    assert outcome.metadata["hours ago"] == round(age / HOUR, 2)
    assert outcome.metadata["hours allowed"] == hours
    if not passed:
        assert not outcome.is_error
        assert f"the newest event is of {newest:%Y-%m-%d %H:%M} UTC, " in (outcome.description or "")


def test_neither_a_backfill_nor_a_wrong_clock_makes_it_pass_and_a_new_event_does(
    warehouse: Workbench, newest: dt.datetime
) -> None:
    now = newest + 72 * HOUR
    old = newest - 40 * 24 * HOUR
    with one_more_event(warehouse, old):
        assert not recent(warehouse, now, days=[old.date()]).passed
    with one_more_event(warehouse, now + HOUR):
        outcome = recent(warehouse, now)
        assert not outcome.passed
        assert text(outcome, "newest event (UTC)") == f"{newest:%Y-%m-%d %H:%M:%S}"
    with one_more_event(warehouse, now - HOUR):
        assert recent(warehouse, now).passed


def test_no_event_at_all_is_not_recent(warehouse: Workbench, newest: dt.datetime) -> None:
    with warehouse.planted(EVENTS, "delete from {t}"):
        outcome = recent(warehouse, newest)
    assert not outcome.passed
    assert "there is no event" in (outcome.description or "")


# ---- the sensor that looks when nothing is built


class Clock:
    """Attributes: now."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(newest: dt.datetime) -> Clock:
    return Clock(newest + 20 * HOUR)


@pytest.fixture
def watcher(warehouse: Workbench, clock: Clock) -> EventAgeWatcher:
    return EventAgeWatcher(warehouse.platform, clock)


def told(result: dg.SensorResult) -> list[bool]:
    """Whether the evaluations that it records passed."""
    for event in result.asset_events:
        assert isinstance(event, dg.AssetCheckEvaluation)
        assert event.asset_check_key == asset_check_key(EVENTS_ARE_RECENT)
        assert event.severity == dg.AssetCheckSeverity.WARN
    return [event.passed for event in result.asset_events if isinstance(event, dg.AssetCheckEvaluation)]


def test_the_sensor_tells_changes_at_once_and_the_rest_every_hour(
    warehouse: Workbench, watcher: EventAgeWatcher, clock: Clock
) -> None:
    start, cursor, seen = clock.now, None, []
    for hours in (0, 0.5, 1, 5, 5.2, 6.2):
        clock.now = start + hours * HOUR
        result = watcher.tick(cursor)
        cursor = result.cursor
        seen.append(told(result))
        assert bool(result.skip_reason) == (not result.asset_events)
    assert seen == [[True], [], [True], [False], [], [False]]
    with one_more_event(warehouse, clock.now - HOUR):
        assert told(watcher.tick(cursor)) == [True]


def test_a_cursor_of_another_version_is_as_good_as_none(watcher: EventAgeWatcher) -> None:
    assert told(watcher.tick("{}")) == [True]
    assert told(watcher.tick("nonsense")) == [True]


def test_it_passes_by_while_a_run_is_at_work_and_where_nothing_was_built(
    warehouse: Workbench, watcher: EventAgeWatcher, workbench: Callable[..., Workbench], clock: Clock
) -> None:
    at_work, done = threading.Event(), threading.Event()

    def run() -> None:
        with warehouse.platform.open():
            at_work.set()
            done.wait(60)

    other = threading.Thread(target=run)
    other.start()
    try:
        assert at_work.wait(60)
        busy = watcher.tick("kept")
    finally:
        done.set()
        other.join()
    assert "is in use by process" in str(busy.skip_reason)
    assert busy.cursor == "kept"

    nothing = EventAgeWatcher(workbench().platform, clock).tick(None)
    assert "no table silver/events yet" in str(nothing.skip_reason)


# ---- the policies of the assets


@pytest.fixture(scope="module")
def definitions(golden: Workbench) -> dg.Definitions:
    settings = replace(golden.settings, freshness_warn_hours=5.0, freshness_fail_hours=7.5)
    return build_definitions(settings)


def test_every_asset_has_a_policy_with_the_hours_of_the_settings(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    policies = {
        key: graph.get(key).freshness_policy
        for key in graph.materializable_asset_keys
        if key.path[0] in ("bronze", "silver", "gold")
    }
    assert len(policies) >= 14
    expected = dg.FreshnessPolicy.time_window(fail_window=7.5 * HOUR, warn_window=5 * HOUR)
    assert policies == dict.fromkeys(policies, expected)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (4.9 * HOUR, FreshnessState.PASS),
        (5.1 * HOUR, FreshnessState.WARN),
        (7.6 * HOUR, FreshnessState.FAIL),
    ],
)
def test_a_table_that_was_not_built_for_so_long_warns_then_fails(
    definitions: dg.Definitions, age: dt.timedelta, state: FreshnessState
) -> None:
    node = definitions.resolve_asset_graph().get(FUNNEL)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(FUNNEL, partition="2019-01-01"))
        later = time.time() + age.total_seconds()
        with mock.patch.object(freshness_evaluator, "get_current_timestamp", return_value=later):
            context = LoadingContextForTest(instance)
            evaluator = freshness_evaluator.TimeWindowFreshnessPolicyEvaluator()
            assert asyncio.run(evaluator.evaluate_freshness(context, node)) == state
