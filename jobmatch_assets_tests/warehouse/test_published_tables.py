"""What the published copy holds, whichever engine gives the tables: their rows, what it says of itself, comments."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jobmatch_assets.contracts.published_tables import FAILING, HELD_BACK
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.published.copy import opened
from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets.warehouse.port import Warehouse, WarehouseError
from jobmatch_assets.warehouse.publication.content import Content, says_the_same
from jobmatch_assets.warehouse.publication.copy_file import publish_gold
from jobmatch_assets_tests.bench.gold_source import gold_source

NOW = dt.datetime(2026, 3, 7, 6, tzinfo=dt.UTC)
SOME = Content(NOW, "run-1")
HOURS_AND_PLACES = f"select hour, rowid from {GOLD_SCHEMA}.job_performance_hourly"
FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)


def funnel(searches: int) -> str:
    return (
        f"select unnest([date '{FIRST}', date '{SECOND}']) as event_date, '__all__' as surface, "
        f"{searches}::bigint as searches, 0.5::double as ctr"
    )


HEALTH = """
    select * from (values
        (date '2026-02-27', 0::bigint, null::timestamptz),
        (date '2026-02-28', 3, timestamptz '2026-02-28 10:00:00+00'),
        (date '2026-03-04', 1, timestamptz '2026-03-04 23:59:59.999999+00'),
        (date '2026-03-05', 0, null)
    ) as found (date, events, newest_event_ts)
"""


def told(path: Path, query: str) -> list[tuple[Any, ...]]:
    with opened(path) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gold.duckdb"


def test_the_copy_says_when_it_was_made_and_which_dates_have_events(path: Path) -> None:
    publish_gold(gold_source(data_health_daily=HEALTH), path, SOME, [])
    ((at, run, first, last, newest, complete),) = told(path, "from publication")
    assert (at, run) == (NOW, "run-1")
    assert (first, last) == (dt.date(2026, 2, 28), dt.date(2026, 3, 4))
    assert newest == dt.datetime(2026, 3, 4, 23, 59, 59, 999999, tzinfo=dt.UTC)
    assert complete == dt.date(2026, 3, 2), (
        "an event of the 4th is two days after the 2nd, 00:00, and no later"
    )


def test_times_have_the_dates_of_utc(path: Path) -> None:
    query = "select cast(timestamptz '2026-03-02 02:00:00+00' as date) as day"
    publish_gold(gold_source(mine=query), path, SOME, [])
    assert told(path, "from mine") == [(dt.date(2026, 3, 2),)]


@pytest.mark.parametrize("queries", [{}, {"data_health_daily": f"{HEALTH} where events = 0"}])
def test_without_events_no_date_is_complete(path: Path, queries: dict[str, str]) -> None:
    publish_gold(gold_source(**queries), path, Content(NOW, ""), [])
    assert told(path, "from publication") == [(NOW, None, None, None, None, None)]


def test_rows_and_types_are_those_of_the_warehouse(path: Path) -> None:
    query = (
        "select 1::bigint as n, 'x' as text, null::double as share, true as is_it, date '2026-03-01' as day, "
        "timestamptz '2026-03-01 00:00:00.000001+00' as at, [{'experiment_id': 'e', 'variant': 'v'}] as stamps"
    )
    publish_gold(gold_source(typed=query, empty=f"{query} limit 0"), path, SOME, [])
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        types = [row[:2] for row in connection.execute(f"describe {query}").fetchall()]
        rows = connection.execute(query).fetchall()
    for table, expected in (("typed", rows), ("empty", [])):
        assert [row[:2] for row in told(path, f"describe {table}")] == types
        assert told(path, f"from {table}") == expected


def test_partitions_that_fail_keep_the_rows_of_before(path: Path) -> None:
    publish_gold(gold_source(funnel_daily=funnel(1)), path, SOME, [])
    publish_gold(
        gold_source(funnel_daily=funnel(2)), path, Content(NOW, "", kept={"funnel_daily": [SECOND]}), {}
    )
    assert told(path, "select event_date, searches from funnel_daily order by all") == [
        (FIRST, 2),
        (SECOND, 1),
    ]


def test_a_week_of_which_a_date_fails_keeps_its_row(path: Path) -> None:
    weeks = "select unnest([date '2026-02-23', date '2026-03-02']) as week_start, {} as searches"
    publish_gold(gold_source(funnel_weekly=weeks.format(1)), path, SOME, [])
    wednesday = dt.date(2026, 3, 4)
    content = Content(NOW, "", kept={"funnel_weekly": [wednesday]})
    publish_gold(gold_source(funnel_weekly=weeks.format(2)), path, content, [])
    assert told(path, "select * from funnel_weekly order by all") == [
        (dt.date(2026, 2, 23), 2),
        (dt.date(2026, 3, 2), 1),
    ]


def test_rows_of_before_may_have_other_columns(path: Path) -> None:
    before = f"select *, 7 as gone from ({funnel(1)})"
    after = f"select *, 8 as added from ({funnel(2)})"
    publish_gold(gold_source(funnel_daily=before), path, SOME, [])
    publish_gold(gold_source(funnel_daily=after), path, Content(NOW, "", kept={"funnel_daily": [SECOND]}), [])
    assert told(path, "select event_date, searches, added from funnel_daily order by all") == [
        (FIRST, 2, 8),
        (SECOND, 1, None),
    ]


def test_tables_and_columns_say_what_they_are(path: Path) -> None:
    text = 'The user\'s funnel; "by day" -- all of it'
    descriptions = [
        TableDescription(
            "job_matching_gold", "funnel_daily", text, {"searches": "How many; NULL: no.", "not_there": "?"}
        )
    ]
    publish_gold(gold_source(funnel_daily=funnel(1)), path, SOME, descriptions)
    comments = dict(
        told(path, "select table_name, comment from duckdb_tables() where schema_name like '%gold'")
    )
    assert comments["funnel_daily"] == text
    assert comments["held_back"] == HELD_BACK.description
    columns = {
        (table, column): comment
        for table, column, comment in told(
            path, "select table_name, column_name, comment from duckdb_columns()"
        )
    }
    assert columns["funnel_daily", "searches"] == "How many; NULL: no."
    assert columns["funnel_daily", "surface"] is None
    assert columns["failing_checks", "asset"] == FAILING.columns[0].description


def test_a_table_with_the_name_of_one_that_is_added_is_named(path: Path) -> None:
    with pytest.raises(WarehouseError, match="has a table Held_Back, the name of one that publication adds"):
        publish_gold(gold_source(Held_Back="select 1 as n"), path, SOME, [])
    assert not path.exists()


HELD = HELD_BACK.row(FIRST, "gold", "quarantine_share", NOW, "It fails.")
FAILS = FAILING.row("silver/events", "row_volume", FIRST, False, None, "It warns.")


@pytest.mark.parametrize(
    "other",
    [
        Content(NOW, ""),
        Content(NOW, "", [HELD], []),
        Content(NOW, "", [HELD | {"event_date": None}], [FAILS]),
        Content(NOW, "", [HELD], [FAILS | {"since": NOW}]),
        Content(NOW, "", [HELD], [FAILS | {"is_blocking": True}]),
    ],
)
def test_a_copy_that_tells_readers_something_else_is_not_the_same(path: Path, other: Content) -> None:
    content = Content(NOW, "run-1", [HELD], [FAILS])
    assert not says_the_same(path, content)
    publish_gold(gold_source(funnel_daily=funnel(1)), path, content, [])
    assert told(path, "from held_back") == [tuple(HELD.values())]
    assert told(path, "from failing_checks") == [tuple(FAILS.values())]
    assert says_the_same(path, Content(NOW + dt.timedelta(hours=1), "run-2", [HELD], [FAILS]))
    assert not says_the_same(path, other)


def test_a_copy_of_an_earlier_version_is_not_the_same(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema job_matching_gold")
    assert not says_the_same(path, SOME)
    publish_gold(gold_source(), path, SOME, [])
    assert says_the_same(path, SOME)


def test_only_the_parts_that_differ_are_written_again(path: Path) -> None:
    def hours(changed: int) -> str:
        return (
            "select date '2026-03-01' + (number % 30)::int as event_date, number as hour, "
            f"case when number = {changed} then 1 else 0 end as clicks from range(30000) as all_of_them (number)"
        )

    publish_gold(gold_source(job_performance_hourly=hours(-1)), path, SOME, [])
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"update {GOLD_SCHEMA}.job_performance_hourly set clicks = 2 where hour = 7")
        before = dict(connection.execute(HOURS_AND_PLACES).fetchall())
    publish_gold(gold_source(job_performance_hourly=hours(29999)), path, SOME, [])
    with duckdb.connect(str(path)) as connection:
        after = dict(connection.execute(HOURS_AND_PLACES).fetchall())
        clicks = connection.execute(
            f"select hour, clicks from {GOLD_SCHEMA}.job_performance_hourly where clicks > 0"
        ).fetchall()
    assert clicks == [(29999, 1)]
    moved = {hour for hour, place in after.items() if before[hour] != place}
    assert {7, 29999} <= moved
    assert len(moved) < 1000


def test_of_a_table_without_dates_few_rows_are_written_beside_those_that_change(path: Path) -> None:
    def members(changed: int) -> dict[int, int]:
        rows = f"select range as n, case when range < {changed} then -range else range end as said from range(100000)"
        publish_gold(gold_source(dim_any=rows), path, SOME, [])
        return dict(told(path, "select n, rowid from dim_any"))

    before, after = members(0), members(500)
    moved = {n for n, place in after.items() if before[n] != place}
    assert moved >= set(range(1, 500))
    assert len(moved) < 20_000
    assert told(path, "select count(*), sum(said) from dim_any") == [(100_000, 99999 * 50000 - 499 * 500)]


def test_a_table_of_which_many_rows_have_gone_is_written_anew(path: Path) -> None:
    shares = []
    for step in range(8):
        rows = f"select range as n, range % 100 <= {step} as said from range(200000)"
        publish_gold(gold_source(dim_any=rows), path, SOME, [])
        shares += told(path, "select max(rowid) + 1 - count(*) from dim_any")
    places = [places for (places,) in shares]
    assert max(places) < 200_000
    assert 0 in places[1:]
    assert any(places)


def test_what_somebody_has_added_to_the_copy_goes(path: Path) -> None:
    source = gold_source(funnel_daily=funnel(1))
    publish_gold(source, path, SOME, [])
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"use {GOLD_SCHEMA}; create table mine as select 1 as n; create view yours as from funnel_daily; "
            "insert into funnel_daily from funnel_daily"
        )
    publish_gold(source, path, SOME, [])
    assert told(path, "select table_name from duckdb_tables() order by all") == [
        (name,) for name in ("failing_checks", "funnel_daily", "held_back", "publication")
    ]
    assert told(path, "select count(*) from duckdb_views() where not internal") == [(0,)]
    assert told(path, "select event_date, searches from funnel_daily order by all") == [
        (FIRST, 1),
        (SECOND, 1),
    ]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_copy_that_is_damaged_is_written_anew(
    path: Path, share: float, caplog: pytest.LogCaptureFixture
) -> None:
    rows = "select range as hour, hash(range) as clicks from range(100000)"
    source = gold_source(job_performance_hourly=rows)
    publish_gold(source, path, SOME, [])
    content = path.read_bytes()
    kept = 3 * 4096 + int(share * len(content))
    path.write_bytes(content[:kept] + bytes(len(content) - kept))
    publish_gold(source, path, SOME, [])
    assert f"{path} cannot be renewed" in caplog.text
    assert told(path, "select count(distinct clicks) from job_performance_hourly") == [(100000,)]


@pytest.mark.parametrize(
    ("added", "table", "name"),
    [
        ("create unique index mine on job_performance_hourly (hour)", "duckdb_indexes()", "index_name"),
        ("create macro mine(n) as n + 1", "duckdb_functions()", "function_name"),
        ("create sequence mine", "duckdb_sequences()", "sequence_name"),
        ("create type mine as enum ('a')", "duckdb_types()", "type_name"),
    ],
)
def test_what_is_no_table_and_no_view_goes_too(path: Path, added: str, table: str, name: str) -> None:
    source = gold_source(job_performance_hourly="select range as hour, range as clicks from range(1000)")
    publish_gold(source, path, SOME, [])
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"use {GOLD_SCHEMA}; {added}")
    publish_gold(source, path, SOME, [])
    assert told(path, f"select count(*) from {table} where {name} = 'mine'") == [(0,)]
    assert told(path, "select sum(clicks) from job_performance_hourly") == [(499_500,)]


def test_rows_that_the_copy_of_before_does_not_take_are_written_anew(path: Path) -> None:
    def hours(missing: int) -> Warehouse:
        clicks = f"case when range <> {missing} then range end"
        return gold_source(
            job_performance_hourly=f"select range as hour, {clicks} as clicks from range(1000)"
        )

    publish_gold(hours(-1), path, SOME, [])
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"alter table {GOLD_SCHEMA}.job_performance_hourly alter clicks set not null")
    for _ in range(2):
        publish_gold(hours(7), path, SOME, [])
    assert told(path, "select hour from job_performance_hourly where clicks is null") == [(7,)]


def test_partitions_that_fail_keep_their_rows_where_others_change_a_little(path: Path) -> None:
    def rows(clicks: int) -> Warehouse:
        days = "date '2026-03-01' + (range % 2)::int"
        changed = f"case when range < 10 then {clicks} else 0 end"
        return gold_source(
            funnel_daily=f"select {days} as event_date, range as searches, {changed} as clicks from range(20000)"
        )

    publish_gold(rows(1), path, SOME, [])
    publish_gold(rows(2), path, Content(NOW, "", kept={"funnel_daily": [SECOND]}), [])
    assert told(
        path, "select event_date, sum(clicks), count(*) from funnel_daily group by all order by all"
    ) == [
        (FIRST, 10, 10_000),
        (SECOND, 5, 10_000),
    ]


def test_anew_nothing_of_the_file_of_before_is_used(path: Path) -> None:
    def people(name: str) -> Warehouse:
        return gold_source(
            dim_job=f"select range as n, case when range = 5 then '{name}' end as t from range(50)"
        )

    publish_gold(people("somebody_known"), path, SOME, [])
    publish_gold(people("nobody"), path, SOME, [], anew=True)
    assert b"somebody_known" not in path.read_bytes()
    assert told(path, "select t from dim_job where t is not null") == [("nobody",)]
