"""Who was active in the days up to a date, and who came back, of random events, against counting one by one."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from random import Random

import pytest

from jobmatch_assets_tests.bench.made_tables import SILVER, build_models, make_last_date, make_table
from jobmatch_assets_tests.bench.tables import Row
from jobmatch_assets_tests.bench.workbench import Workbench

FIRST = dt.date(2026, 1, 14)
DAY = dt.timedelta(days=1)
EVENT = {"unit_id": "varchar", "event_date": "date", "platform": "varchar", "event_name": "varchar"}
COUNTED = {
    **{"logins": "login", "signups": "signup", "searches": "search", "job_views": "job_view"},
    **{"bookmarks": "bookmark", "profile_updates": "profile_update", "applies": "apply"},
}
OTHER, ANSWER = "page_view", "application_status"
"""A name that the contract of events does not have; and what a unit does not do itself."""

NAMES = (*COUNTED.values(), "session_start", "impression", "click", OTHER, ANSWER)
PLATFORMS = ("web", "ios", "android", None)
SEGMENTS = (("power", 12), ("heavy", 8), ("active", 4), ("regular", 2), ("light", 1), ("inactive", 0))


@dataclass(frozen=True)
class Event:
    unit: str
    day: dt.date
    platform: str | None
    name: str


@dataclass(frozen=True)
class World:
    events: list[Event]
    last: dt.date
    built: Workbench

    def days(self) -> Iterator[dt.date]:
        """From the first date of an event to the last date."""
        day = min(event.day for event in self.events)
        while day <= self.last:
            yield day
            day += DAY


def random_events(rng: Random, units: int, days: int) -> Iterator[Event]:
    """Units that come every day, now and then, for a while, once, or are only told of."""
    for number in range(units):
        share, first = rng.choice((0.02, 0.02, 0.1, 0.5, 0.95)), rng.randrange(days)
        last = min(days, first + rng.choice((1, 10, 40, days)))
        own = rng.sample(PLATFORMS, rng.choice((1, 1, 2, 4)))
        names = rng.choice((NAMES, NAMES, NAMES, (OTHER,), (ANSWER,), ("search", ANSWER)))
        for day in range(first, last):
            if day == first or rng.random() < share:
                for _ in range(rng.choice((1, 1, 2, 5))):
                    yield Event(f"u{number}", FIRST + day * DAY, rng.choice(own), rng.choice(names))


@pytest.fixture(
    scope="module",
    params=[(1, 60, 120), *(pytest.param((seed, 400, 260), marks=pytest.mark.proof) for seed in (2, 3))],
    ids=lambda param: f"seed{param[0]}",
)
def world(request: pytest.FixtureRequest, new_platform: Callable[..., Workbench]) -> World:
    seed, units, days = request.param
    built, rng = new_platform(), Random(seed)
    events = list(random_events(rng, units, days))
    # The data may go on after the last event, and there are weeks in which nobody comes.
    events = [event for event in events if not 50 <= (event.day - FIRST).days < 90]
    last = max(event.day for event in events) + 3 * DAY
    shuffled = rng.sample(events, len(events))
    rows = [(event.unit, event.day, event.platform, event.name) for event in shuffled]
    make_table(built, f"{SILVER}.events", EVENT, rows)
    make_last_date(built, last)
    models = ("platform_health_daily", "retention_weekly", "user_mart_history", "user_segments_daily")
    build_models(built, [last], "active_days", *models)
    return World(events, last, built)


def keyed(rows: Collection[Row], *columns: str) -> dict[tuple[object, ...], Row]:
    found = {tuple(row[column] for column in columns): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_active_users_over_days_are_those_of_counting(world: World) -> None:
    active = [event for event in world.events if event.name != ANSWER]
    first_seen: dict[str, dt.date] = {}
    for event in active:
        first_seen[event.unit] = min(event.day, first_seen.get(event.unit, event.day))
    units: dict[tuple[str, dt.date], set[str]] = {}
    events: Counter[tuple[str, dt.date, str]] = Counter()
    for event in active:
        for platform in (event.platform or "(unknown)", "__all__"):
            units.setdefault((platform, event.day), set()).add(event.unit)
            events[platform, event.day, event.name] += 1

    expected = {}
    first_day = next(world.days())
    for platform in {platform for platform, _ in units}:
        for day in world.days():

            def over(days: int, platform: str = platform, day: dt.date = day) -> int:
                return len(set().union(*(units.get((platform, day - n * DAY), set()) for n in range(days))))

            here = units.get((platform, day), set())
            new = sum(first_seen[unit] == day for unit in here)
            if over(28):
                expected[day, platform] = {
                    "event_date": day,
                    "platform": platform,
                    "dau": len(here),
                    "wau": over(7),
                    "mau": over(28),
                    "stickiness": len(here) / over(28),
                    "new_units": new,
                    "returning_units": len(here) - new,
                    **{column: events[platform, day, name] for column, name in COUNTED.items()},
                    "window_days": min((day - first_day).days + 1, 28),
                }
    rows = world.built.rows("select * from job_matching_gold.platform_health_daily")
    assert keyed(rows, "event_date", "platform") == expected
    assert any(row["dau"] == 0 for row in rows)
    assert len(expected) < len(list(world.days())) * len({platform for platform, _ in units})
    of_platforms = {day: sum(r["dau"] for r in rows if r["event_date"] == day) for day in world.days()}
    assert any(
        of_platforms[day] > 2 * row["dau"] for (day, name), row in expected.items() if name == "__all__"
    )


def test_retention_is_that_of_counting(world: World) -> None:
    weeks: dict[str, set[dt.date]] = {}
    for event in world.events:
        if event.name not in (ANSWER, OTHER):
            weeks.setdefault(event.unit, set()).add(event.day - event.day.weekday() * DAY)
    expected = {}
    for cohort in {min(active) for active in weeks.values()}:
        members = [active for active in weeks.values() if min(active) == cohort]
        for since in range(27):
            week = cohort + 7 * since * DAY
            if week <= world.last:
                back = sum(week in active for active in members)
                expected[cohort, since] = {
                    "cohort_week": cohort,
                    "platform": "__all__",
                    "weeks_since": since,
                    "cohort_size": len(members),
                    "active_units": back,
                    "retention": back / len(members),
                    "is_complete": week + 6 * DAY <= world.last,
                }
    rows = world.built.rows("select * from job_matching_gold.retention_weekly")
    assert keyed(rows, "cohort_week", "weeks_since") == expected
    assert {row["is_complete"] for row in rows} == {True, False}
    assert {row["retention"] == 1 for row in rows} == {True, False}


def test_segments_are_those_of_counting(world: World) -> None:
    days: dict[str, set[dt.date]] = {}
    for event in world.events:
        if event.name not in (ANSWER, OTHER):
            days.setdefault(event.unit, set()).add(event.day)

    def segment(unit: str, day: dt.date) -> str | None:
        """None before its first active day."""
        if min(days[unit]) > day:
            return None
        recent = sum(day - 28 * DAY < active <= day for active in days[unit])
        return next(name for name, least in SEGMENTS if recent >= least)

    expected = {}
    before: dict[str, str | None] = dict.fromkeys(days)
    for day in world.days():
        now = {unit: segment(unit, day) for unit in days}
        for name, _ in SEGMENTS:
            units = {unit for unit in days if now[unit] == name}
            were = {unit for unit in days if before[unit] == name}
            if units or were:
                entered, left = len(units - were), len(were - units)
                expected[day, name] = (len(units), entered, left)
        before = now
    rows = keyed(world.built.rows("select * from job_matching_gold.user_segments_daily"), "date", "segment")
    assert {key: (row["units"], row["entered"], row["left"]) for key, row in rows.items()} == expected
    assert {name for _, name in expected} == {name for name, _ in SEGMENTS}
