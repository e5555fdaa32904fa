"""Waits for an answer and stays in a stage, of random applications, against lifelines and counting."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import pytest

from jobmatch_assets_tests.bench.made_tables import SILVER, build_models, make_last_date, make_table
from jobmatch_assets_tests.bench.survival import KINDS, Observed, median_of, random_groups
from jobmatch_assets_tests.bench.tables import Row
from jobmatch_assets_tests.bench.workbench import Workbench

LAST = dt.date(2026, 3, 31)
CLOSE = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2026, 1, 1)
HOUR = dt.timedelta(hours=1)
STAGES = ("submitted", "reviewed", "shortlisted", "interview", "offered")
STATUSES = (*STAGES, "placed", "qualified", "rejected", "withdrawn", "disqualified")

APPLICATION = {
    **{"application_id": "varchar", "job_id": "varchar", "channel": "varchar", "applied_date": "date"},
    **{"happened_at": "timestamptz", "applied_at": "timestamptz"},
    **{"first_response_at": "timestamptz", "withdrawn_at": "timestamptz"},
}
JOB = {
    **{"job_key": "varchar", "job_id": "varchar", "source": "varchar", "company_id": "varchar"},
    **{"category": "varchar", "valid_from": "timestamptz", "valid_to": "timestamptz", "version": "bigint"},
}
OBSERVATION = {
    **{"application_id": "varchar", "status": "varchar", '"at"': "timestamptz", "precision": "varchar"},
    "origin": "varchar",
}


@dataclass(frozen=True)
class Application:
    company: str
    applied_date: dt.date
    applied_at: dt.datetime | None
    response: dt.datetime | None
    withdrawal: dt.datetime | None

    def observed(self) -> Observed | None:
        """How long somebody waited for an answer, by the close of the last date; None: nobody knows since when."""
        if self.applied_at is None:
            return None
        heard = self.response is not None and self.response < CLOSE
        gone = self.withdrawal if self.withdrawal is not None and self.withdrawal < CLOSE else CLOSE
        if heard and self.response is not None and self.response <= gone:
            return max((self.response - self.applied_at) // HOUR, 0), "responded"
        return max((gone - self.applied_at) // HOUR, 0), None

    def is_answered_within(self, days: int) -> bool:
        """Within so many times 24 hours, and not before."""
        if self.applied_at is None or self.response is None:
            return False
        return dt.timedelta() <= self.response - self.applied_at < dt.timedelta(days=days)


@dataclass(frozen=True)
class Observation:
    application: int
    status: str
    at: dt.datetime
    precision: str


def moment(rng: Random, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=rng.randrange(86_400))


def random_applications(rng: Random, each: int) -> Iterator[Application]:
    """A company for each random group: its applicants are answered, withdraw, or wait to the end."""
    for company, group in random_groups(rng, each, ("responded", "withdrawn")):
        day = FIRST_DAY + dt.timedelta(days=rng.randrange(90))
        for hours, end in group:
            applied = moment(rng, day)
            then = applied + hours * HOUR + dt.timedelta(seconds=rng.randrange(3600))
            later = then + dt.timedelta(seconds=rng.randrange(1, 10**6))
            if end == "responded":
                # An answer may be known from before the application; a withdrawal after it changes nothing.
                early = applied - HOUR if rng.random() < 0.02 else then
                yield Application(company, day, applied, early, rng.choice((None, later)))
            elif end == "withdrawn":
                yield Application(company, day, applied, rng.choice((None, later)), then)
            else:
                yield Application(company, day, applied, None, None)
    yield Application("of unknown times", FIRST_DAY, None, None, None)
    yield Application("of unknown times", FIRST_DAY, None, moment(rng, FIRST_DAY), None)


def random_observations(rng: Random, size: int) -> Iterator[Observation]:
    """Statuses in any order, some of them again, hours or weeks apart."""
    for application in range(size):
        at = moment(rng, FIRST_DAY + dt.timedelta(days=rng.randrange(90)))
        mean = rng.choice((3, 3, 30, 30, 400))
        for status in ("submitted", *rng.choices(STATUSES, k=rng.randrange(6))):
            yield Observation(application, status, at, rng.choice(("exact", "exact", "by")))
            at += dt.timedelta(seconds=1 + int(rng.expovariate(1 / (mean * 3600))))


@dataclass(frozen=True)
class World:
    applications: list[Application]
    observations: list[Observation]
    built: Workbench


@pytest.fixture(
    scope="module",
    params=[(1, 5, 1500), *(pytest.param((seed, 25, 20_000), marks=pytest.mark.proof) for seed in (2, 3))],
    ids=lambda param: f"seed{param[0]}",
)
def world(request: pytest.FixtureRequest, new_platform: Callable[..., Workbench]) -> World:
    seed, each, size = request.param
    built, rng = new_platform(), Random(seed)
    applications = list(random_applications(rng, each))
    observations = list(random_observations(rng, size))
    companies = sorted({application.company for application in applications})
    begin = dt.datetime.combine(FIRST_DAY, dt.time(), dt.UTC)
    make_table(
        built,
        "job_matching_gold.dim_job",
        JOB,
        [(f"key of {name}", f"of {name}", "ats", name, None, begin, None, 1) for name in companies],
    )
    make_table(
        built,
        "job_matching_silver.applications",
        APPLICATION,
        [
            (
                *(f"a{number}", f"of {a.company}", None, a.applied_date),
                *(a.applied_at or begin, a.applied_at, a.response, a.withdrawal),
            )
            for number, a in enumerate(applications)
        ],
    )
    shuffled = rng.sample(observations, len(observations))
    make_table(
        built,
        f"{SILVER}.application_status_history",
        OBSERVATION,
        [(f"a{o.application}", o.status, o.at, o.precision, "version") for o in shuffled],
    )
    make_last_date(built, LAST)
    build_models(built, [LAST], "application_waits", "response_time_daily", "stage_time_weekly")
    return World(applications, observations, built)


def test_waits_for_an_answer_have_the_medians_of_lifelines(world: World) -> None:
    groups: dict[tuple[dt.date, str], list[Application]] = {}
    for application in world.applications:
        for company in (application.company, "__all__"):
            groups.setdefault((application.applied_date, company), []).append(application)
    rows = {
        (row["applied_date"], row["company_id"]): row
        for row in world.built.rows("select * from job_matching_gold.response_time_daily")
    }
    assert rows.keys() == groups.keys()
    expected = {
        group: median_of([seen for application in members if (seen := application.observed()) is not None])
        for group, members in groups.items()
    }
    assert {group: row["median_hours_to_response"] for group, row in rows.items()} == expected
    assert {company.rsplit(" ", 1)[0] for _, company in groups} >= set(KINDS)
    assert sum(median is None for median in expected.values()) > 5
    assert sum(median is not None for median in expected.values()) > 10
    for group, members in groups.items():
        _counts_are_those_of(rows[group], members)


def _counts_are_those_of(row: Row, members: Sequence[Application]) -> None:
    day, n = row["applied_date"], len(members)
    assert (row["applications"], row["responded"]) == (n, sum(a.response is not None for a in members))
    for days in (3, 7, 14, 30):
        is_mature = day + dt.timedelta(days=days) <= LAST
        answered = sum(a.is_answered_within(days) for a in members)
        if days == 30:
            never = pytest.approx((n - answered) / n, rel=1e-9) if is_mature else None
            assert row["never_within_30d_rate"] == never
        else:
            assert row[f"responded_{days}d"] == (answered if is_mature else None)
            rate = pytest.approx(answered / n, rel=1e-9) if is_mature else None
            assert row[f"responded_{days}d_rate"] == rate


@dataclass(frozen=True)
class Stay:
    hours: int
    is_over: bool
    is_left_in_7d: bool
    is_approximate: bool


def stays_of(observations: Sequence[Observation]) -> Iterator[tuple[tuple[dt.date, str], Stay]]:
    """What each application did in each stage for the first time, by the week of entering and the stage."""
    for number in {observation.application for observation in observations}:
        seen = [o for o in observations if o.application == number and o.at < CLOSE]
        changes = [o for place, o in enumerate(seen) if place == 0 or o.status != seen[place - 1].status]
        entered: set[str] = set()
        for change, following in zip(changes, (*changes[1:], None), strict=True):
            if change.status in entered or change.status not in STAGES:
                continue
            entered.add(change.status)
            until = following.at if following else CLOSE
            day = change.at.date()
            yield (
                (day - dt.timedelta(days=day.weekday()), change.status),
                Stay(
                    (until - change.at) // HOUR,
                    following is not None,
                    following is not None and until - change.at < dt.timedelta(days=7),
                    "by" in (change.precision, following.precision if following else ""),
                ),
            )


def test_stays_have_the_medians_of_lifelines(world: World) -> None:
    groups: dict[tuple[dt.date, str], list[Stay]] = {}
    by_application: dict[int, list[Observation]] = {}
    for observation in world.observations:
        by_application.setdefault(observation.application, []).append(observation)
    for observations in by_application.values():
        for group, stay in stays_of(observations):
            groups.setdefault(group, []).append(stay)
    rows = {
        (row["week_start"], row["stage"]): row
        for row in world.built.rows("select * from job_matching_gold.stage_time_weekly")
    }
    assert rows.keys() == groups.keys()
    assert len(groups) > 50
    for group, stays in groups.items():
        row, n, over = rows[group], len(stays), sum(stay.is_over for stay in stays)
        assert (row["entered"], row["left"], row["still_in"]) == (n, over, n - over), group
        median = median_of([(stay.hours, "left" if stay.is_over else None) for stay in stays])
        assert row["median_hours"] == median, group
        assert row["approximate"] == sum(stay.is_approximate for stay in stays), group
        is_mature = group[0] + dt.timedelta(days=13) <= LAST
        rate = sum(stay.is_left_in_7d for stay in stays) / n
        assert row["left_7d_rate"] == (pytest.approx(rate, rel=1e-9) if is_mature else None), group
    assert {rows[group]["median_hours"] is None for group in groups} == {True, False}
