"""The macro survival_table on random groups, against lifelines, scikit-survival and fractions."""

from math import isclose
from random import Random

import duckdb
import pytest

from jobmatch_assets_tests.bench.macros import compiled_macros
from jobmatch_assets_tests.bench.survival import (
    KINDS,
    ORACLES_OF_SHARES,
    TOLERANCE,
    Observed,
    exact_curve,
    random_groups,
    survival_of_lifelines,
)

CAUSES = ("filled", "closed")
CURVES = """
with curves as (
    {{ survival_table('people', ['name'], 'days', 'ended_by', ['filled', 'closed']) }}
)
select name, days, at_risk, ended_by_filled, ended_by_closed, survival_before, survival, share_of_filled,
    share_of_closed, {{ median_of_survival('days') }} over (partition by name)
from curves
order by name, days
"""
EACH, EACH_OF_PROOF = 6, 150

Curve = dict[int, tuple[float, ...]]


@pytest.fixture(scope="module")
def sql(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compiled_macros(CURVES, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(
    scope="module",
    params=[EACH, pytest.param(EACH_OF_PROOF, marks=pytest.mark.proof)],
    ids=["some", "many"],
)
def groups(request: pytest.FixtureRequest) -> dict[str, list[Observed]]:
    """{name: who is observed}; everything of one seed."""
    return dict(random_groups(Random(request.param), request.param, CAUSES))


@pytest.fixture(scope="module")
def curves(sql: str, groups: dict[str, list[Observed]]) -> dict[str, Curve]:
    """{name: {day: what the macro says of it}}; a group in which nobody ended has no day."""
    found: dict[str, Curve] = {name: {} for name in groups}
    with duckdb.connect() as connection:
        connection.execute("create table people (name varchar, days bigint, ended_by varchar)")
        people = [(name, *person) for name, group in groups.items() for person in group]
        connection.execute(
            "insert into people select unnest(?::varchar[]), unnest(?::bigint[]), unnest(?::varchar[])",
            [list(column) for column in zip(*people, strict=True)],
        )
        for name, day, *row in connection.execute(sql).fetchall():
            found[name][day] = tuple(row)
    return found


def test_groups_are_of_every_kind(groups: dict[str, list[Observed]]) -> None:
    assert {name.rsplit(" ", 1)[0] for name in groups} == set(KINDS)
    assert any(any(time == 0 and end for time, end in group) for group in groups.values())
    assert any(len(group) > len({time for time, _ in group}) for group in groups.values())


def test_survival_and_median_are_those_of_lifelines(
    curves: dict[str, Curve], groups: dict[str, list[Observed]]
) -> None:
    for name, group in groups.items():
        expected = survival_of_lifelines(group)
        found = curves[name]
        assert {day: row[0] for day, row in found.items()} == expected.at_risk, name
        before = 1.0
        for day, (_, _, _, survival_before, survival, _, _, median) in found.items():
            assert isclose(survival_before, before, abs_tol=TOLERANCE), (name, day)
            assert isclose(survival, expected.survival[day], abs_tol=TOLERANCE), (name, day)
            assert median == expected.median, name
            before = survival


@pytest.mark.parametrize("oracle", ORACLES_OF_SHARES)
def test_incidences_are_those_of_the_oracle(
    oracle: str, curves: dict[str, Curve], groups: dict[str, list[Observed]]
) -> None:
    for name, group in groups.items():
        expected = ORACLES_OF_SHARES[oracle](group, CAUSES)
        assert curves[name].keys() == expected.keys(), name
        for day, row in curves[name].items():
            for cause, share in zip(CAUSES, row[5:7], strict=True):
                assert isclose(share, expected[day][cause], abs_tol=TOLERANCE), (name, day, cause)


def test_counts_are_exact_and_nothing_is_lost(
    curves: dict[str, Curve], groups: dict[str, list[Observed]]
) -> None:
    for name, group in groups.items():
        for day, step in exact_curve(group, CAUSES).items():
            at_risk, filled, closed, _, survival, *shares, _ = curves[name][day]
            assert (at_risk, filled, closed) == (step.at_risk, *step.ended.values()), (name, day)
            assert isclose(survival, float(step.survival), abs_tol=TOLERANCE), (name, day)
            assert isclose(survival + sum(shares), 1, abs_tol=TOLERANCE), (name, day)
