"""The stages of a build, in their order: what is built together, and what a changed date means in each."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from jobmatch_assets.contracts.clock import Unit, days_of, first_of


@dataclass(frozen=True)
class Stage:
    """Tables that are built together.

    Attributes:
        name: Its name, as the meta of models and the rebuild queue have it.
        step: The name of the step of their assets.
        since: Whether a date stands for itself and all that follow.
        is_whole: Whether tables have no date: any date stands for all of their rows.
        is_by_entity: Whether rows of the entities that a changed record touches are replaced, and no others.
        is_scoped: Whether entries of the queue name experiments, and `experiment_plan` tells their dates.
        is_published: Whether readers see its tables, in the published copy.
        unit: How long a partition of its tables is; where that is more than a day, a date stands for all of
            its week or month.
        waits_for_checks: Whether a date is left while what it reads fails a blocking check.
    """

    name: str
    step: str
    since: bool = False
    is_whole: bool = False
    is_by_entity: bool = False
    is_scoped: bool = False
    is_published: bool = True
    unit: Unit = "day"
    waits_for_checks: bool = True

    def partitions_of(self, days: Collection[dt.date]) -> set[dt.date]:
        """The first days of the partitions that these days belong to."""
        return {first_of(self.unit, day) for day in days}

    def whole(self, days: Collection[dt.date]) -> set[dt.date]:
        """All days of the partitions that these days belong to."""
        return {day for first in self.partitions_of(days) for day in days_of(self.unit, first)}


BRONZE = Stage("bronze", "stage", is_published=False)
"""Files are loaded, and their lines staged; by the day of the file."""

SILVER = Stage("silver", "build_silver", is_published=False)

HEALTH = Stage("health", "build_health", waits_for_checks=False)
"""What became of the lines of a date, which is worth seeing above all where a check fails."""

GOLD = Stage("gold", "build_gold")
"""A date is counted from its own rows and those around it."""

WEEKLY = Stage("weekly", "build_weekly", unit="week")
"""A week is counted at once, from its days and those around it."""

CUMULATIVE = Stage("cumulative", "build_cumulative", since=True)
"""A date is counted from all rows up to it."""

ENTITIES = Stage("entities", "build_entities", is_whole=True, is_published=False, is_by_entity=True)
"""The history of each entity: walked again, from its first record, where a record of it is new or gone."""

DIMENSIONS = Stage("dimensions", "build_dimensions", is_whole=True)
"""Dimensions, and what is read off histories and events without a date of its own."""

FACTS = Stage("facts", "build_facts", is_whole=True)
"""Facts, joined with the dimensions as of their time: a changed version may touch those of any date."""

SUBJECTS = Stage("subjects", "build_subjects", is_whole=True)
"""Numbers that people decide on and that need entities beside events: performance, hiring, market, money …"""

WHOLE = Stage("whole", "build_whole", is_whole=True)
"""Tables without a date."""

EXPERIMENTS = Stage("experiments", "build_cumulative_sums", since=True, is_scoped=True)
"""A/B results: sums up to a date, and the statistics that Python computes from them."""

STAGES = (
    *(BRONZE, SILVER, HEALTH, GOLD, WEEKLY, CUMULATIVE),
    *(ENTITIES, DIMENSIONS, FACTS, SUBJECTS),
    *(WHOLE, EXPERIMENTS),
)

PUBLICATION = "publication"
"""What waits in the queue under this name is built, and not yet in the published copy."""


def stage_named(name: str) -> Stage:
    """A stage.

    Raises:
        KeyError: There is none of this name.
    """
    return {stage.name: stage for stage in STAGES}[name]
