"""Users and candidates: the people behind the events, and those who hire."""

from collections.abc import Iterator

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, choose, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.users import user_blocks
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.companies import company_count, company_ids
from jobmatch_assets.simulation.world.places import city, country, currency, place_of, region
from jobmatch_assets.simulation.world.tables import CANDIDATE, USER
from jobmatch_assets.simulation.world.values import (
    DAY,
    HOUR,
    choices,
    dates,
    moments,
    money,
    same,
    spread,
    subsets,
    when,
)

_PEOPLE_PLACES = 1_000_000_007
_HIRING, _WORKERS = 2**31, 2**31 + 1
_USER_ID = ',"user_id":'
_SKILLS = ("sql", "python", "first aid", "forklift", "cooking", "teaching", "driving")
_FIRST_NAMES = ("Ada", "Kenji", "Zoë", "Maria", "Tom")


def candidate_ids(user: Ints) -> Texts:
    """The candidate_id of users."""
    return texts(f'"cand_{n:06d}"' for n in user.tolist())


def people_histories(scenario: Scenario, period: Period) -> Iterator[tuple[Ints, History, History]]:
    """The numbers of the known users of a block, and their histories as users and as candidates."""
    for users in user_blocks(scenario):
        rng = generator(scenario.seed, Stream.PEOPLE, users.block)
        number = users.first + np.nonzero(users.known)[0]
        ids = texts(t.removeprefix(_USER_ID) for t in users.identity_v1[users.known].tolist())
        since = period.start - spread(rng, len(number), DAY, 700 * DAY)
        where = place_of(number + _PEOPLE_PLACES, scenario.seed)
        yield (
            number,
            _users(rng, period, number, ids, since, where),
            _candidates(rng, period, number, ids, since + 5 * 60_000_000, where),
        )


def hiring_users(scenario: Scenario, period: Period) -> History:
    """A recruiter for each company."""
    rng = generator(scenario.seed, Stream.PEOPLE, _HIRING)
    every = np.arange(company_count(scenario))
    size = len(every)
    created = Edits(
        every,
        period.start - spread(rng, size, DAY, 700 * DAY),
        {
            "user_id": texts(f'"hiring_{n:05d}"' for n in every.tolist()),
            "role": choices(("employer", "recruiter"))[rng.integers(0, 2, size)],
            "status": same("active", size),
            "candidate_id": same(None, size),
            "company_id": company_ids(every),
            "country": country()[place_of(every, scenario.seed)],
            "last_login_at": same(None, size),
            "email": texts(f'"hiring-{n}@company.example"' for n in every.tolist()),
        },
    )
    some = np.repeat(every, 2)
    at = spread(rng, len(some), period.start, period.end)
    return history_of(USER, created, [Edits(some, at, {"last_login_at": moments(at)})], period)


def working_candidates(scenario: Scenario, period: Period, size: int) -> tuple[Ints, History]:
    """The numbers of those who work already and use no product, and their history."""
    rng = generator(scenario.seed, Stream.PEOPLE, _WORKERS)
    number = scenario.users + np.arange(size)
    since = period.start - spread(rng, size, 50 * DAY, 700 * DAY)
    where = place_of(number + _PEOPLE_PLACES, scenario.seed)
    return number, _candidates(rng, period, number, texts(["null"] * size), since, where)


def _users(
    rng: np.random.Generator, period: Period, number: Ints, ids: Texts, since: Ints, where: Ints
) -> History:
    size = len(number)
    created = Edits(
        np.arange(size),
        since,
        {
            "user_id": ids,
            "role": same("candidate", size),
            "status": choices(("pending", "active"))[(rng.random(size) < 0.93).astype(np.int64)],
            "candidate_id": candidate_ids(number),
            "company_id": same(None, size),
            "country": country()[where],
            "last_login_at": moments(since),
            "email": texts(f'"person-{n}@mail.example"' for n in number.tolist()),
        },
    )
    seen = np.nonzero(rng.random(size) < 0.5)[0]
    at = spread(rng, len(seen), period.start, period.end)
    edits = [Edits(seen, at, {"last_login_at": moments(at)})]
    for status, share in (("active", 0.1), ("suspended", 0.02), ("deactivated", 0.03)):
        some = np.nonzero(rng.random(size) < share)[0]
        at = spread(rng, len(some), period.start, period.end)
        edits.append(Edits(some, at, {"status": same(status, len(some))}))
    return history_of(USER, created, edits, period)


def _candidates(
    rng: np.random.Generator, period: Period, number: Ints, ids: Texts, since: Ints, where: Ints
) -> History:
    size = len(number)
    wishes = rng.random(size) < 0.6
    low = rng.integers(25, 80, size) * 100_000
    created = Edits(
        np.arange(size),
        since,
        {
            "candidate_id": candidate_ids(number),
            "user_id": ids,
            "first_name": choices(_FIRST_NAMES)[number % len(_FIRST_NAMES)],
            "headline": choices(("Ready for something new", "Erfahren und zuverlässig", None))[number % 3],
            "country": country()[where],
            "region": region()[where],
            "city": city()[where],
            "willing_to_relocate": choices((True, False, None))[rng.integers(0, 3, size)],
            "years_experience": money(rng.integers(0, 40, size) * 50),
            "seniority": choices(("intern", "junior", "mid", "senior"))[rng.integers(0, 4, size)],
            "education_level": choices(("secondary", "vocational", "bachelor", "master"))[
                choose(rng, size, (0.3, 0.3, 0.25, 0.15))
            ],
            "languages": subsets(rng, size, ("de", "en", "fr", "ja"), 0.4),
            "skills": subsets(rng, size, _SKILLS, 0.3),
            "availability": choices(("available", "open"))[rng.integers(0, 2, size)],
            "available_from": when(wishes, dates(since)),
            "desired_employment_types": subsets(rng, size, ("full_time", "part_time"), 0.5),
            "desired_work_arrangements": subsets(rng, size, ("onsite", "hybrid", "remote"), 0.4),
            "desired_salary_min": when(wishes, money(low)),
            "desired_salary_max": same(None, size),
            "desired_salary_currency": when(wishes, currency()[where]),
            "desired_salary_period": when(wishes, same("year", size)),
            "status": same("active", size),
        },
    )
    edits = []
    for column, values, share in (
        ("availability", same("not_available", size), 0.08),
        ("skills", subsets(rng, size, _SKILLS, 0.5), 0.1),
        ("headline", same("Open for offers", size), 0.1),
        ("years_experience", money(rng.integers(1, 40, size) * 100), 0.05),
        ("status", same("hidden", size), 0.03),
    ):
        some = np.nonzero(rng.random(size) < share)[0]
        at = spread(rng, len(some), period.start, period.end)
        edits.append(Edits(some, at, {column: values[some]}))
    gone = np.nonzero(rng.random(size) < 0.005)[0]
    edits.append(Edits(gone, spread(rng, len(gone), period.start + HOUR, period.end), is_delete=True))
    return history_of(CANDIDATE, created, edits, period)
