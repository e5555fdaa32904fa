"""The defaults make a demo worth looking at."""

from jobmatch_assets.simulation import Scenario, write_landing
from jobmatch_assets_tests.simulation.conftest import START


def test_the_defaults_give_a_plausible_product(tmp_path):
    truth = write_landing(Scenario(start=START, seed=7), tmp_path)
    events = truth.events
    assert 0.02 < events["click"] / events["impression"] < 0.1
    assert 0.1 < events["apply"] / events["click"] < 0.4
    for number in range(3):
        units, multiple = truth.units(number)
        assert min(units.values()) >= 100
        assert multiple == 0
    assert all(len(reasons) == 17 for reasons in truth.broken.values())
