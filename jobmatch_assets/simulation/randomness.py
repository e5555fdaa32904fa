"""The random draws: one independent stream for each purpose, day and block of users.

Streams are addressed, never shared: what is drawn for a day does not depend on which
other days are generated, nor on how many users there are. Distributions are made of
uniform draws and the four operations only, which IEEE 754 fixes to the last bit, so
that every machine draws the same numbers.
"""

from enum import IntEnum

import numpy as np

from jobmatch_assets.simulation.arrays import Floats, Ints


class Stream(IntEnum):
    """What a stream of draws is for; a new purpose takes a new number."""

    JOBS = 0
    USERS = 1
    SESSIONS = 2
    LISTS = 3
    BEHAVIOUR = 4
    ARRIVAL = 5
    WORLD_CLOCK = 6
    COMPANIES = 7
    ADVERTISING = 8
    POSTINGS = 9
    PEOPLE = 10
    HIRING = 11
    STAFFING = 12
    BILLING = 13
    DELIVERY = 14
    FATES = 15


def generator(seed: int, stream: Stream, *place: int) -> np.random.Generator:
    """The generator of a stream at a place, such as (day, block)."""
    sequence = np.random.SeedSequence(seed, spawn_key=(stream, *place))
    return np.random.Generator(np.random.PCG64(sequence))


def traits(rng: np.random.Generator, size: int) -> Floats:
    """Draws with mean 1 between 0 and 2, most of them near 1."""
    return rng.random(size) + rng.random(size)


def delays(rng: np.random.Generator, size: int, low_ms: int, high_ms: int) -> Ints:
    """Milliseconds between the limits, short ones far more often than long ones."""
    skewed = rng.random(size) * rng.random(size) * rng.random(size)
    return low_ms + (skewed * (high_ms - low_ms)).astype(np.int64)


def choose(rng: np.random.Generator, size: int, shares: tuple[float, ...]) -> Ints:
    """Indices into `shares`, each as often as its share says."""
    edges = np.cumsum(shares)[:-1]
    return np.searchsorted(edges, rng.random(size), side="right").astype(np.int64)
