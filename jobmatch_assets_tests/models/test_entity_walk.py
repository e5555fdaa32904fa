"""Order, duplicates, implied deletes and versions of entities, record by record."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from jobmatch_assets_tests.bench.macros import compiled_macros

_RECORDS = """
source varchar, entity_key varchar, form varchar, is_delete boolean, rank bigint,
own_time timestamptz, claimed_at timestamptz, stream varchar, position_1 bigint, position_2 bigint,
position_3 bigint, raw_line varchar, record_format varchar, _source_dt date, _source_file varchar, _source_line bigint,
_source_sha256 varchar, tracked_hash varchar
"""

_ORDER_COLUMNS = "source, entity_key, observed_at, tie_number, claimed_at, is_delete, tracked_hash"

_WALK = f"""
with {{{{ observed_entity_records('records') }}}},
told as ({{{{ told_entity_records('observed', 'records') }}}}),
kept as (select * from told where not is_duplicate),
implied as ({{{{ implied_entity_deletes('kept', 'dumps', 'present') }}}}),
history as (
    select {_ORDER_COLUMNS} from kept
    union all
    select source, entity_key, observed_at, 0, null, true, null from implied
),
numbered as ({{{{ numbered_entity_records('history') }}}}),
{{{{ walked_entity_records('numbered') }}}}
select tracked_hash, observed_at, effect, valid_from, is_melted from walked order by record_number
"""

Walk = Callable[..., list[tuple[Any, ...]]]
Record = dict[str, Any]


@pytest.fixture(scope="module")
def walk_sql(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compiled_macros(_WALK, tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def walk(walk_sql: str) -> Walk:
    def rows(*records: Record, dumps: tuple[dt.datetime, ...] = ()) -> list[tuple[Any, ...]]:
        with duckdb.connect() as con:
            con.execute("set timezone = 'UTC'")
            con.execute(f"create table records ({_RECORDS})")
            con.execute("create table dumps (source varchar, taken_at timestamptz)")
            con.execute("create table present (source varchar, taken_at timestamptz, entity_key varchar)")
            for number, record in enumerate(records):
                row = {"_source_line": number, **record}
                names = ", ".join(row)
                marks = ", ".join("?" * len(row))
                con.execute(f"insert into records ({names}) values ({marks})", list(row.values()))
            for taken_at in dumps:
                con.execute("insert into dumps values ('product', ?)", [taken_at])
                if any(record["form"] == "row" and record["own_time"] == taken_at for record in records):
                    con.execute("insert into present values ('product', ?, '7')", [taken_at])
            return con.execute(walk_sql).fetchall()

    return rows


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=dt.UTC)


def record(form: str, rank: int, own_time: dt.datetime, title: str | None, **rest: Any) -> Record:
    return {
        **{"source": "product", "entity_key": "7", "form": form, "rank": rank},
        **{"is_delete": title is None, "own_time": own_time, "tracked_hash": title, "stream": ""},
        **{"raw_line": f"{title} {own_time}", "record_format": "ndjson"},
        **{"_source_dt": dt.date(2026, 3, 1), "_source_file": "a.ndjson", "_source_sha256": "0" * 64, **rest},
    }


def test_the_log_decides_where_a_clock_went_back_and_a_dump_without_the_job_deletes_it(walk: Walk) -> None:
    assert walk(
        record("row", 1, at(1, 23), "B", claimed_at=at(1, 8, 59)),
        record("envelope", 3, at(1, 8, 59), "B", position_1=60),
        record("envelope", 3, at(1, 9), "A", position_1=50),
        dumps=(at(1, 23), at(2, 23), at(3, 23)),
    ) == [
        ("A", at(1, 9), "superseded", at(1, 9), False),
        ("B", at(1, 9), "opened", at(1, 9), False),
        ("B", at(1, 23), "unchanged", None, False),
        (None, at(2, 23), "delete", at(2, 23), False),
    ]


def test_a_late_row_stands_where_it_would_have_stood_in_time(walk: Walk) -> None:
    nurse, care = record("row", 2, at(1, 10), "nurse"), record("row", 2, at(1, 9), "care")
    assert walk(nurse, care) == walk(care, nurse)
    assert [row[0] for row in walk(nurse, care)] == ["care", "nurse"]


@pytest.mark.parametrize(("claim", "begins"), [(at(2, 12), at(2, 12)), (at(1, 4), at(3, 23))])
def test_a_version_begins_where_it_claims_unless_an_earlier_record_says_otherwise(
    walk: Walk, claim: dt.datetime, begins: dt.datetime
) -> None:
    rows = walk(record("row", 1, at(1, 23), "small"), record("row", 1, at(3, 23), "large", claimed_at=claim))
    assert rows[1] == ("large", at(3, 23), "opened", begins, False)


def test_records_of_one_position_do_not_lend_each_other_their_times(walk: Walk) -> None:
    rows = walk(
        record("envelope", 3, at(1, 9), "A", position_1=50),
        record("envelope", 3, at(1, 8), "B", position_1=50),
    )
    assert [row[:2] for row in rows] == [("B", at(1, 8)), ("A", at(1, 9))]


def test_the_same_row_told_twice_counts_once(walk: Walk) -> None:
    assert len(walk(record("row", 2, at(1, 9), "A"), record("row", 2, at(1, 9), "A", _source_file="b"))) == 1


def test_what_is_as_before_once_the_superseded_is_gone_melts(walk: Walk) -> None:
    rows = walk(
        record("row", 2, at(1, 8), "A"),
        record("row", 2, at(1, 9), "B", raw_line="1"),
        record("row", 2, at(1, 9), "A", raw_line="2"),
    )
    assert [row[2:] for row in rows] == [
        ("opened", at(1, 8), False),
        ("superseded", at(1, 9), False),
        ("unchanged", at(1, 9), True),
    ]


def test_a_delete_of_what_is_not_there_is_unchanged(walk: Walk) -> None:
    assert [row[2] for row in walk(record("envelope", 3, at(1, 9), None, position_1=1))] == ["unchanged"]
