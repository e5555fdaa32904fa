"""Jobs that were opened, by a click or from elsewhere, and the events that follow."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.events import Events
from jobmatch_assets.simulation.jobs import Jobs
from jobmatch_assets.simulation.randomness import choose, delays
from jobmatch_assets.simulation.sessions import Sessions

_MINUTE_MS = 60 * 1000
_HOUR_MS = 60 * _MINUTE_MS
_VIEW_AFTER_CLICK = 0.85
_BOOKMARK_AFTER_CLICK = 0.03
_ABANDONED = 0.08
_APPLY_WITHOUT_LIST = 0.05
_CONFIRMED = 0.6
ANSWERED = 0.25
"""Share of applications that an event tells an answer of."""

ANSWERS = (
    *("reviewed", "shortlisted", "qualified", "disqualified", "interview"),
    *("offered", "placed", "rejected", "withdrawn"),
)
ANSWER_SHARES = (0.34, 0.1, 0.08, 0.12, 0.08, 0.01, 0.01, 0.22, 0.04)


@dataclass(frozen=True)
class Openings:
    """Opened jobs; arrays run over them.

    Attributes:
        session: Number of the session.
        job: Number of the job.
        at: When it was opened, in milliseconds.
        place: The list or surface that the user came from, as a line says it.
        rank: The rank_position that it had there, as a line says it.
    """

    session: Ints
    job: Ints
    at: Ints
    place: Texts
    rank: Texts

    def __len__(self) -> int:
        """Number of opened jobs."""
        return len(self.session)

    @classmethod
    def joined(cls, first: Self, second: Self) -> Self:
        """The first openings, then the second."""
        columns = ("session", "job", "at", "place", "rank")
        return cls(*(np.concatenate([getattr(first, c), getattr(second, c)]) for c in columns))


def opening_events(
    rng: np.random.Generator, jobs: Jobs, sessions: Sessions, click: Openings, landing: Openings
) -> list[Events]:
    """Clicks, views of jobs and bookmarks."""
    about = click.place + jobs.fragment[click.job]
    price = np.where(sessions.is_v1[click.session], "", jobs.price[click.job])
    viewed = rng.random(len(click)) < _VIEW_AFTER_CLICK
    marked = rng.random(len(click)) < _BOOKMARK_AFTER_CLICK
    return [
        Events.of("click", click.session, click.at, about + click.rank + price),
        Events.of("job_view", click.session[viewed], click.at[viewed] + 700, about[viewed]),
        Events.of(
            "bookmark",
            click.session[marked],
            click.at[marked] + 20_000,
            jobs.fragment[click.job[marked]],
        ),
        Events.of("job_view", landing.session, landing.at, landing.place + jobs.fragment[landing.job]),
    ]


def application_events(
    rng: np.random.Generator, jobs: Jobs, sessions: Sessions, opened: Openings, applies: Bools
) -> list[Events]:
    """Applications begun, sent and answered; `applies` says who of the opened sends one."""
    began = applies | (rng.random(len(opened)) < _ABANDONED)
    begin_at = opened.at + delays(rng, len(opened), 4000, 2 * _MINUTE_MS)
    about = opened.place + jobs.fragment[opened.job]

    sent = np.nonzero(applies)[0]
    session = opened.session[sent]
    sent_at = begin_at[sent] + delays(rng, len(sent), 20_000, 30 * _MINUTE_MS)
    number = texts(f',"application_id":"a-{sessions.key}-{n:x}"' for n in range(len(sent)))
    is_v1 = sessions.is_v1[session]
    lost = rng.random(len(sent)) < _APPLY_WITHOUT_LIST
    place = np.where(lost, "", opened.place[sent])
    job = jobs.fragment[opened.job[sent]]

    status = texts(f',"application_status":"{name}"' for name in ("submitted", *ANSWERS))
    confirmed = rng.random(len(sent)) < _CONFIRMED
    answered = rng.random(len(sent)) < ANSWERED
    answer_at = sent_at + delays(rng, len(sent), 2 * _HOUR_MS, 60 * _HOUR_MS)
    answer = status[1 + choose(rng, len(sent), ANSWER_SHARES)]
    return [
        Events.of("apply_start", opened.session[began], begin_at[began], about[began]),
        Events.of("apply", session, sent_at, place + job + np.where(is_v1, "", number)),
        Events.of(
            "application_status",
            session[confirmed],
            sent_at[confirmed] + 1500,
            (job + number + status[0])[confirmed],
        ),
        Events.of(
            "application_status",
            session[answered],
            answer_at[answered],
            (job + number + answer)[answered],
        ),
    ]
