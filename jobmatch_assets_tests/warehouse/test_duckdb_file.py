"""The DuckDB file is made as its version allows, and opened with the memory that settings allow."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.warehouse.duckdb.blocks import refuse_missing_blocks
from jobmatch_assets.warehouse.duckdb.file import STORAGE_VERSION, open_file
from jobmatch_assets.warehouse.duckdb.rewriting import rewrite_file
from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

LIMIT = 256 * 1024**2
CUT_OFF = r"cannot be read: it is cut off \("


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


def test_a_new_file_and_one_written_anew_are_of_the_wanted_version(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_file(path, 0, LIMIT) as connection:
        connection.execute("create table kept (line varchar)")
        made = version_of(connection)
    rewrite_file(path, 0, LIMIT)
    with open_file(path, 0, LIMIT) as connection:
        assert made == version_of(connection) == f"{STORAGE_VERSION}+"


def test_one_of_an_older_version_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        older = version_of(connection)
    assert older != f"{STORAGE_VERSION}+"
    with open_file(path, 0, LIMIT) as connection:
        assert version_of(connection) == older


def version_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The storage version of the one file that a connection has open."""
    ((version,),) = connection.execute(
        "select tags['storage_version'] from duckdb_databases() where not internal"
    ).fetchall()
    return str(version)


@pytest.mark.parametrize("table", ["job_matching_bronze.events_raw", "job_matching_silver.stg_events"])
def test_lines_are_kept_by_zstandard(table: str, workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    day = dt.date(2026, 3, 1)
    bench.land(f"dt={day}/a.ndjson", [line(str(number), day) for number in range(20_000)])
    bench.run()
    found = bench.query(
        f"select distinct compression from pragma_storage_info('{table}') "
        "where column_name = 'raw_line' and segment_type = 'VARCHAR'"
    )
    assert found == [("ZSTD",)]


def test_a_file_that_is_cut_off_is_told_when_it_is_opened(tmp_path: Path) -> None:
    path = with_rows(tmp_path)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(WarehouseError, match=CUT_OFF), open_file(path, 0, LIMIT) as connection:
        connection.execute("select max(digest) from digests")


def test_rows_that_are_missing_are_told_before_they_are_read(tmp_path: Path) -> None:
    path = with_rows(tmp_path)
    shorter = tmp_path / "shorter.duckdb"
    shutil.copy(path, shorter)
    with open_file(path, 0, LIMIT) as connection:
        refuse_missing_blocks(connection, shorter)
        ((last,),) = connection.execute("select max(block_id) from pragma_storage_info('digests')").fetchall()
        os.truncate(shorter, 3 * 4096 + last * 262144)
        with pytest.raises(WarehouseError, match=f"{CUT_OFF}rows of main.digests are missing"):
            refuse_missing_blocks(connection, shorter)


def with_rows(folder: Path) -> Path:
    """A file with a table of several blocks."""
    path = folder / "warehouse.duckdb"
    with open_file(path, 0, LIMIT) as connection:
        connection.execute(
            "create table digests as select md5(i::varchar) as digest from range(200000) as r (i)"
        )
        connection.execute("checkpoint")
    return path
