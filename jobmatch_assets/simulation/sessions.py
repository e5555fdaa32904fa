"""The visits of a block of users on one day: when, for what, and what their lines carry."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, choose, generator
from jobmatch_assets.simulation.scenario import MOST_SESSIONS_PER_DAY, Experiment, Scenario
from jobmatch_assets.simulation.users import Users

DAY_MS = 24 * 3600 * 1000

SEARCH, RECOMMENDATION, EMAIL, EXTERNAL, DIRECT = range(5)
SURFACES = ("search", "recommendation", "email", "external", "direct")
_SURFACE_SHARES = (0.66, 0.16, 0.08, 0.06, 0.04)

BEFORE_MIDNIGHT = 0.02
"""Share of sessions that begin within five minutes of midnight, most of which go on after it."""

_FIVE_MINUTES_MS = 5 * 60 * 1000


@dataclass(frozen=True)
class Sessions:
    """Sessions of one block on one day; arrays run over the sessions.

    Attributes:
        day: The day that they begin on (UTC).
        key: Prefix that makes ids unique among all days, blocks and seeds.
        user: Number of the user within the block.
        start: Milliseconds since 1970 (UTC).
        surface: Where the session takes place, an index into SURFACES.
        is_v1: Sent as schema version 1.
        variant: Variant number by experiment and session, as it is stamped and as it acts.
        first_variant: The same for the session_start; differs for users shown two variants.
        stamped: Whether the lines carry the experiment; version 1 has room for one only.
        context: What every line of the session says.
        first_context: The same for the session_start.
    """

    day: dt.date
    key: str
    user: Ints
    start: Ints
    surface: Ints
    is_v1: Bools
    variant: Ints
    first_variant: Ints
    stamped: Bools
    context: Texts
    first_context: Texts

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.user)


def day_start_ms(day: dt.date) -> int:
    """Midnight at the beginning of the day, in milliseconds since 1970 (UTC)."""
    return (day - dt.date(1970, 1, 1)).days * DAY_MS


def draw_sessions(scenario: Scenario, users: Users, day: dt.date) -> Sessions:
    """The sessions that the block's users begin on the day."""
    rng = generator(scenario.seed, Stream.SESSIONS, day.toordinal(), users.block)
    chance = scenario.sessions_per_user / MOST_SESSIONS_PER_DAY * users.activity
    visits = rng.random((len(users), MOST_SESSIONS_PER_DAY)) < chance[:, None]
    user = np.nonzero(visits)[0].astype(np.int64)
    size = len(user)

    is_v1 = (rng.random(size) < scenario.v1_rate) & users.known[user]
    surface = choose(rng, size, _SURFACE_SHARES)
    surface[is_v1] = SEARCH  # version 1 clients have no other page
    key = f"{scenario.seed:x}-{day.toordinal():x}-{users.block:x}"
    variant, first_variant = _variants(scenario.experiments, users, user)
    stamped = np.ones(variant.shape, dtype=np.bool_)
    if scenario.experiments:
        only = rng.integers(0, len(scenario.experiments), size)
        stamped = ~is_v1 | (np.arange(len(scenario.experiments))[:, None] == only)

    who = np.where(is_v1, users.identity_v1[user], users.identity[user])
    about = (
        texts(f',"session_id":"s-{key}-{n:x}"' for n in range(size))
        + who
        + np.where(is_v1, ',"schema_version":1', ',"schema_version":2').astype(object)
    )
    return Sessions(
        day=day,
        key=key,
        user=user,
        start=day_start_ms(day) + _clock(rng, size),
        surface=surface,
        is_v1=is_v1,
        variant=variant,
        first_variant=first_variant,
        stamped=stamped,
        context=about + _stamps(scenario.experiments, variant, stamped, is_v1),
        first_context=about + _stamps(scenario.experiments, first_variant, stamped, is_v1),
    )


def _clock(rng: np.random.Generator, size: int) -> Ints:
    """Times of day: a hill over the afternoon, and some visits that run into the next day."""
    hill = (rng.random(size) + rng.random(size)) / 2 * DAY_MS
    overnight = DAY_MS - 1 - rng.integers(0, _FIVE_MINUTES_MS, size)
    return np.where(rng.random(size) < BEFORE_MIDNIGHT, overnight, hill.astype(np.int64))


def _variants(experiments: tuple[Experiment, ...], users: Users, user: Ints) -> tuple[Ints, Ints]:
    """The variants of the session and of its session_start.

    A user who is shown two variants has the second one from the first list of every
    session on, so that one session is enough to be seen in both.
    """
    counts = np.array([len(e.variants) for e in experiments], dtype=np.int64)[:, None]
    first = users.assigned[:, user]
    return np.where(users.switching[:, user], (first + 1) % counts, first), first


def _stamps(experiments: tuple[Experiment, ...], variant: Ints, stamped: Bools, is_v1: Bools) -> Texts:
    """The experiments of a line: all of them as an array, or one as the pair of version 1."""
    size = len(is_v1)
    if not experiments:
        return np.where(is_v1, ',"experiment_id":null,"variant":null', "").astype(object)
    elements = np.full(size, "", dtype=object)
    pair = np.full(size, "", dtype=object)
    for e, experiment in enumerate(experiments):
        body = texts(
            f'"experiment_id":"{experiment.experiment_id}","variant":"{v.name}"' for v in experiment.variants
        )[variant[e]]
        elements = elements + ("," if e else "") + "{" + body + "}"
        pair = np.where(stamped[e], "," + body, pair)
    return np.where(is_v1, pair, ',"experiments":[' + elements + "]")
