"""What the simulation plants in a world comes back out of its tables, within their standard errors."""

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.simulation import Scenario, WorldOptions, write_landing
from jobmatch_assets.simulation.openings import ANSWER_SHARES, ANSWERED, ANSWERS
from jobmatch_assets.simulation.scenario import MOST_SESSIONS_PER_DAY
from jobmatch_assets.simulation.sessions import BEFORE_MIDNIGHT
from jobmatch_assets.simulation.users import user_blocks
from jobmatch_assets_tests.bench.made_tables import load_and_build
from jobmatch_assets_tests.bench.survival import Step, error_of_share
from jobmatch_assets_tests.bench.tables import Row
from jobmatch_assets_tests.bench.workbench import Workbench

START = dt.date(2026, 3, 1)
ERRORS = 4
"""So many standard errors may lie between what was planted and what is found."""

CALM: dict[str, Any] = {"late_rate": 0.0, "broken_rate": 0.0, "experiments": (), "start": START}

PEOPLE = Scenario(**CALM, days=52, users=300, jobs=300, sessions_per_user=0.3, click_rate=0.2, apply_rate=0.4)
FATES = Scenario(**CALM, days=140, users=1, jobs=1200, apply_rate=0.0)
CAUSES = ("filled", "closed")
HAZARDS = {"fill_rate": 0.012, "close_rate": 0.007}

LONGEST_HIRING = dt.timedelta(days=22)
"""The most hours of all steps: applications that are older go no further."""

STAGES: dict[str, tuple[str, ...]] = {
    "reviewed": ("reviewed", "qualified", "disqualified", "shortlisted", "interview", "offered", "placed"),
    "shortlisted": ("shortlisted", "interview", "offered", "placed"),
    "interview": ("interview", "offered", "placed"),
    "offered": ("offered", "placed"),
    "placed": ("placed",),
}
"""The statuses that show that a stage was reached."""

SEGMENTS = {
    **{"power": range(12, 29), "heavy": range(8, 12), "active": range(4, 8)},
    **{"regular": range(2, 4), "light": range(1, 2), "inactive": range(1)},
}
"""Active days among the last 28."""


@dataclass(frozen=True)
class World:
    """A generation, and what the platform made of it."""

    scenario: Scenario
    planted: Mapping[str, Any]
    built: Workbench

    def rows(self, sql: str) -> list[Row]:
        return self.built.rows(sql)


def made(
    scenario: Scenario,
    options: WorldOptions,
    folder: Path,
    built: Workbench,
    entities: tuple[str, ...],
    *tables: str,
) -> World:
    """Generate a world, land the events and these tables of entities, and build tables with all they are made of."""
    write_landing(scenario, folder, world=options)
    for name in ("events", *(f"entities/{entity}" for entity in entities)):
        shutil.copytree(folder / "landing" / name, built.landing / name)
    load_and_build(built, DateRange(scenario.start, scenario.last_day).days, *tables)
    return World(scenario, json.loads((folder / "truth.json").read_text())["entities"]["planted"], built)


WORLDS = [(3, 1), *(pytest.param((seed, 2), marks=pytest.mark.proof) for seed in (11, 12))]
"""Seeds, and how many times as large the worlds are."""


@pytest.fixture(scope="module", params=WORLDS, ids=lambda param: f"seed{param[0]}")
def people(
    request: pytest.FixtureRequest,
    new_platform: Callable[..., Workbench],
    tmp_path_factory: pytest.TempPathFactory,
) -> World:
    """Users who come, click on paid jobs, and apply."""
    options = WorldOptions("upserts", orphan_rate=0.0, overspend_rate=0.3, late_row_rate=0.0)
    tables = ("hiring_funnel_daily", "campaign_daily", "user_segments_daily")
    entities = ("application", "campaign", "candidate", "company", "job")
    seed, times = request.param
    scenario = replace(PEOPLE, seed=seed, users=times * PEOPLE.users)
    return made(scenario, options, tmp_path_factory.mktemp("people"), new_platform(), entities, *tables)


@pytest.fixture(scope="module", params=WORLDS, ids=lambda param: f"seed{param[0]}")
def fates(
    request: pytest.FixtureRequest,
    new_platform: Callable[..., Workbench],
    tmp_path_factory: pytest.TempPathFactory,
) -> World:
    """Jobs that are filled and closed by planted chances; nobody applies."""
    options = WorldOptions("upserts", orphan_rate=0.0, late_row_rate=0.0, **HAZARDS)
    folder = tmp_path_factory.mktemp("fates")
    seed, times = request.param
    scenario = replace(FATES, seed=seed, jobs=times * FATES.jobs)
    return made(scenario, options, folder, new_platform(), ("job",), "time_to_fill")


def is_near(found: float, expected: float, error: float) -> bool:
    return abs(found - expected) <= ERRORS * error


# ---- stages


def chance_to_reach(statuses: tuple[str, ...], transitions: Mapping[str, Mapping[str, float]]) -> float:
    """That one of these statuses is ever seen, of those who apply."""

    def from_status(status: str) -> float:
        if status in statuses:
            return 1.0
        return sum(share * from_status(after) for after, share in transitions.get(status, {}).items())

    told = sum(share * from_status(name) for name, share in zip(ANSWERS, ANSWER_SHARES, strict=True))
    return (1 - ANSWERED) * from_status("submitted") + ANSWERED * told


def test_stages_are_reached_as_planted(people: World) -> None:
    last = people.scenario.last_day - LONGEST_HIRING
    (row,) = people.rows(
        f"select sum(applications) as submitted, {', '.join(f'sum(reached_{s}) as {s}' for s in STAGES)} "
        "from job_matching_gold.hiring_funnel_daily where company_id = '__all__' and category = '__all__' "
        f"and channel = '__all__' and applied_date <= date '{last}'"
    )
    chances = {"submitted": 1.0} | {
        stage: chance_to_reach(statuses, people.planted["transitions"]) for stage, statuses in STAGES.items()
    }
    far = {}
    for before, stage in zip(chances, STAGES, strict=False):
        n, rate = row[before], row[stage] / row[before]
        expected = chances[stage] / chances[before]
        if not is_near(rate, expected, (expected * (1 - expected) / n) ** 0.5):
            far[stage] = (rate, expected, n)
    assert far == {}
    assert row["submitted"] > 800
    assert row["placed"] > 30
    # Current statuses alone would not tell.
    (now,) = people.rows(
        "select count(*) filter (status = 'interview') as interview from job_matching_silver.applications "
        f"where applied_date <= date '{last}'"
    )
    error = (chances["interview"] * (1 - chances["interview"]) / row["submitted"]) ** 0.5
    assert not is_near(now["interview"] / row["submitted"], chances["interview"], error)


# ---- budgets


def test_campaigns_overspend_as_planted(people: World) -> None:
    rows = {
        row["campaign_id"]: row
        for row in people.rows(
            "select * from job_matching_gold.campaign_daily "
            "qualify row_number() over (partition by campaign_id order by event_date desc) = 1"
        )
    }
    campaigns = people.planted["campaigns"]
    assert rows.keys() == {campaign["campaign_id"] for campaign in campaigns}
    for campaign in campaigns:
        row = rows[campaign["campaign_id"]]
        assert row["budget_currency"] == campaign["currency"]
        assert float(row["spend_in_period"]) == campaign["spent"]
        assert float(row["budget_amount"]) == campaign["budget"]
        assert (row["spend_in_period"] > row["budget_amount"]) == campaign["overspends"]
        assert (row["exhausted_at"] is not None) == campaign["overspends"]
        assert (row["spend_after_exhausted"] >= 0) or not campaign["overspends"]
    may = [campaign for campaign in campaigns if campaign["spent"] > 0.01]
    share, rate = sum(campaign["overspends"] for campaign in may) / len(may), 0.3
    assert len(may) > 50
    found = sum(rows[campaign["campaign_id"]]["exhausted_at"] is not None for campaign in may) / len(may)
    assert found == share
    assert is_near(found, rate, (rate * (1 - rate) / len(may)) ** 0.5)
    assert not is_near(found, 0.0, (rate * (1 - rate) / len(may)) ** 0.5)


# ---- segments


def chances_of_days(chance: float, days: int) -> list[float]:
    """That one comes on 0, 1, … of the days, each with this chance."""
    chances = [1.0]
    for _ in range(days):
        chances = [
            stay * (1 - chance) + come * chance
            for stay, come in zip([*chances, 0.0], [0.0, *chances], strict=True)
        ]
    return chances


def test_segments_have_the_planted_shares(people: World) -> None:
    expected, variance = Counter[str](), Counter[str]()
    for users in user_blocks(people.scenario):
        for activity in users.activity.tolist():
            slot = people.scenario.sessions_per_user / MOST_SESSIONS_PER_DAY * activity
            absent = ((1 - slot) * (1 - BEFORE_MIDNIGHT * slot)) ** MOST_SESSIONS_PER_DAY
            recent = chances_of_days(1 - absent, 28)
            for segment, days in SEGMENTS.items():
                chance = sum(recent[n] for n in days)
                if segment == "inactive":
                    chance *= 1 - absent ** (people.scenario.days - 28)
                expected[segment] += chance
                variance[segment] += chance * (1 - chance)
    found = {
        row["segment"]: row["units"]
        for row in people.rows("select * from job_matching_gold.user_segments_daily")
        if row["date"] == people.scenario.last_day
    }
    assert {
        segment: (found.get(segment, 0), number)
        for segment, number in expected.items()
        if not is_near(found.get(segment, 0), number, variance[segment] ** 0.5)
    } == {}
    assert sum(found.values()) == pytest.approx(sum(expected.values()), abs=3)
    assert min(found["power"], found["heavy"], found["active"], found["regular"]) > 20


# ---- fates of openings


def test_incidences_are_the_planted_ones(fates: World) -> None:
    planted = fates.planted["incidence"]
    as_of = f"where as_of_date = date '{fates.scenario.last_day}'"
    rows = {
        row["category"]: row for row in fates.rows(f"select * from job_matching_gold.time_to_fill {as_of}")
    }
    curves: dict[str, dict[int, Step]] = {category: {} for category in rows}
    for row in fates.rows(f"select * from job_matching_gold.time_to_fill_curve {as_of} order by day"):
        shares = {cause: row[f"{cause}_share"] for cause in CAUSES}
        ended = {cause: row[cause] for cause in CAUSES}
        curves[row["category"]][row["day"]] = Step(row["at_risk"], ended, 1 - sum(shares.values()), shares)
    assert rows["__all__"]["openings"] == fates.scenario.jobs
    assert len(rows) > 4
    assert {
        (category, cause, day): (row[f"{cause}_share_{day}"], planted[str(day)][cause])
        for category, row in rows.items()
        for cause in CAUSES
        for day in (30, 60, 90)
        if not is_near(
            row[f"{cause}_share_{day}"],
            planted[str(day)][cause],
            error_of_share(curves[category], cause, day),
        )
    } == {}
    # The share of those that have been filled so far would not tell: many were not watched for long.
    every = rows["__all__"]
    error = error_of_share(curves["__all__"], "filled", 90)
    assert error < 0.03
    assert not is_near(every["filled"] / every["openings"], planted["90"]["filled"], error)
