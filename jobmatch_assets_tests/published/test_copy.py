"""Readers get one state of the published copy, or are told why there is none."""

from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.published.copy import CopyError, opened


def _publish(path: Path, rows: int) -> None:
    unfinished = path.with_name("unfinished")
    with duckdb.connect(str(unfinished)) as connection:
        connection.execute("create schema job_matching_gold")
        connection.execute(f"create table job_matching_gold.counted as from range({rows})")
    unfinished.replace(path)


def test_a_reader_keeps_the_state_that_it_opened(tmp_path: Path) -> None:
    path = tmp_path / "gold.duckdb"
    _publish(path, 3)
    with opened(path) as before:
        _publish(path, 5)
        assert before.execute("select count(*) from counted").fetchall() == [(3,)]
    with opened(path) as after:
        assert after.execute("select count(*) from counted").fetchall() == [(5,)]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "gold.duckdb"
    _publish(path, 3)
    with opened(path) as connection, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        connection.execute("delete from counted")


def test_times_are_those_of_utc(tmp_path: Path) -> None:
    path = tmp_path / "gold.duckdb"
    _publish(path, 3)
    with opened(path) as connection:
        assert connection.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_without_a_copy_one_is_told_how_to_make_it(tmp_path: Path) -> None:
    with (
        pytest.raises(CopyError, match=r"There is no published copy .*`jobmatch run` makes it"),
        opened(tmp_path / "gold.duckdb"),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to look like one" * 100])
def test_what_is_no_copy_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.duckdb"
    path.write_bytes(content)
    with pytest.raises(CopyError, match=r"gold\.duckdb"), opened(path):
        pass


def test_another_database_is_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(CopyError, match="no schema job_matching_gold"), opened(path):
        pass
