"""A run's process opens each database of Dagster's event log once, and leaves it as every other process would."""

import sqlite3
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.exc import IntegrityError

from jobmatch_assets.orchestration.launchers.kept_connections import keeping_connections


class Times(dg.Config):
    """How often the asset is observed."""

    times: int = 5


@dg.asset
def observed(context: dg.AssetExecutionContext, config: Times) -> None:
    for number in range(config.times):
        context.log_event(dg.AssetObservation("observed", metadata={"number": number}))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases of events that were opened, in order."""
    files: list[str] = []
    connect = sqlite3.dbapi2.connect

    def counted(database: str, *arguments: object, **options: object) -> sqlite3.Connection:
        if Path(database).parent.name == "runs":
            files.append(Path(database).name)
        return connect(database, *arguments, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3.dbapi2, "connect", counted)
    return files


def _numbers(folder: Path) -> list[object]:
    with dg.DagsterInstance.local_temp(str(folder)) as instance:
        records = instance.fetch_observations(dg.AssetKey("observed"), limit=100, ascending=True).records
        observations = [record.asset_observation for record in records]
    return [made.metadata["number"].value for made in observations if made]


def _opens(instance: dg.DagsterInstance, opened: list[str], times: int) -> int:
    opened.clear()
    dg.materialize([observed], instance=instance, run_config=dg.RunConfig({"observed": Times(times=times)}))
    return len(opened)


def test_events_open_no_database(tmp_path: Path, opened: list[str]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "a")) as instance:
        assert _opens(instance, opened, 50) - _opens(instance, opened, 5) == 2 * 45
    with keeping_connections(), dg.DagsterInstance.local_temp(str(tmp_path / "b")) as instance:
        _opens(instance, opened, 1)
        assert _opens(instance, opened, 50) == _opens(instance, opened, 5)
    assert len(_numbers(tmp_path / "b")) == 56


def test_a_table_that_is_there_is_looked_for_once(tmp_path: Path, opened: list[str]) -> None:
    with keeping_connections(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        storage = instance.event_log_storage
        assert storage.supports_asset_checks
        opened.clear()
        assert storage.supports_asset_checks
        assert opened == []
        assert not storage.has_table("another")
        assert opened == ["index.db"]


def test_nothing_is_left_open(tmp_path: Path) -> None:
    before = SqliteEventLogStorage._connect, SqliteEventLogStorage.has_table
    with keeping_connections(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        dg.materialize([observed], instance=instance)
        assert list(tmp_path.rglob("*-wal"))
    assert list(tmp_path.rglob("*-wal")) == []
    assert (SqliteEventLogStorage._connect, SqliteEventLogStorage.has_table) == before


def _delete_and_fail(storage: SqliteEventLogStorage) -> None:
    with storage.index_connection() as connection:
        connection.exec_driver_sql("delete from event_logs")
        connection.exec_driver_sql("insert into event_logs (id) values (1)")


def test_an_error_undoes_what_was_written_with_it(tmp_path: Path) -> None:
    with keeping_connections(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        dg.materialize([observed], instance=instance)
        storage = instance.event_log_storage
        assert isinstance(storage, SqliteEventLogStorage)
        with pytest.raises(IntegrityError):
            _delete_and_fail(storage)
    assert _numbers(tmp_path) == list(range(5))


def test_a_kept_connection_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    with keeping_connections(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        dg.materialize([observed], instance=instance)
        storage = instance.event_log_storage
        assert isinstance(storage, SqliteEventLogStorage)
        with storage.index_connection() as connection:
            found = [
                connection.exec_driver_sql(f"pragma {name}").scalar()
                for name in ("journal_mode", "synchronous")
            ]
    # Without a log of writes, `normal` might damage the file.
    assert found == ["wal", 1]
