import dataclasses
import datetime as dt
import math

import pytest

from jobmatch_assets.simulation import Experiment, ScenarioError, Variant, demo_experiments

RATES = (
    *("anonymous_rate", "zero_result_rate", "exploration_rate", "click_rate", "apply_rate"),
    *("v1_rate", "late_rate", "repeat_rate", "corrected_rate", "broken_rate"),
)


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan])
def test_a_rate_is_a_share(scenario, name, value):
    with pytest.raises(ScenarioError, match=f"{name} must be between 0 and 1"):
        scenario(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("days", 0),
        ("users", 0),
        ("seed", -1),
        ("jobs", 29),
        ("late_days", 0),
        ("files_per_day", 0),
        ("sessions_per_user", 2.1),
        ("position_decay", math.nan),
        ("layout", "hive"),
    ],
)
def test_a_value_outside_of_its_limits_is_named(scenario, name, value):
    with pytest.raises(ScenarioError, match=name):
        scenario(**{name: value})


@pytest.mark.parametrize("start", [dt.date(2018, 12, 31), dt.date(9999, 12, 1)])
def test_all_days_are_days_of_the_contract(scenario, start):
    with pytest.raises(ScenarioError, match="start must be on or after 2019-01-01"):
        scenario(start=start)


def test_probabilities_are_refused_rather_than_cut_off(scenario):
    scenario(click_rate=0.25, experiments=demo_experiments(click_lift=0.0))
    with pytest.raises(ScenarioError, match=r"click_rate 0\.25 .* none exceeds 1"):
        scenario(click_rate=0.25, experiments=demo_experiments(click_lift=0.01))
    with pytest.raises(ScenarioError, match="apply_rate"):
        scenario(apply_rate=0.4, experiments=demo_experiments(apply_lift=0.5))


HALVES = (Variant("control", 0.5, 0.5), Variant("treatment", 0.5, 0.5))


@pytest.mark.parametrize(
    ("experiment", "message"),
    [
        (Experiment("a,b", HALVES), "names are"),
        (Experiment("alone", HALVES[:1]), "2 to 8 variants"),
        (Experiment("twins", (HALVES[0], HALVES[0])), "different names"),
        (Experiment("half", (Variant("a", 0.5, 0.5), Variant("b", 0.5, 0.4))), "shares"),
        (Experiment("lifted", (Variant("a", 0.5, 0.5, 0.1), HALVES[1])), "relative to the control"),
        (Experiment("sunk", (HALVES[0], Variant("b", 0.5, 0.5, -1.1))), "finite number from -1"),
        (Experiment("both", HALVES, multiple_variant_rate=2), "multiple_variant_rate"),
    ],
)
def test_an_experiment_that_cannot_be_run_is_refused(scenario, experiment, message):
    with pytest.raises(ScenarioError, match=message):
        scenario(experiments=(experiment,))


def test_experiments_have_different_ids(scenario):
    with pytest.raises(ScenarioError, match="different ids"):
        scenario(experiments=(Experiment("a", HALVES), Experiment("a", HALVES)))


def test_a_scenario_cannot_be_changed(scenario):
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario().seed = 1
