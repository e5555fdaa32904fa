"""Whatever comes in which files and order, and however it is built: the tables are those of one rebuild."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from jobmatch_assets_tests.replay.any_order import HISTORIES, AnyOrder

ALL_CHECKS = list(HealthCheck)


def test_a_dozen_histories_in_some_order() -> None:
    """The first example is the smallest there is, and runs nothing; the second is one at random."""
    drawn = settings(
        max_examples=2,
        stateful_step_count=4,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=ALL_CHECKS,
    )
    run_state_machine_as_test(AnyOrder, settings=drawn)


@pytest.mark.proof
def test_two_hundred_histories_in_any_order() -> None:
    drawn = settings(
        max_examples=200 // HISTORIES + 1,
        stateful_step_count=8,
        deadline=None,
        print_blob=True,
        suppress_health_check=ALL_CHECKS,
    )
    run_state_machine_as_test(AnyOrder, settings=drawn)
