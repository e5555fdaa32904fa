"""Sample ratio mismatch: whether units were split over the variants as planned.

A split that chance does not explain means that some units were lost or sent to the wrong variant,
and then the arms are not comparable, whatever their metrics say.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

MIN_EXPECTED_UNITS = 5  # below, the chi-square distribution is a poor approximation


def sample_ratio_p_values(
    splits: Sequence[tuple[Mapping[str, int], Mapping[str, float]]],
) -> NDArray[np.float64]:
    """Test each split of units against its weights, with Pearson's chi-square test.

    Args:
        splits: (units per variant seen, weight per variant registered) of each split. Without
            weights, the variants seen should be equal. With weights only variants with a weight
            above 0 take part, seen or not: a stray or retired variant must not switch the test off.

    Returns:
        A p-value per split; NaN where there are fewer than two variants, or one of them is
        expected to have fewer than 5 units.
    """
    p_values = np.full(len(splits), np.nan)
    testable = defaultdict(list)  # number of variants -> [(split, observed, expected)]
    for split, (units, weights) in enumerate(splits):
        shares_of = (
            {name: share for name, share in weights.items() if share} if weights else dict.fromkeys(units, 1)
        )
        variants = sorted(shares_of)
        observed = [units.get(variant, 0) for variant in variants]
        shares = [shares_of[variant] for variant in variants]
        expected = [sum(observed) * share / sum(shares) for share in shares]
        if len(variants) >= 2 and min(expected) >= MIN_EXPECTED_UNITS:
            testable[len(variants)].append((split, observed, expected))
    for tests in testable.values():
        places, observed_units, expected_units = zip(*tests, strict=True)
        found, awaited = np.array(observed_units, dtype=float), np.array(expected_units)
        chi_square = ((found - awaited) ** 2 / awaited).sum(axis=1)
        p_values[list(places)] = scipy.special.chdtrc(found.shape[1] - 1, chi_square)
    return p_values
