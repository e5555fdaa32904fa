"""time_to_fill and its curves on random openings, against lifelines, scikit-survival and counting."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from random import Random
from typing import Any

import pytest

from jobmatch_assets_tests.bench.made_tables import SILVER, build_models, make_last_date, make_table
from jobmatch_assets_tests.bench.survival import (
    ORACLES_OF_SHARES,
    TOLERANCE,
    Observed,
    Shares,
    median_of,
    survival_of_lifelines,
)
from jobmatch_assets_tests.bench.tables import Row
from jobmatch_assets_tests.bench.workbench import Workbench

FIRST = dt.date(2026, 1, 1)
LAST = FIRST + dt.timedelta(days=219)
"""Later than openings of the first dates count."""

HORIZONS = (30, 60, 90)
MOST_JUST = 12
CAUSES = ("filled", "closed")
COLUMNS = {
    **{"opening_id": "varchar", "as_of_from": "date", "as_of_to": "date", "started_at": "timestamptz"},
    **{"category": "varchar", "is_evergreen": "boolean", "outcome": "varchar", "end_reason": "varchar"},
    "days": "bigint",
}
Group = tuple[dt.date, str]


@dataclass(frozen=True)
class Opening:
    """One that was live from `start`; `ends` are (when, how, why, when it went on, if it did)."""

    category: str | None
    start: dt.datetime
    is_evergreen: bool
    ends: tuple[tuple[dt.datetime, str, str | None, dt.datetime | None], ...]

    def known_at(self, close: dt.datetime) -> tuple[int, str | None, str | None]:
        """How many days it was observed by then, what had ended it, and why."""
        for at, outcome, reason, resumed in self.ends:
            if at < close and (resumed is None or close <= resumed):
                return (at - self.start).days, outcome, reason
        return (close - self.start).days, None, None


@dataclass(frozen=True)
class World:
    openings: list[Opening]
    built: Workbench
    every: int
    """Libraries are asked about the last of so many dates."""

    def groups(self) -> Iterator[tuple[Group, list[Opening]]]:
        """Who counts in each row of time_to_fill."""
        for number in range((LAST - FIRST).days + 1):
            day = FIRST + dt.timedelta(days=number)
            there = [
                opening
                for opening in self.openings
                if day - dt.timedelta(days=179) <= opening.start.date() <= day
            ]
            names = sorted({opening.category or "(unknown)" for opening in there})
            for name in (*names, *(["__all__"] if there else [])):
                yield (
                    (day, name),
                    [o for o in there if name in ("__all__", o.category or "(unknown)")],
                )


def close_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)


def random_openings(rng: Random) -> Iterator[Opening]:
    """Openings of categories that differ in how many there are, how soon they end, and what ends them."""
    of_categories: dict[str | None, tuple[int, float, tuple[float, float, float], int]] = {
        # {category: (openings, mean days, weights of open, filled and closed, hours that times are whole multiples of)}
        "nobody filled": (25, 20, (1, 0, 2), 1),
        "nobody closed": (25, 20, (1, 2, 0), 1),
        "all open": (12, 20, (1, 0, 0), 1),
        "none open": (30, 25, (0, 1, 1), 1),
        "one": (1, 9, (0, 1, 0), 1),
        "whole days": (40, 6, (1, 2, 2), 24),
        "slow": (30, 120, (1, 1, 1), 1),
        "at once": (15, 0.01, (1, 3, 1), 1),
        None: (30, 30, (1, 2, 1), 1),
    }
    for category, (size, mean, weights, hours) in of_categories.items():
        for _ in range(size):
            # Some are of the first dates, and cease to count before the last.
            start_day = rng.choice((rng.randrange(20), rng.randrange(90, 130)))
            start = dt.datetime.combine(FIRST, dt.time(), dt.UTC) + dt.timedelta(
                days=start_day,
                hours=rng.randrange(0, 24, hours),
                seconds=0 if hours == 24 else rng.randrange(3600),
            )
            outcome = rng.choices((None, *CAUSES), weights)[0]
            ends: list[tuple[dt.datetime, str, str | None, dt.datetime | None]] = []
            if outcome is not None:
                wait = dt.timedelta(days=rng.expovariate(1 / mean))
                at = start + (dt.timedelta(days=wait.days) if hours == 24 else wait)
                reason = rng.choice(("expired", "cancelled")) if outcome == "closed" else None
                resumed = at + dt.timedelta(days=rng.uniform(2, 9))
                if outcome == "closed" and category is None and rng.random() < 0.5:
                    ends = [
                        (at, outcome, reason, resumed),
                        (resumed + dt.timedelta(days=3), "filled", None, None),
                    ]
                else:
                    ends = [(at, outcome, reason, None)]
            yield Opening(category, start, rng.random() < 0.1 and category != "one", tuple(ends))


def rows_of(number: int, opening: Opening) -> Iterator[tuple[object, ...]]:
    """The rows of opening_outcomes: one for each change of what is known, by the date at whose close it is."""
    turns = sorted(
        {opening.start, *(at for at, *_ in opening.ends), *(on for *_, on in opening.ends if on is not None)}
    )
    dates = sorted({turn.date() for turn in turns if turn < close_of(LAST)})
    for day, following in zip(dates, (*dates[1:], None), strict=True):
        days, outcome, reason = opening.known_at(close_of(day))
        yield (
            *(f"o{number}", day, following, opening.start, opening.category, opening.is_evergreen),
            *(outcome, reason, days if outcome else None),
        )


@pytest.fixture(
    scope="module",
    params=[(1, 40), *(pytest.param((seed, 4), marks=pytest.mark.proof) for seed in (2, 3, 4))],
    ids=lambda param: f"seed{param[0]}",
)
def world(request: pytest.FixtureRequest, new_platform: Callable[..., Workbench]) -> World:
    seed, every = request.param
    built = new_platform()
    openings = list(random_openings(Random(seed)))
    rows = [row for number, opening in enumerate(openings) for row in rows_of(number, opening)]
    make_table(built, f"{SILVER}.opening_outcomes", COLUMNS, rows)
    make_last_date(built, LAST)
    build_models(built, [LAST], "time_to_fill_curve", "time_to_fill")
    return World(openings, built, every)


@pytest.fixture(scope="module")
def groups(world: World) -> dict[Group, list[Opening]]:
    return dict(world.groups())


@pytest.fixture(scope="module")
def observed(groups: dict[Group, list[Opening]]) -> dict[Group, list[Observed]]:
    """The same without evergreen ones, as the estimators see them."""
    return {
        (day, name): [opening.known_at(close_of(day))[:2] for opening in group if not opening.is_evergreen]
        for (day, name), group in groups.items()
    }


@pytest.fixture(scope="module")
def some(world: World, observed: dict[Group, list[Observed]]) -> list[Group]:
    """The groups that libraries are asked about, some of them observed for just as long as a share is of."""
    days = {LAST - dt.timedelta(days=n) for n in range(0, (LAST - FIRST).days, world.every)}
    just = [
        group
        for group, people in observed.items()
        if people and max(people, key=lambda person: person[0]) in [(n, None) for n in HORIZONS]
    ]
    assert len(just) >= MOST_JUST
    return [*(group for group in observed if group[0] in days), *just[:MOST_JUST]]


@pytest.fixture(scope="module")
def curves(world: World) -> dict[Group, dict[int, Row]]:
    found: dict[Group, dict[int, Row]] = {}
    for row in world.built.rows("select * from job_matching_gold.time_to_fill_curve"):
        found.setdefault((row["as_of_date"], row["category"]), {})[row["day"]] = row
    return found


@pytest.fixture(scope="module")
def table(world: World) -> dict[Group, Row]:
    return {
        (row["as_of_date"], row["category"]): row
        for row in world.built.rows("select * from job_matching_gold.time_to_fill")
    }


def test_curves_have_those_who_are_at_risk(
    some: Sequence[Group], observed: Mapping[Group, list[Observed]], curves: Mapping[Group, dict[int, Row]]
) -> None:
    for group in some:
        expected = survival_of_lifelines(observed[group]) if observed[group] else None
        rows = curves.get(group, {})
        assert {day: row["at_risk"] for day, row in rows.items()} == (expected.at_risk if expected else {}), (
            group
        )
        for day, row in rows.items():
            assert expected is not None
            left = 1 - row["filled_share"] - row["closed_share"]
            assert isclose(left, expected.survival[day], abs_tol=TOLERANCE), (group, day)


@pytest.mark.parametrize("oracle", ORACLES_OF_SHARES)
def test_curves_are_those_of_the_oracle(
    oracle: str,
    some: Sequence[Group],
    observed: Mapping[Group, list[Observed]],
    curves: Mapping[Group, dict[int, Row]],
) -> None:
    for group in some:
        expected = ORACLES_OF_SHARES[oracle](observed[group], CAUSES)
        rows = curves.get(group, {})
        assert rows.keys() == expected.keys(), group
        for day, row in rows.items():
            for cause in CAUSES:
                assert isclose(row[f"{cause}_share"], expected[day][cause], abs_tol=TOLERANCE), (group, day)
                ended = sum(person == (day, cause) for person in observed[group])
                assert row[cause] == ended, (group, day)


def by(shares: Shares, day: int, cause: str, observed: Sequence[Observed]) -> float | None:
    """A share by a day; None where nobody was observed for so long, and some still wait."""
    longest = max((time for time, _ in observed), default=-1)
    if not observed or (longest < day and any(end is None for time, end in observed if time == longest)):
        return None
    return max((of[cause] for time, of in shares.items() if time <= day), default=0.0)


def first_half(shares: Shares, cause: str) -> int | None:
    return min((time for time, of in shares.items() if of[cause] >= 0.5 - TOLERANCE), default=None)


def test_time_to_fill_has_a_row_for_every_date_with_an_opening(
    groups: Mapping[Group, list[Opening]], table: Mapping[Group, Row]
) -> None:
    assert table.keys() == groups.keys()


@pytest.mark.parametrize("oracle", ORACLES_OF_SHARES)
def test_shares_and_medians_are_those_of_the_oracle(
    oracle: str, some: Sequence[Group], observed: Mapping[Group, list[Observed]], table: Mapping[Group, Row]
) -> None:
    seen: dict[str, set[bool]] = {}
    for group in some:
        shares, row = ORACLES_OF_SHARES[oracle](observed[group], CAUSES), table[group]
        expected: dict[str, Any] = {
            f"{cause}_share_{day}": by(shares, day, cause, observed[group])
            for cause in CAUSES
            for day in HORIZONS
        }
        expected["median_days_to_fill"] = first_half(shares, "filled")
        for column, value in expected.items():
            seen.setdefault(column, set()).add(value is None)
            if value is None or row[column] is None:
                assert row[column] is value, (group, column)
            else:
                assert isclose(row[column], value, abs_tol=TOLERANCE), (group, column)
    assert all(answers == {True, False} for answers in seen.values()), seen


def test_closing_is_a_mere_end_of_observation_in_the_other_median(
    some: Sequence[Group], observed: Mapping[Group, list[Observed]], table: Mapping[Group, Row]
) -> None:
    expected = {
        group: median_of([(time, end if end == "filled" else None) for time, end in observed[group]])
        for group in some
    }
    assert {group: table[group]["median_days_to_fill_if_not_closed"] for group in some} == expected
    assert {median is None for median in expected.values()} == {True, False}


def test_counts_are_those_of_counting(
    groups: Mapping[Group, list[Opening]],
    observed: Mapping[Group, list[Observed]],
    table: Mapping[Group, Row],
) -> None:
    for (day, name), group in groups.items():
        row, ends = table[day, name], [end for _, end in observed[day, name]]
        filled = [time for time, end in observed[day, name] if end == "filled"]
        expired = sum(
            opening.known_at(close_of(day))[2] == "expired" for opening in group if not opening.is_evergreen
        )
        assert (row["openings"], row["evergreen"]) == (len(ends), len(group) - len(ends))
        assert (row["filled"], row["closed_unfilled"], row["still_open"]) == tuple(
            ends.count(end) for end in (*CAUSES, None)
        )
        for column, total, n in (
            ("mean_days_filled_only", sum(filled), len(filled)),
            ("expiry_rate", expired, len(ends) - ends.count(None)),
        ):
            assert row[column] == (pytest.approx(total / n, rel=TOLERANCE) if n else None), (day, name)
