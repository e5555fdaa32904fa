"""The clock of the product's database, which is set back now and then and runs right again hours later."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Ints
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets.simulation.world.values import MINUTE, start_of

_EVERY_DAYS = 3


@dataclass(frozen=True)
class Step:
    """From `begins` to `ends` the clock shows a time that lies `back` before the true one; microseconds."""

    begins: int
    ends: int
    back: int


def steps_of(seed: int, first: dt.date, days: int) -> tuple[Step, ...]:
    """The steps within the days; each lies within one day."""
    found = []
    for number in range(days):
        day = first + dt.timedelta(days=number)
        if day.toordinal() % _EVERY_DAYS:
            continue
        rng = generator(seed, Stream.WORLD_CLOCK, day.toordinal())
        begins = start_of(day) + int(rng.integers(6 * 60, 18 * 60)) * MINUTE
        back = int(rng.integers(5, 90)) * MINUTE
        found.append(Step(begins, begins + int(rng.integers(60, 240)) * MINUTE, back))
    return tuple(found)


def readings(steps: tuple[Step, ...], at: Ints) -> Ints:
    """What the clock shows at true times."""
    shown = at.copy()
    for step in steps:
        shown = np.where((at >= step.begins) & (at < step.ends), at - step.back, shown)
    return shown


def around(rng: np.random.Generator, steps: tuple[Step, ...], each: int) -> tuple[Ints, Ints]:
    """Pairs of times shortly before and after steps, `each` for every step."""
    begins = np.repeat(np.array([step.begins for step in steps], dtype=np.int64), each)
    gaps = rng.integers(MINUTE // 10, 2 * MINUTE, (2, len(begins)))
    return begins - gaps[0], begins + gaps[1]
