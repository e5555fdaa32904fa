"""Several metrics, one experiment: p-values adjusted for having looked at all of them."""

import numpy as np
from numpy.typing import NDArray


def adjust_p_values(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust p-values for the false discovery rate, each row a family of tests of its own.

    Benjamini & Hochberg (1995), "Controlling the False Discovery Rate".

    Args:
        p_values: Families by tests; NaN where a test has no p-value. It then does not count as a
            test of the family.

    Returns:
        Adjusted p-values in the same places.
    """
    adjusted = np.full_like(p_values, np.nan)
    patterns, pattern_of_family = np.unique(~np.isnan(p_values), axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        if pattern.any():
            families = np.ix_(pattern_of_family == number, pattern)
            adjusted[families] = _of_whole_families(p_values[families])
    return adjusted


def _of_whole_families(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least, among a p-value and all larger ones, of each times the number of tests over its rank."""
    tests = p_values.shape[1]
    order = np.argsort(p_values, axis=1)
    scaled = np.take_along_axis(p_values, order, axis=1) * (tests / np.arange(1, tests + 1))
    least = np.minimum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1]
    adjusted = np.empty_like(p_values)
    np.put_along_axis(adjusted, order, np.minimum(least, 1), axis=1)
    return adjusted
