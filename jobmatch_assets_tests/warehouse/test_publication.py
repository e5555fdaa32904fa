"""The published copy takes the place of an older copy, and of nothing else."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.pipeline.publish import publish
from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets_tests.bench.holding import held
from jobmatch_assets_tests.bench.workbench import Workbench

LINE = '{"event_id":"e","event_name":"search","event_ts":"2026-03-01T10:00:00Z","user_id":"u"}'
GOLD = "create schema job_matching_gold; create table job_matching_gold.funnel_daily as select 1 as searches;"


def publishing_to(workbench: Callable[..., Workbench], path: Path) -> Workbench:
    bench = workbench(JOBMATCH_PUBLISHED_PATH=str(path))
    bench.land("dt=2026-03-01/a.ndjson", [LINE])
    return bench


def refused(bench: Workbench) -> str:
    """What a run says that loads nothing for this reason."""
    (problem,) = bench.try_run().problems
    assert bench.query("select count(*) from information_schema.tables") == [(0,)]
    return problem


def dotted(warehouse: Path) -> Path:
    return warehouse.parent / "landing" / ".." / warehouse.name


def soft(warehouse: Path) -> Path:
    link = warehouse.with_name("soft.duckdb")
    link.symlink_to(warehouse.name)
    return link


def hard(warehouse: Path) -> Path:
    duckdb.connect(str(warehouse)).close()
    link = warehouse.with_name("hard.duckdb")
    os.link(warehouse, link)
    return link


def through_a_folder(warehouse: Path) -> Path:
    folder = warehouse.with_name("elsewhere")
    folder.symlink_to(warehouse.parent)
    return folder / warehouse.name


@pytest.mark.parametrize("way", [dotted, soft, hard, through_a_folder])
def test_the_warehouse_is_found_by_whatever_way(
    workbench: Callable[..., Workbench], tmp_path: Path, way: Callable[[Path], Path]
) -> None:
    bench = publishing_to(workbench, way(tmp_path / "warehouse.duckdb"))
    assert "a file of the warehouse itself" in refused(bench)


@pytest.mark.parametrize("name", ["warehouse.duckdb.wal", "warehouse.duckdb.lock"])
def test_files_beside_the_warehouse_are_its_own(
    workbench: Callable[..., Workbench], tmp_path: Path, name: str
) -> None:
    assert "a file of the warehouse itself" in refused(publishing_to(workbench, tmp_path / name))


def table(file: Path) -> None:
    file.write_text("date,clicks\n2026-03-01,7\n" * 1000)


def empty(file: Path) -> None:
    file.touch()


def sqlite(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("create table mine (number integer)")


def other_duckdb(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table mine as select 1 as number")


def gold_and_more(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(GOLD + "create view mine as from job_matching_gold.funnel_daily")


def other_schema(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(GOLD + "create schema mine")


@pytest.mark.parametrize("make", [table, empty, sqlite, other_duckdb, gold_and_more, other_schema])
@pytest.mark.parametrize("linked", [False, True])
def test_a_file_of_somebody_is_left_as_it_is(
    workbench: Callable[..., Workbench], tmp_path: Path, make: Callable[[Path], None], linked: bool
) -> None:
    mine, path = tmp_path / "mine", tmp_path / "published.duckdb"
    make(mine if linked else path)
    if linked:
        path.symlink_to(mine)
    before = path.read_bytes()
    message = refused(publishing_to(workbench, path))
    assert f"JOBMATCH_PUBLISHED_PATH={path} exists and is no copy of gold" in message
    assert path.read_bytes() == before
    assert path.is_symlink() == linked


def test_a_folder_is_named(workbench: Callable[..., Workbench], tmp_path: Path) -> None:
    (tmp_path / "published.duckdb").mkdir()
    assert "it is no file" in refused(publishing_to(workbench, tmp_path / "published.duckdb"))


def test_a_file_that_comes_while_tables_are_built_is_left_too(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    path = tmp_path / "published.duckdb"
    bench = publishing_to(workbench, path)
    bench.run()
    path.unlink()
    table(path)
    with pytest.raises(WarehouseError, match="no copy of gold"):
        publish(bench.prepared())


def copies(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select distinct searches from job_matching_gold.funnel_daily").fetchall()


def test_an_older_copy_is_replaced_even_while_somebody_has_it_open_for_writing(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    path = tmp_path / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(GOLD.replace("select 1", "select 99"))
    with held(path):
        publishing_to(workbench, path).run()
        assert copies(path) == [(1,)]


def test_where_the_path_is_a_link_the_copy_is_where_it_leads(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    path = tmp_path / "published.duckdb"
    path.symlink_to("shared.duckdb")
    bench = publishing_to(workbench, path)
    bench.run()
    assert path.is_symlink()
    assert copies(tmp_path / "shared.duckdb") == [(1,)]
    bench.land("dt=2026-03-01/b.ndjson", [LINE.replace('"e"', '"f"').replace('"u"', '"v"')])
    bench.run()
    assert copies(tmp_path / "shared.duckdb") == [(2,)]
