"""A first snapshot that is taken while others write is followed by the log, wherever that has their changes."""

from collections.abc import Mapping
from typing import NamedTuple

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.debezium import Connector
from jobmatch_assets_tests.bench.logical_log import Change, read_log
from jobmatch_assets_tests.bench.postgres import Postgres, postgres
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.postgres.delivery import deliver
from jobmatch_assets_tests.postgres.product_database import KEYS, TYPES, create_tables
from jobmatch_assets_tests.postgres.replay import Reads
from jobmatch_assets_tests.postgres.slot import Slot
from jobmatch_assets_tests.postgres.writers import insert, update

pytestmark = pytest.mark.postgres

AT_WORK = "written before the log begins, committed after it"
FIRST = "written where the log begins"


class Busy(NamedTuple):
    """A snapshot, the changes after it by their keys, and a platform that got both."""

    reads: Reads
    changes: Mapping[str, Change]
    built: Workbench


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Busy:
    with postgres() as server:
        reads = _write_while_a_slot_is_made(server)
        log = read_log(server.session(), Slot.name)
    connector = Connector(TYPES, KEYS)
    messages = [*connector.reads(reads.rows, reads.at, reads.lsn), *connector.changes(log)]
    changes = {change.row["company_id"]: change for one in log for change in one.changes if change.row}
    return Busy(reads, changes, deliver(messages, tmp_path_factory.mktemp("busy"), instance))


def _write_while_a_slot_is_made(server: Postgres) -> Reads:
    first, second, third = (server.session() for _ in range(3))
    create_tables(first)
    for key in ("first", "second", AT_WORK, FIRST):
        first.run(insert("company", {"company_id": key, "name": "before"}))
    first.run("begin")
    first.run(update("company", "first", {"name": "after"}))
    slot = Slot(server)
    server.wait_until_somebody_waits_for(first)
    # The slot waits for this one, too, and no more for what begins then.
    second.run("begin")
    second.run(update("company", "second", {"name": "after"}))
    first.run("commit")
    server.wait_until_somebody_waits_for(second)
    third.run("begin")
    third.run(update("company", AT_WORK, {"name": "after"}))
    second.run("commit")
    slot.wait()
    first.run(update("company", FIRST, {"name": "after"}))
    third.run("commit")
    return slot.read_snapshot()


def test_the_log_has_changes_before_and_where_it_begins(busy: Busy) -> None:
    names = {row["company_id"]: row["name"] for row in busy.reads.rows["company"]}
    assert names == {"first": "after", "second": "after", AT_WORK: "before", FIRST: "before"}
    assert set(busy.changes) == {AT_WORK, FIRST}
    assert busy.changes[AT_WORK].lsn < busy.reads.lsn
    assert busy.changes[FIRST].lsn == busy.reads.lsn


@pytest.mark.parametrize("key", [AT_WORK, FIRST])
def test_a_change_that_the_snapshot_does_not_have_comes_after_it(busy: Busy, key: str) -> None:
    current = busy.built.query(
        "select name from job_matching_silver.company_versions where company_id = ? and is_current", key
    )
    assert current == [("after",)]
