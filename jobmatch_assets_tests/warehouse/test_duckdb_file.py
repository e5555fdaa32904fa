"""The DuckDB file is opened with the memory that settings allow, and without what a killed process left."""

from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.warehouse.duckdb.file import open_file

LIMIT = 256 * 1024**2


def left_behind(path: Path) -> Path:
    left = path.with_name(path.name + ".tmp") / "duckdb_temp_storage_DEFAULT-0.tmp"
    left.parent.mkdir()
    left.write_bytes(b"a row of somebody")
    return left


def test_the_limit_of_memory_is_in_force_and_rows_go_to_disk_beyond_it(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    sort = "create table {} as select md5(i::varchar) as digest from range(8000000) as r (i) order by digest"
    with open_file(path, 0, LIMIT) as connection:
        assert connection.execute("select current_setting('memory_limit')").fetchone() == ("256.0 MiB",)
        connection.execute("set threads = 1")
        connection.execute(sort.format("sorted"))
        assert connection.execute("select count(distinct digest) from sorted").fetchone() == (8_000_000,)
        connection.execute("set max_temp_directory_size = '0KiB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(sort.format("without_disk"))


def test_temporary_files_of_a_killed_process_go_when_the_file_is_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_file(path, 0, LIMIT):
        pass
    left = left_behind(path)
    with open_file(path, 0, LIMIT, read_only=True):
        assert left.exists()
    with open_file(path, 0, LIMIT):
        assert not left.exists()


def test_those_of_a_connection_that_is_open_stay(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_file(path, 0, LIMIT):
        in_use = left_behind(path)
        with open_file(path, 0, LIMIT):
            assert in_use.exists()
