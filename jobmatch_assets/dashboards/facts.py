"""What pages are told besides the published copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobmatch_assets.metrics.experiment_registry import Experiment, RegistryError, read_registry


@dataclass(frozen=True)
class Registry:
    """The experiment registry, or why it cannot be read.

    Attributes:
        experiments: {experiment: how it is set up}.
        problem: What is wrong with the file, and what to do; empty where it can be read.
    """

    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    problem: str = ""

    @classmethod
    def of(cls, path: Path) -> "Registry":
        """Read it; a mistake in it is no reason to have no pages."""
        try:
            return cls(read_registry(path))
        except RegistryError as error:
            return cls(problem=str(error))


@dataclass(frozen=True)
class Facts:
    """What does not stand in the copy.

    Attributes:
        registry: How experiments are set up.
        stages: {table: the stage in which it is built}, in which the copy says what is held back.
    """

    registry: Registry = field(default_factory=Registry)
    stages: Mapping[str, str] = field(default_factory=dict)

    def told(self, name: str) -> Any:
        """One of them, as JSON has it."""
        if name == "stages":
            return dict(self.stages)
        return {
            "problem": self.registry.problem,
            "experiments": {
                experiment.experiment_id: {
                    "control": experiment.control_variant,
                    "weights": dict(experiment.weights),
                    "owner": experiment.owner,
                    "description": experiment.description,
                }
                for experiment in self.registry.experiments.values()
            },
        }
