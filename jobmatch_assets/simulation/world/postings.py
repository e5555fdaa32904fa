"""Jobs with their lives: posted, paused, bumped, expired, closed, filled, posted again."""

from collections.abc import Iterator

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, choose, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.world.advertising import Advertising
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.clock import around
from jobmatch_assets.simulation.world.companies import company_ids, owners
from jobmatch_assets.simulation.world.fates import Hazards, draw_fates
from jobmatch_assets.simulation.world.places import PLACES, currency, locations, place_of
from jobmatch_assets.simulation.world.tables import JOB
from jobmatch_assets.simulation.world.values import (
    DAY,
    HOUR,
    NULL,
    choices,
    dumped,
    moments,
    money,
    numbers,
    same,
    spread,
    subsets,
    when,
)

BLOCK = 2000
_TITLES = ("Data engineer", "Nurse", "Warehouse clerk", "Koch (m/w/d)", "Développeur", "Teacher", "Driver")
_CATEGORIES = ("it", "health", "logistics", "hospitality", "it", "education", "logistics")
_SENIORITIES = ("junior", "mid", "senior", "lead")
_SKILLS = ("sql", "python", "first aid", "forklift", "cooking", "teaching", "driving")
_SENTENCES = (
    "We look for somebody who likes to solve problems.",
    "You work in a small team, with people from many countries.",
    "Wir bieten flexible Arbeitszeiten und 30 Tage Urlaub.",
    "L'équipe vous attend à partir du premier du mois.",
    "A driving licence helps, it is not required.",
)
_LIVES = ("steady", "paused", "expired", "closed", "bumped", "evergreen", "retitled", "raised")
_SHARES = (0.46, 0.12, 0.08, 0.06, 0.12, 0.05, 0.06, 0.05)


def companies_of(scenario: Scenario, paid: Advertising) -> Ints:
    """The company of each job: that of the campaign that pays, or of the job that it is a repost of."""
    every = np.arange(scenario.jobs)
    company = owners(scenario, np.where(paid.campaign > 0, paid.campaign, every + 1_000_000))
    again = _posted_again(paid)
    company[again] = company[again - 1]
    return company


def _posted_again(paid: Advertising) -> Ints:
    """Every 25th pair of jobs without a campaign is one job, posted twice."""
    second = np.arange(25, len(paid.campaign), 50)
    unpaid: Ints = second[paid.campaign[second] == 0]
    return unpaid


def posting_histories(
    scenario: Scenario,
    period: Period,
    paid: Advertising,
    company: Ints,
    filled: tuple[Ints, Ints],
    hazards: Hazards,
) -> Iterator[tuple[Ints, History]]:
    """The numbers of the jobs of a block, and what becomes of them.

    Args:
        scenario: What is simulated.
        period: What is delivered.
        paid: Who pays for which job.
        company: Of each job.
        filled: Jobs that somebody was placed on, and when.
        hazards: What ends jobs instead of the lives that they have otherwise, if it is planted.
    """
    for first in range(0, scenario.jobs, BLOCK):
        number = np.arange(first, min(first + BLOCK, scenario.jobs))
        rng = generator(scenario.seed, Stream.POSTINGS, first // BLOCK)
        if hazards:
            yield number, _fated(rng, scenario, period, paid, company[number], number, hazards)
        else:
            yield number, _block(rng, scenario, period, paid, company[number], number, filled)


def _block(
    rng: np.random.Generator,
    scenario: Scenario,
    period: Period,
    paid: Advertising,
    company: Ints,
    number: Ints,
    filled: tuple[Ints, Ints],
) -> History:
    size = len(number)
    again = np.nonzero(np.isin(number, _posted_again(paid)))[0]
    life = choose(rng, size, _SHARES)
    life[again], life[again - 1] = 0, _LIVES.index("expired")
    at = np.where(
        rng.random(size) < 0.1,
        spread(rng, size, period.start, period.end),
        period.start - spread(rng, size, HOUR, 60 * DAY),
    )
    at[again - 1] = period.start - spread(rng, len(again), 30 * DAY, 60 * DAY)
    ends = spread(rng, size, period.start, period.end)
    at[again] = ends[again - 1] + HOUR
    created = Edits(np.arange(size), at, _columns(rng, scenario, paid, company, number, at, life))
    again_from = quoted_jobs(number[again] - 1)
    created.values["reposted_from"][again] = again_from
    created.values["title"][again] = created.values["title"][again - 1]
    edits = [*_lives(rng, period, created, life, ends), *_hires(number, filled)]
    edits += _corrections(rng, period, created)
    gone = np.nonzero((rng.random(size) < 0.01) & (life == 0))[0]
    edits.append(Edits(gone, spread(rng, len(gone), period.start, period.end), is_delete=True))
    return history_of(JOB, created, edits, period)


def _fated(
    rng: np.random.Generator,
    scenario: Scenario,
    period: Period,
    paid: Advertising,
    company: Ints,
    number: Ints,
    hazards: Hazards,
) -> History:
    """Jobs that nothing ends but the planted hazards."""
    size = len(number)
    fates = draw_fates(scenario.seed, int(number[0]) // BLOCK, size, period, hazards)
    steady = np.zeros(size, dtype=np.int64)
    created = Edits(
        np.arange(size), fates.posted, _columns(rng, scenario, paid, company, number, fates.posted, steady)
    )
    created.values["expires_at"][:] = NULL
    return history_of(JOB, created, [*fates.edits(), *_corrections(rng, period, created)], period)


def quoted_jobs(number: Ints) -> Texts:
    """Their job_id."""
    return texts(f'"job_{n:05d}"' for n in number.tolist())


def _columns(
    rng: np.random.Generator,
    scenario: Scenario,
    paid: Advertising,
    company: Ints,
    number: Ints,
    at: Ints,
    life: Ints,
) -> dict[str, Texts]:
    size = len(number)
    kind, level = rng.integers(0, len(_TITLES), size), rng.integers(0, len(_SENIORITIES), size)
    where = place_of(company, scenario.seed)
    arrangement = choose(rng, size, (0.6, 0.25, 0.15))
    has_salary = rng.random(size) < 0.7
    low = rng.integers(25_000, 90_000, size) * np.where(where == len(PLACES) - 1, 150, 1) * 100
    title = texts(
        dumped(f"{_TITLES[k]}, {_SENIORITIES[s]}") for k, s in zip(kind.tolist(), level.tolist(), strict=True)
    )
    is_paid = paid.campaign[number] > 0
    return {
        "job_id": quoted_jobs(number),
        "company_id": company_ids(company),
        "title": title,
        "description": _descriptions(rng, size),
        "requisition_id": when(rng.random(size) < 0.5, texts(f'"R-{n}"' for n in number.tolist())),
        "reposted_from": same(None, size),
        "external_ref": texts(f'"ext-{n}"' for n in number.tolist()),
        "url": texts(f'"https://jobs.example/{n}"' for n in number.tolist()),
        "language": choices(("de", "de", "fr", "en", "en", "ja"))[where],
        "category": choices(_CATEGORIES)[kind],
        "department": choices(("operations", "product", None))[rng.integers(0, 3, size)],
        "seniority": choices(_SENIORITIES)[level],
        "employment_types": subsets(rng, size, ("full_time", "part_time", "contractor", "temporary"), 0.4),
        "work_arrangement": choices(("onsite", "hybrid", "remote"))[arrangement],
        "locations": locations()[where],
        "remote_countries": when(arrangement == 2, choices((["DE", "FR"], ["US"]))[number % 2]),
        "openings": numbers(rng.integers(1, 4, size)),
        "salary_min": when(has_salary, money(low)),
        "salary_max": when(has_salary, money(low * 13 // 10)),
        "salary_currency": when(has_salary, currency()[where]),
        "salary_period": when(has_salary, same("year", size)),
        "salary_is_estimated": when(has_salary, choices((True, False))[rng.integers(0, 2, size)]),
        "skills": subsets(rng, size, _SKILLS, 0.3),
        "status": same("open", size),
        "is_evergreen": choices((False, True))[(life == _LIVES.index("evergreen")).astype(np.int64)],
        "campaign_id": when(is_paid, numbers(paid.campaign[number])),
        "group_id": when(is_paid, numbers(paid.group[number])),
        "posted_at": moments(at),
        "expires_at": moments(at + 90 * DAY),
        "closed_at": same(None, size),
        "close_reason": same(None, size),
    }


def _descriptions(rng: np.random.Generator, size: int) -> Texts:
    """Texts of some sentences, a few of them so long that a database keeps them apart."""
    length = np.where(rng.random(size) < 0.1, 60, rng.integers(3, 9, size))
    first, step = rng.integers(0, len(_SENTENCES), size), rng.integers(1, len(_SENTENCES), size)
    return texts(
        dumped("<p>" + "</p>\n<p>".join(_SENTENCES[(f + s * k) % len(_SENTENCES)] for k in range(n)) + "</p>")
        for n, f, s in zip(length.tolist(), first.tolist(), step.tolist(), strict=True)
    )


def _lives(
    rng: np.random.Generator, period: Period, created: Edits, life: Ints, ends: Ints
) -> Iterator[Edits]:
    def chosen(name: str) -> Ints:
        return np.nonzero(life == _LIVES.index(name))[0]

    some = chosen("paused")
    yield Edits(some, ends[some], {"status": same("paused", len(some))})
    back = some[rng.random(len(some)) < 0.6]
    again = ends[back] + spread(rng, len(back), HOUR, 4 * DAY)
    yield Edits(back, again, {"status": same("open", len(back))})
    for name, reason in (("expired", "expired"), ("closed", "cancelled")):
        some = chosen(name)
        values = {"status": same("closed", len(some)), "closed_at": moments(ends[some])}
        values["close_reason"] = same(reason, len(some))
        if name == "expired":
            values["expires_at"] = moments(ends[some])
        yield Edits(some, ends[some], values)
    for name, times in (("bumped", 1), ("evergreen", 3)):
        some = np.repeat(chosen(name), times)
        at = spread(rng, len(some), period.start, period.end)
        yield Edits(some, at, {"posted_at": moments(at), "expires_at": moments(at + 90 * DAY)})
    some = chosen("retitled")
    better = texts(f'{title[:-1]}, urgent"' for title in created.values["title"][some].tolist())
    yield Edits(some, ends[some], {"title": better, "description": _descriptions(rng, len(some))})
    some = chosen("raised")
    yield Edits(some, ends[some], {"openings": numbers(rng.integers(4, 9, len(some)))})
    some = np.nonzero(rng.random(len(life)) < 0.1)[0]
    links = texts(f'"https://jobs.example/moved/{n}"' for n in some.tolist())
    yield Edits(some, spread(rng, len(some), period.start, period.end), {"url": links})


def _hires(number: Ints, filled: tuple[Ints, Ints]) -> Iterator[Edits]:
    job, at = filled
    here = (job >= number[0]) & (job <= number[-1])
    closed = {"status": same("filled", int(here.sum())), "close_reason": same("filled", int(here.sum()))}
    yield Edits(job[here] - number[0], at[here], {**closed, "closed_at": moments(at[here])})


def _corrections(rng: np.random.Generator, period: Period, created: Edits) -> list[Edits]:
    """A title with a slip, put right a moment later; in between, the clock is set back."""
    before, after = around(rng, period.steps, 2)
    some = rng.integers(0, len(created.entity), len(before))
    right = created.values["title"][some]
    slipped = texts(f'"Teh {title[1:]}' for title in right.tolist())
    return [Edits(some, before, {"title": slipped}), Edits(some, after, {"title": right})]
