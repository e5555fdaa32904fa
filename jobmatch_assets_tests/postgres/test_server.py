"""The server and its sessions do what tests rely on."""

import os

import pytest

from jobmatch_assets_tests.bench.logical_log import PLUGIN, read_log
from jobmatch_assets_tests.bench.postgres import StatementError, postgres

pytestmark = pytest.mark.postgres


def test_a_server_is_reached_by_its_socket_alone_and_is_gone_afterwards() -> None:
    with postgres() as server:
        (settings,) = server.session().rows(
            "select current_setting('listen_addresses') as addresses, current_setting('wal_level') as log, "
            "current_setting('data_directory') as data"
        )
        assert settings == {"addresses": "", "log": "logical", "data": f"{server.folder}/data"}
        pid = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    assert not server.folder.exists()
    assert not server.is_ready()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_sessions_wait_for_each_other_and_tell_what_fails() -> None:
    with postgres() as server:
        one, two = server.session(), server.session()
        one.run("create table t (id text primary key, n integer)")
        one.run(f"select pg_create_logical_replication_slot('feed', '{PLUGIN}')")
        one.run("insert into t values ('a', 0)")
        one.run("begin")
        one.run("update t set n = 1 where id = 'a'")
        two.send("update t set n = n + 10 where id = 'a'")
        server.wait_until_blocked()
        one.run("commit")
        assert two.receive() == []
        with pytest.raises(StatementError, match="22012"):
            two.run("select 1 / 0")
        assert two.rows("select * from t") == [{"id": "a", "n": 11}]
        changes = [change for transaction in read_log(one, "feed") for change in transaction.changes]
        assert [change.row["n"] for change in changes if change.row] == [0, 1, 11]
        assert sorted({change.lsn for change in changes}) == [change.lsn for change in changes]
