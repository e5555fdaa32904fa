"""Assets that are stale, and what the sensor tells of them."""

from collections.abc import Callable

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState

from jobmatch_assets.orchestration.sensors import alert_observations
from jobmatch_assets_tests.alerting.small_platform import FUNNEL, SmallPlatform, everywhere


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
