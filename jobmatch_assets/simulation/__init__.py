"""A small simulation of the product that writes event files with known, planted properties.

It knows the event contract and nothing else of the platform, so that what it writes can
test the platform. `scenario` holds the parameters; users, sessions, lists and behaviour
(with openings) draw what happens.
"""

from jobmatch_assets.simulation.scenario import (
    Experiment,
    Scenario,
    ScenarioError,
    Variant,
    demo_experiments,
)

__all__ = ["Experiment", "Scenario", "ScenarioError", "Variant", "demo_experiments"]
