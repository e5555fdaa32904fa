"""Fates of jobs with a planted hazard: each day that a job is live, it may be filled or closed unfilled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Floats, Ints
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets.simulation.world.changes import Edits, Period
from jobmatch_assets.simulation.world.values import DAY, moments, same, spread

MEANING = {
    "incidence": "Expected shares of jobs that are filled, and closed, by so many whole days after they went "
    "live, where nobody is placed on them by an application.",
}

_LONGEST = 1000
"""Days that are looked at; later than any fate that is told of."""


@dataclass(frozen=True)
class Hazards:
    """What may happen to a live job on each of its days.

    Attributes:
        fill: Chance to be filled.
        close: Chance to be closed unfilled.
    """

    fill: float
    close: float

    def __bool__(self) -> bool:
        """Whether they are planted."""
        return self.fill + self.close > 0

    def incidence(self, days: int) -> dict[str, float]:
        """Shares of jobs that are filled, and closed, by so many whole days after they went live."""
        ended = 1.0
        for _ in range(days + 1):
            ended *= 1 - self.fill - self.close
        ended = (1 - ended) / (self.fill + self.close)
        return {"filled": self.fill * ended, "closed": self.close * ended}

    def planted(self) -> dict[str, Any]:
        """The part of truth.json about them."""
        return {"incidence": {str(days): self.incidence(days) for days in (30, 60, 90)}}


@dataclass(frozen=True)
class Fates:
    """Of the jobs of a block; arrays run over them.

    Attributes:
        posted: When they go live, in microseconds.
        ends: When they end.
        is_filled: Whether they end filled, else closed.
    """

    posted: Ints
    ends: Ints
    is_filled: Bools

    def edits(self) -> Iterator[Edits]:
        """What happens to the jobs."""
        for is_filled, status, reason in ((True, "filled", "filled"), (False, "closed", "cancelled")):
            some = np.nonzero(self.is_filled == is_filled)[0]
            at = self.ends[some]
            values = {"status": same(status, len(some)), "close_reason": same(reason, len(some))}
            yield Edits(some, at, {**values, "closed_at": moments(at)})


def draw_fates(seed: int, block: int, size: int, period: Period, hazards: Hazards) -> Fates:
    """When the jobs of a block go live, all of them in the period, and how they end."""
    rng = generator(seed, Stream.FATES, block)
    posted = spread(rng, size, period.start, period.end)
    left: Floats = np.cumprod(np.full(_LONGEST, 1 - hazards.fill - hazards.close))
    days = np.searchsorted(-left, -rng.random(size), side="left")
    ends = posted + days * DAY + spread(rng, size, 0, DAY)
    is_filled = rng.random(size) * (hazards.fill + hazards.close) < hazards.fill
    return Fates(posted, ends, is_filled)
