"""Where companies, jobs and people are."""

from functools import cache

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, Texts
from jobmatch_assets.simulation.world.values import choices, share_of

PLACES = (
    ("DE", "Berlin", "Berlin", "EUR"),
    ("DE", "Bayern", "München", "EUR"),
    ("FR", "Île-de-France", "Paris", "EUR"),
    ("US", "California", "San Francisco", "USD"),
    ("US", "New York", "New York", "USD"),
    ("JP", "東京都", "東京", "JPY"),
)
CURRENCIES = ("EUR", "USD", "JPY")
_PLACE = 2


def place_of(number: Ints, seed: int) -> Ints:
    """The place of a company or a person, by its number."""
    return (share_of(number, seed, _PLACE) * len(PLACES)).astype(np.int64)


@cache
def country() -> Texts:
    """The country of each place."""
    return choices(place[0] for place in PLACES)


@cache
def region() -> Texts:
    """The region of each place."""
    return choices(place[1] for place in PLACES)


@cache
def city() -> Texts:
    """The city of each place."""
    return choices(place[2] for place in PLACES)


@cache
def currency() -> Texts:
    """What is paid with there."""
    return choices(place[3] for place in PLACES)


@cache
def locations() -> Texts:
    """Each place as a job's list of one."""
    return choices([{"country": c, "region": r, "city": t}] for c, r, t, _ in PLACES)
