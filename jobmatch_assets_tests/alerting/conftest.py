"""Receivers, and a small platform that reports to the first of them."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange

from jobmatch_assets_tests.alerting.small_platform import FUNNEL, SmallPlatform
from jobmatch_assets_tests.bench.receivers import Receiver, receiver

# What steps print goes nowhere: keeping it takes four processes a run.
_ON_DISK = {
    "telemetry": {"enabled": False},
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    },
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def first() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.fixture
def second() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.fixture
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance of the test's own."""
    if getattr(request, "param", "in memory") == "in memory":
        made = dg.DagsterInstance.ephemeral()
    else:
        made = dg.DagsterInstance.local_temp(str(tmp_path), overrides=_ON_DISK)
    with made:
        yield made


@pytest.fixture
def platform(instance: dg.DagsterInstance, first: Receiver) -> SmallPlatform:
    """A platform that has looked at its empty past."""
    made = SmallPlatform(instance, first)
    made.look()
    return made


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
