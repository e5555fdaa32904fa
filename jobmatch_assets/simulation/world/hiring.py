"""Applications: a Markov chain of statuses, through the answers that the events tell of."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.randomness import delays
from jobmatch_assets.simulation.world.advertising import Advertising
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.people import candidate_ids
from jobmatch_assets.simulation.world.seen import Applications
from jobmatch_assets.simulation.world.tables import APPLICATION
from jobmatch_assets.simulation.world.values import (
    DAY,
    HOUR,
    choices,
    moments,
    money,
    numbers,
    same,
    spread,
    when,
)

STATUSES = (
    *("submitted", "reviewed", "qualified", "shortlisted", "interview", "offered"),
    *("placed", "rejected", "withdrawn", "disqualified"),
)
_OPEN = 6
"""So many of the statuses have others after them."""

TRANSITIONS = {
    "submitted": {"reviewed": 0.5, "rejected": 0.15, "withdrawn": 0.03, "disqualified": 0.05},
    "reviewed": {"shortlisted": 0.4, "qualified": 0.15, "rejected": 0.25, "withdrawn": 0.05},
    "qualified": {"shortlisted": 0.55, "rejected": 0.25, "withdrawn": 0.05},
    "shortlisted": {"interview": 0.6, "rejected": 0.25, "withdrawn": 0.05},
    "interview": {"offered": 0.4, "rejected": 0.4, "withdrawn": 0.05},
    "offered": {"placed": 0.75, "withdrawn": 0.15},
}
"""What follows a status, and how likely; what is left stays."""

HOURS = {
    **{"submitted": (2, 96), "reviewed": (4, 96), "qualified": (2, 48)},
    **{"shortlisted": (12, 120), "interview": (12, 96), "offered": (6, 72)},
}
"""Least and most hours until the next status; the product of three uniform draws lies between."""

_WAIT = 35_000
"""Microseconds from an event to the change that it makes."""


@dataclass
class Chain:
    """Drawn steps by (status, next status; the same where it stays), those after the period included."""

    drawn: Counter[tuple[str, str]] = field(default_factory=Counter)


def application_history(
    rng: np.random.Generator, period: Period, sent: Applications, paid: Advertising, chain: Chain
) -> tuple[History, Ints, Ints]:
    """What becomes of applications; the numbers of those that are placed in the period, and when."""
    size = len(sent)
    is_known = sent.user_id != "null"
    is_paid = paid.campaign[sent.job] > 0
    created = Edits(
        np.arange(size),
        sent.at + _WAIT,
        {
            "application_id": sent.application,
            "job_id": texts(f'"job_{n:05d}"' for n in sent.job.tolist()),
            "candidate_id": when(is_known, candidate_ids(sent.user)),
            "user_id": sent.user_id,
            "status": same("submitted", size),
            "applied_at": moments(sent.at),
            "reviewed_at": same(None, size),
            "decided_at": same(None, size),
            "rejection_reason": same(None, size),
            "withdrawal_reason": same(None, size),
            "channel": sent.channel,
            "search_id": sent.search,
            "publisher_id": when(is_paid, numbers(paid.publisher[sent.job])),
            "campaign_id": when(is_paid, numbers(paid.campaign[sent.job])),
            "group_id": when(is_paid, numbers(paid.group[sent.job])),
            "resume_id": texts(f'"cv-{n}"' for n in sent.user.tolist()),
            "match_score": money(rng.integers(2000, 10_000, size)),
            "rating": same(None, size),
        },
    )
    edits, placed, placed_at = _steps(rng, sent, chain)
    rated = np.nonzero(rng.random(size) < 0.1)[0]
    stars = {"rating": numbers(rng.integers(1, 6, len(rated)))}
    edits.append(Edits(rated, sent.at[rated] + spread(rng, len(rated), HOUR, 3 * DAY), stars))
    gone = np.nonzero((rng.random(size) < 0.005) & ~np.isin(np.arange(size), placed))[0]
    edits.append(Edits(gone, sent.at[gone] + spread(rng, len(gone), DAY, 5 * DAY), is_delete=True))
    in_time = placed_at < period.end
    return history_of(APPLICATION, created, edits, period), placed[in_time], placed_at[in_time]


def _steps(rng: np.random.Generator, sent: Applications, chain: Chain) -> tuple[list[Edits], Ints, Ints]:
    edits: list[Edits] = []
    entity, status, at = np.arange(len(sent)), np.zeros(len(sent), dtype=np.int64), sent.at + _WAIT
    unseen = np.ones(len(sent), dtype=np.bool_)
    placed, placed_at = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for turn in range(_OPEN):
        following, wait = _drawn(rng, status)
        told = np.array([name != "" for name in sent.answer[entity]], dtype=np.bool_) & (turn == 0)
        named = np.array(
            [STATUSES.index(name) if name else 0 for name in sent.answer[entity]], dtype=np.int64
        )
        _count(chain, status, following, told)
        following = np.where(told, named, following)
        at = np.where(told, sent.answer_at[entity] + _WAIT, at + wait)
        moves = following != status
        entity, status, at = entity[moves], following[moves], at[moves]
        if not len(entity):
            break
        is_response = (status != STATUSES.index("withdrawn")) & (status != STATUSES.index("rejected"))
        first = is_response & unseen[entity]
        unseen[entity[first]] = False
        edits.append(_edit(rng, entity, status, at, first))
        won = status == STATUSES.index("placed")
        placed.append(entity[won])
        placed_at.append(at[won])
        goes_on = status < _OPEN
        entity, status, at = entity[goes_on], status[goes_on], at[goes_on]
    return edits, np.concatenate(placed), np.concatenate(placed_at)


def _drawn(rng: np.random.Generator, status: Ints) -> tuple[Ints, Ints]:
    following, wait = status.copy(), np.zeros(len(status), dtype=np.int64)
    for number, name in enumerate(STATUSES[:_OPEN]):
        here = np.nonzero(status == number)[0]
        names = [STATUSES.index(after) for after in TRANSITIONS[name]]
        edges = np.cumsum(list(TRANSITIONS[name].values()))
        picked = np.searchsorted(edges, rng.random(len(here)), side="right")
        following[here] = np.array([*names, number])[picked]
        low, high = (hours * 3_600_000 for hours in HOURS[name])
        wait[here] = delays(rng, len(here), low, high) * 1000
    return following, wait


def _count(chain: Chain, status: Ints, following: Ints, told: Bools) -> None:
    size = len(STATUSES)
    pairs = np.bincount((status * size + following)[~told], minlength=size * size).tolist()
    for pair, count in enumerate(pairs):
        if count:
            chain.drawn[STATUSES[pair // size], STATUSES[pair % size]] += count


def _edit(rng: np.random.Generator, entity: Ints, status: Ints, at: Ints, first: Bools) -> Edits:
    decided = status >= _OPEN
    reasons = choices(("not a fit", "experience", "position filled"))[rng.integers(0, 3, len(entity))]
    pulled = choices(("other offer", "salary", "no answer"))[rng.integers(0, 3, len(entity))]
    values: dict[str, Texts] = {
        "status": choices(STATUSES)[status],
        "reviewed_at": when(first, moments(at), None),
        "decided_at": when(decided, moments(at), None),
        "rejection_reason": when(status == STATUSES.index("rejected"), reasons, None),
        "withdrawal_reason": when(status == STATUSES.index("withdrawn"), pulled, None),
    }
    return Edits(entity, at, values)
