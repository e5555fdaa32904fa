"""Files made of the change log of a real PostgreSQL end in the content of its tables, and in its whole history."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest

from jobmatch_assets_tests.bench.debezium import UNAVAILABLE
from jobmatch_assets_tests.bench.logical_log import Row
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.postgres import planted
from jobmatch_assets_tests.postgres.product_database import KEYS, TABLES, as_shown
from jobmatch_assets_tests.postgres.replay import Replay, Version
from jobmatch_assets_tests.postgres.world import World

pytestmark = pytest.mark.postgres

Replayed = Mapping[str, Mapping[str, list[Version]]]

every_table = pytest.mark.parametrize("table", TABLES)


def versions_of(built: Workbench, table: str, columns: str, where: str = "true") -> dict[str, list[Row]]:
    """Of each key, its versions in order."""
    found = defaultdict(list)
    key = KEYS[table]
    for row in built.rows(
        f"select {columns} from job_matching_silver.{table}_versions where {where} order by {key}, valid_from"
    ):
        found[str(row[key])].append(row)
    return dict(found)


def columns_of(table: str) -> str:
    return ", ".join(f'"{column.name}"' for column in TABLES[table].columns)


def differences(found: Mapping[str, list[Row]], expected: Mapping[str, list[Row]]) -> list[str]:
    """Where the versions differ, cell by cell."""
    cells = []
    for key in sorted(found.keys() | expected.keys()):
        ours, theirs = found.get(key, []), expected.get(key, [])
        if len(ours) != len(theirs):
            cells.append(f"{key}: {len(ours)} versions, not {len(theirs)}")
        cells += [
            f"{key}, version {number}, {name}: {here.get(name)!r}, not {value!r}"
            for number, (here, there) in enumerate(zip(ours, theirs, strict=False), 1)
            for name, value in there.items()
            if here.get(name) != value
        ]
    return cells


# ---- what PostgreSQL has, and its log


def test_the_log_replayed_ends_in_the_tables(world: World) -> None:
    replay = Replay(world.reads, world.log)
    rows = {(table, str(row[KEYS[table]])): row for table, found in world.rows.items() for row in found}
    assert replay.rows == rows


def test_the_log_has_all_that_makes_it_hard(world: World) -> None:
    first_places = [transaction.changes[0].lsn for transaction in world.log]
    assert first_places != sorted(first_places), "transactions that are committed in another order"
    ops = Counter((message.table, message.envelope["op"]) for message in world.messages)
    assert {(table, op) for table in TABLES for op in "rcud"} <= set(ops)
    lines = [message.line() for message in world.messages]
    assert any(f'"description": "{UNAVAILABLE}"' in line for line in lines)
    assert any(f'"skills": ["{UNAVAILABLE}"]' in line for line in lines)
    assert not any(f'"{planted.ROLLED_BACK}"' in line for line in lines)
    copied = {
        change.lsn
        for transaction in world.log
        for change in transaction.changes
        if change.row and change.row[KEYS[change.table]] in planted.COPIED
    }
    assert len(copied) == 1, "rows that share a place in the log"


def logged(world: World) -> Iterator[list[tuple[int, Any]]]:
    """Of each entity the places of its changes and the times that they bear, in the order of the log."""
    of_entities = defaultdict(list)
    for transaction in world.log:
        for change in transaction.changes:
            for key in (change.key, change.row):
                if key is not None:
                    entity = change.table, key[KEYS[change.table]]
                    of_entities[entity].append((change.lsn, transaction.committed_at))
    yield from of_entities.values()


def test_changes_of_a_row_have_rising_places_in_the_log_and_times_that_fall(world: World) -> None:
    steps = [step for changes in logged(world) for step in pairwise(changes)]
    assert all(before[0] < after[0] for before, after in steps)
    assert any(before[1] > after[1] for before, after in steps)


def test_who_trusts_the_clock_gets_another_history(world: World, replayed: Replayed) -> None:
    by_time = Replay(world.reads, sorted(world.log, key=lambda transaction: transaction.committed_at))
    assert {table: by_time.versions(table) for table in TABLES} != replayed
    assert by_time.rows != Replay(world.reads, world.log).rows


# ---- what the platform makes of it


@every_table
def test_current_versions_are_the_rows_of_the_database(built: Workbench, world: World, table: str) -> None:
    current = versions_of(built, table, columns_of(table), "is_current")
    rows = {str(row[KEYS[table]]): [as_shown(table, row)] for row in world.rows[table]}
    assert differences(current, rows) == []


@every_table
def test_versions_are_what_a_replay_of_the_log_gives(
    built: Workbench, replayed: Replayed, table: str
) -> None:
    columns = f"{columns_of(table)}, version, valid_from, valid_to, ended_by, is_current, is_deleted"
    expected = {
        key: [
            {
                **version.row,
                "version": number,
                "valid_from": version.valid_from,
                "valid_to": version.valid_to,
                "ended_by": version.ended_by,
                "is_current": version.valid_to is None,
                "is_deleted": versions[-1].ended_by == "delete",
            }
            for number, version in enumerate(versions, 1)
        ]
        for key, versions in replayed[table].items()
    }
    assert differences(versions_of(built, table, columns), expected) == []


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("company", planted.DELETED),
        ("company", planted.RENAMED[0]),
        ("application", "77"),
        ("campaign", "77"),
        ("placement", planted.DELETED),
    ],
)
def test_a_deleted_row_has_a_last_version_that_a_delete_ended(built: Workbench, table: str, key: str) -> None:
    versions = versions_of(built, table, f"{KEYS[table]}, ended_by, is_current, is_deleted")[key]
    assert versions[-1] == {
        KEYS[table]: int(key) if table == "campaign" else key,
        "ended_by": "delete",
        "is_current": False,
        "is_deleted": True,
    }


def test_rows_that_nobody_else_ever_saw_have_no_version(built: Workbench) -> None:
    versions = versions_of(built, "company", "company_id")
    assert not {planted.ROLLED_BACK, planted.PASSING} & set(versions)
    assert {planted.RENAMED[1], planted.REINSERTED, *planted.COPIED, *planted.INTERLEAVED} <= set(versions)


@every_table
def test_every_message_is_one_record_however_often_it_was_sent(
    built: Workbench, world: World, table: str
) -> None:
    messages = sum(message.table == table for message in world.messages)
    assert built.query(
        f"select count(*) filter (outcome = 'kept'), count(*) from job_matching_silver.{table}_records"
    ) == [(messages, messages)]
    assert built.query(
        "select count(*) > ? from job_matching_bronze.entities_raw where entity_table = ?", messages, table
    ) == [(True,)]


@every_table
def test_nothing_is_quarantined_or_invalid(built: Workbench, table: str) -> None:
    assert built.query("select * from job_matching_silver.entities_quarantine") == []
    assert (
        built.query(
            f"select * from job_matching_silver.{table}_versions where properties is not null or len(invalid_fields) > 0"
        )
        == []
    )
