"""What the two intervals promise, kept over a thousand experiments without any effect."""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy

from jobmatch_assets.metrics.ab_results import compute_ab_results
from jobmatch_assets.metrics.ab_schema import METRICS
from jobmatch_assets_tests.metrics.sums import DAY

EXPERIMENTS = 1000
LOOKS = 14
FIRST_UNITS, DAILY_UNITS = 120, 30  # new units per arm, on the first and on every later date
ARMS = ("control", "treatment")


def simulated_sums() -> pd.DataFrame:
    """A/A experiments: units join day by day, come back, and differ in how much they see and click.

    Clicks of one unit resemble each other, so that impressions are no independent observations.
    """
    rng = np.random.default_rng(20260301)
    units = FIRST_UNITS + (LOOKS - 1) * DAILY_UNITS
    shape = (EXPERIMENTS, len(ARMS), units)
    impressions_per_visit = rng.gamma(2, 2, shape)
    click_rate = rng.beta(0.5, 4, shape)
    apply_rate = rng.beta(1, 3, shape)
    totals = {name: np.zeros(shape, dtype=np.int64) for name in "ica"}
    frames = []
    for look in range(LOOKS):
        joined = FIRST_UNITS + look * DAILY_UNITS
        visits = np.zeros(shape)
        visits[..., :joined] = rng.random((*shape[:2], joined)) < 0.4
        visits[..., 0 if look == 0 else joined - DAILY_UNITS : joined] = 1
        impressions = rng.poisson(impressions_per_visit * visits)
        clicks = rng.binomial(impressions, click_rate)
        totals["i"] += impressions
        totals["c"] += clicks
        totals["a"] += rng.binomial(clicks, apply_rate)
        totals["u"] = (totals["a"] > 0).astype(np.int64)
        sums = {f"sum_{name}": totals[name].sum(axis=-1).ravel() for name in "icau"} | {
            f"sum_{x}{y}": (totals[x] * totals[y]).sum(axis=-1).ravel()
            for x, y in ("ii", "cc", "aa", "ic", "ca")
        }
        frames.append(
            pd.DataFrame(
                {
                    "as_of_date": DAY + dt.timedelta(days=look),
                    "experiment_id": np.repeat(np.arange(EXPERIMENTS).astype(str), len(ARMS)),
                    "variant": ARMS * EXPERIMENTS,
                    "units": joined,
                    **sums,
                    "experiment_units": joined * len(ARMS),
                    "multiple_variant_units": 0,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def sums() -> pd.DataFrame:
    return simulated_sums()


@pytest.fixture(scope="module")
def results(sums: pd.DataFrame) -> pd.DataFrame:
    table: pa.Table = compute_ab_results(sums, {})
    results = table.to_pandas()
    assert (results["status"] == "ok").all()
    results["fixed_is_wrong"] = (results["ci_low"] > 0) | (results["ci_high"] < 0)
    results["sequential_is_wrong"] = (results["seq_ci_low"] > 0) | (results["seq_ci_high"] < 0)
    return results


def share_wrong_at_any_look(results: pd.DataFrame, column: str) -> float:
    return results.groupby("experiment_id")[column].any().mean()


@pytest.mark.parametrize("metric", [metric.name for metric in METRICS])
def test_looking_once_the_fixed_interval_is_wrong_as_often_as_it_says(
    results: pd.DataFrame, metric: str
) -> None:
    last = results[results["as_of_date"] == results["as_of_date"].max()]
    wrong = last[last["metric"] == metric]["fixed_is_wrong"].mean()
    assert wrong == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize("metric", [metric.name for metric in METRICS])
def test_looking_daily_the_sequential_interval_is_wrong_no_more_often_than_it_says(
    results: pd.DataFrame, metric: str
) -> None:
    of_metric = results[results["metric"] == metric]
    assert share_wrong_at_any_look(of_metric, "sequential_is_wrong") <= 0.05


def test_the_simulation_would_catch_the_usual_mistakes(sums: pd.DataFrame, results: pd.DataFrame) -> None:
    """Watching the fixed interval, and taking impressions for independent, are both wrong often."""
    ctr = results[results["metric"] == "ctr"]
    assert share_wrong_at_any_look(ctr, "fixed_is_wrong") > 0.12

    last = sums[sums["as_of_date"] == sums["as_of_date"].max()]
    control, treatment = (last[last["variant"] == arm] for arm in ARMS)
    clicks = control["sum_c"].to_numpy(), treatment["sum_c"].to_numpy()
    impressions = control["sum_i"].to_numpy(), treatment["sum_i"].to_numpy()
    pooled = sum(clicks) / sum(impressions)
    error = np.sqrt(pooled * (1 - pooled) * (1 / impressions[0] + 1 / impressions[1]))
    z = (clicks[1] / impressions[1] - clicks[0] / impressions[0]) / error
    assert (2 * scipy.stats.norm.sf(np.abs(z)) < 0.05).mean() > 0.15
