"""Adjusted p-values, against scipy's."""

import numpy as np
import pytest
import scipy

from jobmatch_assets.metrics.multiple_testing import adjust_p_values


@pytest.mark.parametrize("tests", [1, 2, 7])
def test_families_are_adjusted_as_scipy_does(tests: int) -> None:
    # Rounded, so that there are ties, zeros and ones.
    p_values = np.random.default_rng(tests).random((200, tests)).round(1)

    expected = scipy.stats.false_discovery_control(p_values, axis=1)
    assert adjust_p_values(p_values) == pytest.approx(expected, abs=1e-15)


def test_what_has_no_p_value_is_no_test_of_its_family() -> None:
    family = np.array([[0.01, np.nan, 0.04], [np.nan, np.nan, np.nan]])

    assert adjust_p_values(family) == pytest.approx(
        np.array([[0.02, np.nan, 0.04], [np.nan] * 3]), nan_ok=True
    )
