"""A condition in SQL holds for exactly the days that it is made of."""

import datetime as dt

import duckdb
import pytest

from jobmatch_assets.dates import MOST_RANGES, ONE_DAY, is_of_days

FIRST = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [0],
        [0, 1, 2, 5],
        range(0, 2 * MOST_RANGES, 2),
        range(0, 2 * MOST_RANGES + 2, 2),
    ],
)
def test_it_holds_for_these_days_alone(numbers: list[int]) -> None:
    days = [FIRST + number * ONE_DAY for number in numbers]
    query = f"select day::date from generate_series(date '{FIRST}', date '{FIRST + 60 * ONE_DAY}', interval 1 day) as t(day)"
    with duckdb.connect() as connection:
        found = connection.execute(f"{query} where {is_of_days('t.day::date', days)} order by 1").fetchall()
    assert [day for (day,) in found] == days
