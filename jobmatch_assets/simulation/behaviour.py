"""What users do with what they are shown, and the events that tell of it.

The click model is position-based: an item at rank r is examined with probability
r**-position_decay, and an examined item is clicked with probability
click_rate x appeal of the job x taste of the user x (1 + lift of the stamped variants).
Every item is decided for itself, so clicks never change what is shown next.
"""

import math

import numpy as np

from jobmatch_assets.simulation.arrays import Floats, texts
from jobmatch_assets.simulation.events import Events
from jobmatch_assets.simulation.jobs import Jobs
from jobmatch_assets.simulation.lists import Lists
from jobmatch_assets.simulation.openings import (
    Openings,
    application_events,
    opening_events,
)
from jobmatch_assets.simulation.randomness import Stream, delays, generator
from jobmatch_assets.simulation.scenario import LONGEST_LIST, Scenario
from jobmatch_assets.simulation.sessions import EXTERNAL, SURFACES, Sessions
from jobmatch_assets.simulation.users import Users

_LOGIN, _SIGNUP, _PROFILE_UPDATE = 0.3, 0.01, 0.04


def draw_events(scenario: Scenario, jobs: Jobs, users: Users, sessions: Sessions, lists: Lists) -> Events:
    """Every event of the sessions, in the order of time."""
    rng = generator(scenario.seed, Stream.BEHAVIOUR, sessions.day.toordinal(), users.block)
    click_factor = _factor(scenario, sessions, "click_lift") * users.taste[sessions.user]
    apply_factor = _factor(scenario, sessions, "apply_lift") * users.eagerness[sessions.user]

    click = _clicks(rng, scenario, jobs, lists, click_factor)
    landing = _landings(rng, jobs, sessions)
    opened = Openings.joined(click, landing)
    applies = rng.random(len(opened)) < scenario.apply_rate * apply_factor[opened.session]
    parts = [
        *_visit_events(rng, users, sessions),
        *_list_events(jobs, sessions, lists),
        *opening_events(rng, jobs, sessions, click, landing),
        *application_events(rng, jobs, sessions, opened, applies),
    ]
    return Events.joined(parts).sendable(sessions.is_v1)


def _factor(scenario: Scenario, sessions: Sessions, lift: str) -> Floats:
    """The product of 1 + lift over the variants of each session."""
    factor = np.ones(len(sessions))
    for experiment, variant in zip(scenario.experiments, sessions.variant, strict=True):
        factor *= np.array([1 + getattr(v, lift) for v in experiment.variants])[variant]
    return factor


def examination(scenario: Scenario) -> Floats:
    """The examination probability of the ranks 1, 2, and so on.

    Rounded, because the last bit of a power is not the same on every machine.
    """
    return np.array([round(math.pow(r, -scenario.position_decay), 12) for r in range(1, LONGEST_LIST + 1)])


def _clicks(
    rng: np.random.Generator, scenario: Scenario, jobs: Jobs, lists: Lists, factor: Floats
) -> Openings:
    owner = lists.shown_list
    chance = (
        scenario.click_rate
        * examination(scenario)[lists.shown_rank - 1]
        * jobs.appeal[lists.shown_job]
        * factor[lists.session[owner]]
    )
    clicked = np.nonzero(rng.random(len(owner)) < chance)[0]
    rank = texts(f',"rank_position":{r}' for r in range(LONGEST_LIST + 1))
    return Openings(
        session=lists.session[owner[clicked]],
        job=lists.shown_job[clicked],
        at=lists.shown_at[clicked] + delays(rng, len(clicked), 1000, 360_000),
        place=lists.place[owner[clicked]],
        rank=rank[lists.shown_rank[clicked]],
    )


def _landings(rng: np.random.Generator, jobs: Jobs, sessions: Sessions) -> Openings:
    """Visits from elsewhere that begin on the page of a job: no list, no click."""
    session = np.nonzero(sessions.surface >= EXTERNAL)[0]
    surface = texts(f',"surface":"{name}"' for name in SURFACES)
    return Openings(
        session=session,
        job=rng.integers(0, len(jobs.appeal), len(session)),
        at=sessions.start[session] + 500,
        place=surface[sessions.surface[session]],
        rank=texts([""] * len(session)),
    )


def _visit_events(rng: np.random.Generator, users: Users, sessions: Sessions) -> list[Events]:
    every = np.arange(len(sessions))
    known = users.known[sessions.user]
    chosen = rng.random((3, len(sessions)))
    login, signup, update = (
        np.nonzero(known & (row < share))[0]
        for row, share in zip(chosen, (_LOGIN, _SIGNUP, _PROFILE_UPDATE), strict=True)
    )
    return [
        Events.of("session_start", every, sessions.start),
        Events.of("signup", signup, sessions.start[signup] + 300),
        Events.of("login", login, sessions.start[login] + 400),
        Events.of("profile_update", update, sessions.start[update] + 900_000),
    ]


def _list_events(jobs: Jobs, sessions: Sessions, lists: Lists) -> list[Events]:
    asked = np.nonzero(lists.is_search)[0]
    count = texts(f',"results_count":{n}' for n in lists.results[asked].tolist())
    count[sessions.is_v1[lists.session[asked]]] = ""
    rank = texts(f',"rank_position":{r}' for r in range(LONGEST_LIST + 1))
    return [
        Events.of(
            "search",
            lists.session[asked],
            lists.at[asked],
            lists.place[asked] + lists.query[asked] + count,
        ),
        Events.of(
            "impression",
            lists.session[lists.shown_list],
            lists.shown_at,
            lists.place[lists.shown_list] + jobs.fragment[lists.shown_job] + rank[lists.shown_rank],
        ),
    ]
