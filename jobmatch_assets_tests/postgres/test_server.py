"""The server and its sessions do what tests rely on."""

import os
from pathlib import Path

import pytest

from jobmatch_assets_tests.bench.logical_log import PLUGIN, read_log
from jobmatch_assets_tests.bench.postgres import Postgres, StatementError, postgres

pytestmark = pytest.mark.postgres


def test_a_server_is_reached_by_its_socket_alone_and_owned_by_nobody_who_may_do_more() -> None:
    with postgres() as server:
        (settings,) = server.session().rows(
            "select current_setting('listen_addresses') as addresses, current_setting('wal_level') as log, "
            "current_setting('data_directory') as data"
        )
        assert settings == {"addresses": "", "log": "logical", "data": f"{server.folder}/data"}
        assert (server.folder / "data").stat().st_uid != 0


def fail_while_sessions_wait(seen: list[Postgres]) -> None:
    with postgres() as server:
        seen.append(server)
        one, two = server.session(), server.session()
        one.run("begin")
        one.run("create table t ()")
        two.send("create table t ()")
        server.wait_until_somebody_waits_for(one)
        raise RuntimeError((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_a_server_is_gone_afterwards_whatever_its_sessions_do() -> None:
    seen: list[Postgres] = []
    with pytest.raises(RuntimeError) as raised:
        fail_while_sessions_wait(seen)
    assert not seen[0].folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(raised.value)), 0)


def test_who_has_no_postgresql_is_told_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmatch_assets_tests.bench.postgres._INSTALLED", tmp_path)
    with pytest.raises(AssertionError, match="`make test-postgres` installs it"), postgres():
        pass


def test_sessions_wait_for_each_other_and_tell_what_fails() -> None:
    with postgres() as server:
        one, two = server.session(), server.session()
        one.run("create table t (id text primary key, n integer)")
        one.run(f"select pg_create_logical_replication_slot('feed', '{PLUGIN}')")
        one.run("insert into t values ('a', 0)")
        one.run("begin")
        one.run("update t set n = 1 where id = 'a'")
        two.send("update t set n = n + 10 where id = 'a'")
        server.wait_until_somebody_waits_for(one)
        one.run("commit")
        assert two.receive() == []
        with pytest.raises(StatementError, match="22012"):
            two.run("select 1 / 0")
        assert two.rows("select * from t") == [{"id": "a", "n": 11}]
        changes = [change for transaction in read_log(one, "feed") for change in transaction.changes]
        assert [change.row["n"] for change in changes if change.row] == [0, 1, 11]
        assert sorted({change.lsn for change in changes}) == [change.lsn for change in changes]
