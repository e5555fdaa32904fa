"""The users, in blocks: who they are, what they like, and which variants they got.

A block is drawn again for each day that needs it, so memory grows neither with the
number of users nor with the number of days.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Floats, Ints, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, choose, generator, traits
from jobmatch_assets.simulation.scenario import Scenario

BLOCK = 1000
"""Users that are drawn and simulated together; part of what a seed means."""

_NUMERIC = 0.3
_WITH_COOKIE = 0.3
# Missing and unknown values are part of real traffic, hence the last two of each.
_PLATFORMS = ('"web"', '"ios"', '"android"', '"tv"', "null")
_PLATFORM_SHARES = (0.5, 0.24, 0.21, 0.02, 0.03)
_DEVICES = ('"desktop"', '"mobile"', '"tablet"', '"watch"', "null")
_DEVICE_SHARES = {
    '"web"': (0.7, 0.2, 0.06, 0.0, 0.04),
    '"ios"': (0.0, 0.85, 0.1, 0.03, 0.02),
    '"android"': (0.0, 0.88, 0.08, 0.02, 0.02),
    '"tv"': (0.0, 0.0, 0.0, 0.0, 1.0),
    "null": (0.3, 0.3, 0.1, 0.0, 0.3),
}


@dataclass(frozen=True)
class Users:
    """One block of users; arrays run over its users.

    Attributes:
        block: Number of the block.
        first: Number of its first user.
        known: Logged in, so that the events carry a user_id.
        identity: Who sent the line, for version 2.
        identity_v1: The same for version 1, which knows no anonymous_id.
        device: The platform and device_type of a line.
        activity: Factor of the number of sessions; mean 1.
        taste: Factor of the click probability; mean 1.
        eagerness: Factor of the apply probability; mean 1.
        assigned: Variant number by experiment and user.
        switching: Shown a second variant, by experiment and user.
    """

    block: int
    first: int
    known: Bools
    identity: Texts
    identity_v1: Texts
    device: Texts
    activity: Floats
    taste: Floats
    eagerness: Floats
    assigned: Ints
    switching: Bools

    def __len__(self) -> int:
        """Number of users."""
        return len(self.known)


def user_blocks(scenario: Scenario) -> Iterator[Users]:
    """All users, block by block; a larger number of users leaves the others as they are."""
    for block in range(-(-scenario.users // BLOCK)):
        yield _draw_block(scenario, block)


def _draw_block(scenario: Scenario, block: int) -> Users:
    rng = generator(scenario.seed, Stream.USERS, block)
    first = block * BLOCK
    size = min(BLOCK, scenario.users - first)
    known = (rng.random(BLOCK) >= scenario.anonymous_rate)[:size]
    numeric = (rng.random(BLOCK) < _NUMERIC)[:size]
    cookie = (rng.random(BLOCK) < _WITH_COOKIE)[:size] | ~known
    user_ids = [
        f',"user_id":{1_000_000 + n}' if is_number else f',"user_id":"user_{n:06d}"'
        for n, is_number in enumerate(numeric.tolist(), first)
    ]
    cookies = texts(f',"anonymous_id":"anon-{n:06x}"' for n in range(first, first + size))
    identity_v1 = np.where(known, texts(user_ids), "")
    device = _draw_devices(rng)[:size]
    activity, taste, eagerness = (traits(rng, BLOCK)[:size] for _ in range(3))
    assigned, switching = _assign(scenario, rng, size)
    return Users(
        block=block,
        first=first,
        known=known,
        identity=identity_v1 + np.where(cookie, cookies, ""),
        identity_v1=identity_v1,
        device=device,
        activity=activity,
        taste=taste,
        eagerness=eagerness,
        assigned=assigned,
        switching=switching,
    )


def _draw_devices(rng: np.random.Generator) -> Texts:
    platform = choose(rng, BLOCK, _PLATFORM_SHARES)
    by_platform = np.stack([choose(rng, BLOCK, _DEVICE_SHARES[name]) for name in _PLATFORMS])
    device = by_platform[platform, np.arange(BLOCK)]
    return texts(
        f',"platform":{_PLATFORMS[p]},"device_type":{_DEVICES[d]}'
        for p, d in zip(platform.tolist(), device.tolist(), strict=True)
    )


def _assign(scenario: Scenario, rng: np.random.Generator, size: int) -> tuple[Ints, Bools]:
    count = len(scenario.experiments)
    assigned = np.zeros((count, size), dtype=np.int64)
    switching = np.zeros((count, size), dtype=np.bool_)
    for e, experiment in enumerate(scenario.experiments):
        shares = tuple(variant.share for variant in experiment.variants)
        assigned[e] = choose(rng, BLOCK, shares)[:size]
        switching[e] = (rng.random(BLOCK) < experiment.multiple_variant_rate)[:size]
    return assigned, switching
