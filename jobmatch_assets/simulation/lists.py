"""The result lists of a day: which jobs are shown, at which ranks, and when.

Nothing here knows about variants: treatment and control see lists from the same
distribution, which is what makes the planted lift of the click probability the lift of
the click-through rate.
"""

import json
from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.jobs import Jobs
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.sessions import EMAIL, RECOMMENDATION, SEARCH, SURFACES, Sessions
from jobmatch_assets.simulation.users import Users

_PAGE = 10
_LIST_IN_EMAIL = 5
_RECOMMENDED = (6, 20)
_MOST_RESULTS = 300
_SECOND_SEARCH, _THIRD_SEARCH = 0.35, 0.1
_SECOND_PAGE, _THIRD_PAGE = 0.25, 0.06
_APPEAL_SEEN_BY_RANKER = 0.5
_QUERIES = (
    *("data engineer", "nurse", "warehouse", "Köchin Berlin", "développeur", "c++ developer"),
    *("ソフトウェア エンジニア", "кладовщик", "teacher", "barista", "driver", "remote accountant"),
)


@dataclass(frozen=True)
class Lists:
    """Result lists and their items; `shown_*` run over the items, the others over the lists.

    Attributes:
        session: Number of the session.
        at: When the list was asked for, in milliseconds.
        is_search: Follows a search; recommendations and e-mails do not.
        query: The search_query of a line.
        results: The number of results.
        place: The search_id and what else a version 2 line says about its list.
        shown_list: Number of the list.
        shown_job: Number of the job.
        shown_rank: Its rank, from 1.
        shown_at: When it came into view, in milliseconds.
    """

    session: Ints
    at: Ints
    is_search: Bools
    query: Texts
    results: Ints
    place: Texts
    shown_list: Ints
    shown_job: Ints
    shown_rank: Ints
    shown_at: Ints


def draw_lists(scenario: Scenario, jobs: Jobs, users: Users, sessions: Sessions) -> Lists:
    """The lists of the sessions, with their items in the order of rank."""
    rng = generator(scenario.seed, Stream.LISTS, sessions.day.toordinal(), users.block)
    session, ordinal = _lists_of_sessions(rng, sessions)
    size = len(session)
    surface = sessions.surface[session]
    is_search = surface == SEARCH
    gaps = rng.integers(120_000, 360_000, size)
    at = sessions.start[session] + 2000 + ordinal * gaps

    zero = is_search & (rng.random(size) < scenario.zero_result_rate)
    results = np.where(zero, 0, rng.integers(3, _MOST_RESULTS, size))
    wanted = rng.random(size)
    pages = 1 + (wanted < _SECOND_PAGE).astype(np.int64) + (wanted < _THIRD_PAGE)
    length = np.minimum(results, pages * _PAGE)
    low, high = _RECOMMENDED
    recommended = rng.integers(low, high, size, endpoint=True)
    length = np.where(surface == RECOMMENDATION, recommended, length)
    length = np.where(surface == EMAIL, _LIST_IN_EMAIL, length)

    shuffled = rng.random(size) < scenario.exploration_rate
    shown_list, shown_job, shown_rank = _rank(rng, jobs, length, shuffled)
    page_ms = rng.integers(20_000, 60_000, size)
    page, row = np.divmod(shown_rank - 1, _PAGE)
    query = texts(f',"search_query":{json.dumps(text, ensure_ascii=False)}' for text in _QUERIES)
    return Lists(
        session=session,
        at=at,
        is_search=is_search,
        query=query[rng.integers(0, len(_QUERIES), size)],
        results=results,
        place=_place(sessions, session, surface, shuffled),
        shown_list=shown_list,
        shown_job=shown_job,
        shown_rank=shown_rank,
        shown_at=at[shown_list] + 400 + page * page_ms[shown_list] + row * 30,
    )


def _lists_of_sessions(rng: np.random.Generator, sessions: Sessions) -> tuple[Ints, Ints]:
    """The session of each list, and its number within that session, from 0."""
    wanted = rng.random(len(sessions))
    searches = 1 + (wanted < _SECOND_SEARCH).astype(np.int64) + (wanted < _THIRD_SEARCH)
    count = np.where(sessions.surface == SEARCH, searches, 1)
    count[sessions.surface > EMAIL] = 0
    return _numbered(count)


def _numbered(count: Ints) -> tuple[Ints, Ints]:
    """For counts (2, 0, 1): the owners (0, 0, 2) and the numbers within them (0, 1, 0)."""
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)


def _rank(rng: np.random.Generator, jobs: Jobs, length: Ints, shuffled: Bools) -> tuple[Ints, Ints, Ints]:
    """List, job and rank of each item.

    The candidates of a list are neighbours in the catalogue, hence distinct. The ranker
    sees their appeal through noise; a shuffled list is ranked by the noise alone.
    """
    owner, number = _numbered(length)
    first = rng.integers(0, len(jobs.appeal), len(length))
    candidate = (first[owner] + number) % len(jobs.appeal)
    score = rng.random(len(owner)) + np.where(
        shuffled[owner], 0.0, _APPEAL_SEEN_BY_RANKER * jobs.appeal[candidate]
    )
    order = np.lexsort((-score, owner))
    return owner, candidate[order], number + 1


def _place(sessions: Sessions, session: Ints, surface: Ints, shuffled: Bools) -> Texts:
    ids = texts(f',"search_id":"q-{sessions.key}-{n:x}"' for n in range(len(session)))
    where = texts(f',"surface":"{name}"' for name in SURFACES)[surface]
    ranker = texts([',"ranker_version":"appeal"', ',"ranker_version":"shuffle"'])
    exploring = texts(["", ',"is_exploration":true'])
    chosen = shuffled.astype(np.int64)
    return np.where(sessions.is_v1[session], "", ids + where + ranker[chosen] + exploring[chosen])
