"""Parquet beside the published copy: a file a table, each replaced at once, and nothing of somebody else's touched."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.published.copy import opened
from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets.warehouse.publication.content import Content, says_the_same
from jobmatch_assets.warehouse.publication.copy_file import publish_gold
from jobmatch_assets.warehouse.publication.parquet import ParquetFiles
from jobmatch_assets_tests.bench.gold_source import gold_source

SOME = Content(dt.datetime(2026, 3, 7, 6, tzinfo=dt.UTC), "run-1")
ADDED = ["failing_checks", "held_back", "publication"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "gold.duckdb"


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    return duckdb.read_parquet(str(path.parent / "gold" / f"{table}.parquet")).fetchall()


def names(path: Path) -> list[str]:
    return sorted(file.name for file in (path.parent / "gold").iterdir())


def test_each_table_has_a_file_with_its_rows(path: Path) -> None:
    done = publish_gold(gold_source(counted="from range(3)", none="select 1 as n limit 0"), path, SOME, [])
    assert (done.tables, done.rows, done.files) == (5, 4, 5)
    assert names(path) == sorted(f"{table}.parquet" for table in (*ADDED, "counted", "none"))
    with opened(path) as copy:
        for table in ("counted", "none", *ADDED):
            assert rows(path, table) == copy.execute(f"from {table}").fetchall()
            assert duckdb.read_parquet(str(path.parent / "gold" / f"{table}.parquet")).columns == (
                copy.sql(f"from {table}").columns
            )


def test_a_file_whose_rows_are_the_same_is_left(path: Path) -> None:
    queries = {"same": "from range(3)", "other": "select 1 as n", "retyped": "select 1 as n"}
    publish_gold(gold_source(**queries), path, SOME, [])
    files = {table: (path.parent / "gold" / f"{table}.parquet") for table in queries}
    before = {table: file.stat().st_ino for table, file in files.items()}
    queries |= {
        "same": "from range(3) order by range desc",
        "other": "select 2 as n",
        "retyped": "select 1::tinyint as n",
    }
    assert publish_gold(gold_source(**queries), path, SOME, []).files == 2
    changed = {table for table, file in files.items() if file.stat().st_ino != before[table]}
    assert changed == {"other", "retyped"}
    assert rows(path, "other") == [(2,)]


def test_files_of_tables_that_are_no_more_go_and_those_of_others_stay(path: Path) -> None:
    publish_gold(gold_source(gone="select 1 as n", stays="select 1 as n"), path, SOME, [])
    folder = path.parent / "gold"
    duckdb.sql("select 1 as n").write_parquet(str(folder / "mine.parquet"))
    (folder / "broken.parquet").write_text("no Parquet")
    (folder / "notes.txt").touch()
    (folder / ".gone.parquet.unfinished").write_text("half of a fi")
    publish_gold(gold_source(stays="select 1 as n"), path, SOME, [])
    added = [f"{table}.parquet" for table in ADDED]
    assert names(path) == sorted([*added, "stays.parquet", "mine.parquet", "broken.parquet", "notes.txt"])


def test_a_file_of_somebody_else_under_the_name_of_one_is_named(path: Path) -> None:
    folder = path.parent / "gold"
    folder.mkdir(parents=True)
    duckdb.sql("select 7 as n").write_parquet(str(folder / "counted.parquet"))
    with pytest.raises(
        WarehouseError, match=r"counted\.parquet was not written by jobmatch.*JOBMATCH_PUBLISHED_PATH"
    ):
        publish_gold(gold_source(counted="select 1 as n", other="select 1 as n"), path, SOME, [])
    assert rows(path, "counted") == [(7,)]
    assert not path.exists()
    assert not (folder / "other.parquet").exists()


def test_a_file_in_the_place_of_the_folder_is_named(path: Path) -> None:
    path.parent.mkdir()
    (path.parent / "gold").touch()
    with pytest.raises(WarehouseError, match=r"gold is no folder.*JOBMATCH_PUBLISHED_PATH"):
        publish_gold(gold_source(), path, SOME, [])


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WarehouseError, match=r"JOBMATCH_PUBLISHED_PATH=.* cannot be written"):
        publish_gold(gold_source(), tmp_path / "file" / "gold.duckdb", SOME, [])


def test_a_table_cannot_name_a_file_elsewhere(path: Path) -> None:
    publish_gold(gold_source(**{"../../out": "select 1 as n"}), path, SOME, [])
    assert names(path) == sorted(["..%2F..%2Fout.parquet", *(f"{table}.parquet" for table in ADDED)])
    assert not list(path.parent.parent.glob("*.parquet"))


def test_a_file_that_somebody_removed_is_written_again(path: Path) -> None:
    publish_gold(gold_source(counted="select 1 as n"), path, SOME, [])
    assert says_the_same(path, SOME)
    (path.parent / "gold" / "counted.parquet").unlink()
    assert not says_the_same(path, SOME)
    publish_gold(gold_source(counted="select 1 as n"), path, SOME, [])
    assert rows(path, "counted") == [(1,)]


def test_after_a_crash_between_the_parquet_files_and_the_copy_all_can_be_read_and_the_next_run_mends(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_gold(gold_source(counted="select 1 as n"), path, SOME, [])
    put_in_place = ParquetFiles.put_in_place

    def crash(self: ParquetFiles) -> int:
        put_in_place(self)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ParquetFiles, "put_in_place", crash)
        with pytest.raises(KeyboardInterrupt):
            publish_gold(gold_source(counted="select 2 as n", more="select 3 as n"), path, SOME, [])
    with opened(path) as copy:
        assert copy.execute("from counted").fetchall() == [(1,)]
    assert (rows(path, "counted"), rows(path, "more")) == ([(2,)], [(3,)])
    publish_gold(gold_source(counted="select 2 as n"), path, SOME, [])
    with opened(path) as copy:
        assert copy.execute("from counted").fetchall() == [(2,)]
    assert names(path) == sorted(f"{table}.parquet" for table in (*ADDED, "counted"))
    assert sorted(file.name for file in path.parent.iterdir()) == [".gold.duckdb.lock", "gold", "gold.duckdb"]


READ = """
import sys
from pathlib import Path
import duckdb
from jobmatch_assets.published.copy import opened
path, states = Path(sys.argv[1]), set()
print("ready", flush=True)
while max(states, default=0) < 20:
    with opened(path) as copy:
        ((n,),) = copy.execute("from one").fetchall()
        assert copy.execute("from two").fetchall() == [(n,)], "tables of two states"
    ((m,),) = duckdb.read_parquet(str(path.parent / "gold" / "one.parquet")).fetchall()
    assert m >= n, "a copy that is newer than the Parquet beside it"
    states.add(n)
print("read", flush=True)
"""


def test_readers_get_one_state_while_copies_are_published(path: Path) -> None:
    def state(n: int) -> None:
        publish_gold(gold_source(one=f"select {n} as n", two=f"select {n} as n"), path, SOME, [])

    state(0)
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reader.stdout
    assert reader.stdout.readline() == "ready\n"
    for n in range(1, 21):
        state(n)
    out, err = reader.communicate(timeout=60)
    assert (out, err) == ("read\n", "")
