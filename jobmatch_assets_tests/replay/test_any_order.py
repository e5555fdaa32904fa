"""Whatever comes in which files and order, and however it is built: the tables are those of one rebuild."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from jobmatch_assets_tests.replay.any_order import HISTORIES, AnyOrder
from jobmatch_assets_tests.replay.histories.moments import DAYS


def test_a_dozen_histories_in_an_order() -> None:
    """A script like those that hypothesis prints."""
    state = AnyOrder()
    state.begin(first=0, randomness=7, share=2)
    state.land(share=2)
    state.run_selected('key:"silver/events"', DAYS[1], DAYS[3])
    state.run_selected('key:"gold/user_mart"', DAYS[0], DAYS[0])
    state.run_day(DAYS[1])
    state.land(share=1)
    state.run_selected('key:"bronze/entities_raw" or key:"silver/stg_entity_records"', DAYS[0], DAYS[5])
    state.run_selected('key:"gold/funnel_daily"', DAYS[2], DAYS[2])
    state.run_selected('key:"bronze/events_raw"', DAYS[0], DAYS[3])
    state.run_selected('key:"silver/stg_search_dates"', DAYS[0], DAYS[3])
    state.run_selected('key:"silver/stg_events" or key:"silver/stg_search_dates"', DAYS[0], DAYS[3])
    state.run_selected('key:"silver/events_quarantine"', DAYS[0], DAYS[3])
    state.run_range(DAYS[0], DAYS[2])
    state.teardown()


@pytest.mark.proof
def test_two_hundred_histories_in_any_order() -> None:
    drawn = settings(
        max_examples=200 // HISTORIES + 1,
        stateful_step_count=6,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyOrder, settings=drawn)
