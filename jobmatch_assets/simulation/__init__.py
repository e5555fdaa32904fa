"""A small simulation of the product that writes event files with known, planted properties.

It knows the event contract and nothing else of the platform, so that what it writes can
test the platform. `scenario` holds the parameters, `run` writes; between them the rooms
follow a line's way: users, sessions, lists, behaviour (with openings), events, lines,
arrival, broken, landing, output, truth. `world` makes the entities that the events name.
"""

from jobmatch_assets.simulation.output import OutputError
from jobmatch_assets.simulation.run import write_landing
from jobmatch_assets.simulation.scenario import (
    Experiment,
    Scenario,
    ScenarioError,
    Variant,
    demo_experiments,
)
from jobmatch_assets.simulation.truth import Truth
from jobmatch_assets.simulation.world.options import WorldOptions

__all__ = [
    "Experiment",
    "OutputError",
    "Scenario",
    "ScenarioError",
    "Truth",
    "Variant",
    "WorldOptions",
    "demo_experiments",
    "write_landing",
]
