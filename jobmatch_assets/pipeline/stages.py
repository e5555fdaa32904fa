"""The stages of a build, in their order: what is built together, and what a changed date means in each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """Tables that are built together.

    Attributes:
        name: Its name, as the meta of models and the rebuild queue have it.
        step: The name of the step of their assets.
        since: Whether a date stands for itself and all that follow.
        is_whole: Whether tables have no date: any date stands for all of their rows.
        is_scoped: Whether entries of the queue name experiments, and `experiment_plan` tells their dates.
        is_published: Whether readers see its tables, in the published copy.
    """

    name: str
    step: str
    since: bool = False
    is_whole: bool = False
    is_scoped: bool = False
    is_published: bool = True


BRONZE = Stage("bronze", "stage", is_published=False)
"""Files are loaded, and their lines staged; by the day of the file."""

SILVER = Stage("silver", "build_silver", is_published=False)

GOLD = Stage("gold", "build_gold")
"""A date is counted from its own rows and those around it."""

CUMULATIVE = Stage("cumulative", "build_cumulative", since=True)
"""A date is counted from all rows up to it."""

WHOLE = Stage("whole", "build_whole", is_whole=True)
"""Tables without a date."""

EXPERIMENTS = Stage("experiments", "build_cumulative_sums", since=True, is_scoped=True)
"""A/B results: sums up to a date, and the statistics that Python computes from them."""

STAGES = (BRONZE, SILVER, GOLD, CUMULATIVE, WHOLE, EXPERIMENTS)

PUBLICATION = "publication"
"""What waits in the queue under this name is built, and not yet in the published copy."""


def stage_named(name: str) -> Stage:
    """A stage.

    Raises:
        KeyError: There is none of this name.
    """
    return {stage.name: stage for stage in STAGES}[name]
