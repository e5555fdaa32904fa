"""The statistics against references: tea-tasting on the units themselves, and exact fractions."""

import math
from fractions import Fraction
from statistics import variance

import numpy as np
import pandas as pd
import pytest
import tea_tasting as tt
from hypothesis import given
from hypothesis import strategies as st

from jobmatch_assets.metrics.ab_results import compute_ab_results
from jobmatch_assets.metrics.ab_schema import METRICS
from jobmatch_assets.metrics.arms import arm_variances, read_arms
from jobmatch_assets.metrics.comparison import sequential_half_width
from jobmatch_assets.metrics.experiment_registry import Experiment
from jobmatch_assets_tests.metrics.sums import Totals, sums_of_arms

TEA_TASTING = {
    "ctr": tt.RatioOfMeans("c", "i"),
    "clicks_per_user": tt.Mean("c"),
    "applies_per_user": tt.Mean("a"),
    "apply_user_rate": tt.Mean("u"),
    "apply_per_click": tt.RatioOfMeans("a", "c"),
}


def random_units(rng: np.random.Generator, units: int, lift: float) -> list[Totals]:
    """Impressions, clicks and applies of units that differ in how keen they are."""
    impressions = 1 + rng.negative_binomial(2, 0.2, units)
    clicks = rng.binomial(impressions, np.minimum(rng.beta(1, 6, units) * lift, 1))
    applies = rng.binomial(clicks, rng.beta(2, 5, units))
    return np.column_stack([impressions, clicks, applies]).tolist()


@pytest.mark.parametrize("seed", range(8))
def test_equals_tea_tasting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = {"control": int(rng.integers(100, 900)), "treatment": int(rng.integers(100, 900))}
    arms = {
        "control": random_units(rng, sizes["control"], lift=1),
        "treatment": random_units(rng, sizes["treatment"], lift=rng.uniform(0.8, 1.6)),
    }
    units = pd.concat(
        pd.DataFrame(arm, columns=list("ica")).assign(variant=name) for name, arm in arms.items()
    )
    units["u"] = (units["a"] > 0).astype(int)
    weights = {name: size / sum(sizes.values()) for name, size in sizes.items()}

    rows = compute_ab_results(sums_of_arms(arms), {"exp": Experiment("exp", weights=weights)}).to_pylist()

    assert [row["metric"] for row in rows] == list(TEA_TASTING)
    for row in rows:
        reference = TEA_TASTING[row["metric"]].analyze(units, "control", "treatment", "variant")
        expected = {
            "value_control": reference.control,
            "value_treatment": reference.treatment,
            "effect": reference.effect_size,
            "relative_effect": reference.rel_effect_size,
            "relative_ci_low": reference.rel_effect_size_ci_lower,
            "relative_ci_high": reference.rel_effect_size_ci_upper,
            "std_error": reference.effect_size / reference.statistic,
            "ci_low": reference.effect_size_ci_lower,
            "ci_high": reference.effect_size_ci_upper,
            "p_value": reference.pvalue,
        }
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9)


@given(
    st.lists(st.tuples(*[st.integers(0, 2**31)] * 3), min_size=2, max_size=12),
)
def test_variances_are_exact(units: list[Totals]) -> None:
    variances = arm_variances(read_arms(sums_of_arms({"a": units})))[0]
    i, c, a = ([Fraction(unit[place]) for unit in units] for place in range(3))
    ones = [Fraction(1)] * len(units)
    pairs = {
        "ctr": (c, i),
        "clicks_per_user": (c, ones),
        "applies_per_user": (a, ones),
        "apply_user_rate": ([Fraction(x > 0) for x in a], ones),
        "apply_per_click": (a, c),
    }
    for metric, actual in zip(METRICS, variances, strict=True):
        numerators, denominators = pairs[metric.name]
        if sum(denominators) == 0:
            assert math.isnan(actual)
            continue
        ratio = sum(numerators) / sum(denominators)
        mean = sum(denominators) / len(units)
        linearised = [(x - ratio * y) / mean for x, y in zip(numerators, denominators, strict=True)]
        assert actual == float(variance(linearised)), metric.name


def test_sequential_interval_at_a_worked_example() -> None:
    # rho² = (5.991465 + ln 6.991465) / 5000 = 1.587231e-3, so that N·rho² + 1 = 16.87231;
    # 100 · √(2 · 16.87231 / (10,000² · 1.587231e-3) · ln(√16.87231 / 0.05)) = 3.061477
    half_width = sequential_half_width(np.array([1.0]), np.array([10_000.0]))
    assert half_width == pytest.approx(3.061477, abs=1e-6)


def test_sequential_interval_is_wider_than_the_fixed_one() -> None:
    units = np.geomspace(200, 1e9, 50)
    assert (sequential_half_width(np.ones(50), units) > 1.96).all()
