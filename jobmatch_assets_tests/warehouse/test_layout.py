"""Warehouses of other versions: those that go on, and those that are refused and left as they are."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa
import pytest

from jobmatch_assets.contracts.control_tables import CONTROL_TABLES, LAYOUT_IN_FORCE
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.warehouse.layout import LayoutError, installed_version
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.warehouse.earlier import make_warehouse as earlier

QUEUED = "select distinct {}, event_date::varchar from job_matching_bronze.rebuild_queue order by all"
UNSTAGED = "select source_file from job_matching_bronze.files where not staged"
FAILING = (
    "select distinct check_name, partition_date::varchar from job_matching_bronze.failing_checks "
    "where is_blocking order by all"
)
ACCEPTED = "select partition_date::varchar, accepted_by from job_matching_bronze.accepted_quarantine"
MARKS = "select layout, made_by from job_matching_bronze.layout"


def unpack(warehouse: Path) -> None:
    with pa.input_stream(earlier.ARCHIVE, compression="zstd") as packed:
        warehouse.write_bytes(packed.read())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """The warehouse of the version before, with all files that it was loaded from."""
    with dg.DagsterInstance.ephemeral() as instance:
        made = Workbench(tmp_path, instance, **earlier.SETTINGS)
        earlier.land_all(made.landing)
        unpack(made.warehouse)
        yield made


def test_a_run_goes_on_where_the_version_before_stopped(bench: Workbench) -> None:
    assert "job_matching_bronze.layout" not in bench.tables(["job_matching_bronze"])
    assert ("silver", "2026-03-01") in bench.query(QUEUED.format("layer"))
    assert bench.query(UNSTAGED) == [(earlier.LOADED,)]
    assert ("quarantine_share", earlier.HELD_BACK) in bench.query(FAILING)
    assert bench.query(ACCEPTED) == [(earlier.ACCEPTED, "anna")]
    assert bench.query("select count(*) from job_matching_gold.ab_results") != [(0,)]

    (problem,) = bench.try_run().problems
    assert problem.startswith("Check quarantine_share of silver/events_quarantine")
    assert bench.query(UNSTAGED) == []
    assert bench.query(ACCEPTED) == [(earlier.ACCEPTED, "anna")]
    assert bench.query(MARKS) == [(LAYOUT_IN_FORCE, installed_version())]
    gone_on, left, failing = bench.contents(), bench.query(QUEUED.format("stage")), bench.query(FAILING)
    assert {date for _, date in failing} == {earlier.HELD_BACK}

    accepted = bench.prepared().findings.accepted_quarantine()
    bench.warehouse.unlink()
    bench.prepared().findings.accept_quarantine(accepted)
    bench.try_run()
    assert bench.contents() == gone_on
    assert (bench.query(QUEUED.format("stage")), bench.query(FAILING)) == (left, failing)


def test_before_the_first_run_it_is_shown_and_left_as_it_is(bench: Workbench, tmp_path: Path) -> None:
    before = bench.warehouse.read_bytes()
    bench.warehouse.chmod(0o444)
    code, out, err = run_here(bench, tmp_path / "home", "show", "funnel_daily", "--from", "2026-02-26")
    assert (code, err) == (0, "")
    assert "funnel_daily, 2026-02-26: 1 row" in out
    code, out, err = run_here(bench, tmp_path / "home", "show", "funnel_daily", "--from", earlier.HELD_BACK)
    assert (code, err) == (0, "")
    assert "quarantine_share" in out
    assert bench.warehouse.read_bytes() == before


def test_the_mark_is_noted_once(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    for _ in range(2):
        with Platform.of(bench.settings).open() as session:
            session.warehouse.prepare()
    assert bench.query(MARKS) == [(LAYOUT_IN_FORCE, installed_version())]


TOO_NEW = f"insert into job_matching_bronze.layout values ({LAYOUT_IN_FORCE + 1}, '99.1', now())"
REFUSED = [
    (TOO_NEW, f"have layout {LAYOUT_IN_FORCE + 1}, of jobmatch 99.1;", "Update jobmatch, or name another"),
    ("alter table job_matching_bronze.files drop staged", "has no files.staged.", "Name another"),
    (
        "alter table job_matching_bronze.events_raw drop raw_form",
        "has no events_raw.raw_form.",
        "Name another",
    ),
]


@pytest.mark.parametrize(("plant", "what", "remedy"), REFUSED)
def test_a_warehouse_of_another_version_is_refused_in_a_paragraph(
    bench: Workbench, tmp_path: Path, plant: str, what: str, remedy: str
) -> None:
    home = tmp_path / "home"
    with Platform.of(bench.settings).open() as session:
        session.warehouse.prepare()
    bench.query(plant)
    before = hashlib.sha256(bench.warehouse.read_bytes()).hexdigest()
    for command in (["run"], ["show", "events"]):
        message = error_of(run_here(bench, home, *command), 1)
        assert f"{bench.warehouse} belongs to a " in message
        assert what in message
        assert f"jobmatch {installed_version()}" in message
        assert f"{remedy} warehouse (JOBMATCH_DUCKDB_PATH) and run again" in message
    with pytest.raises(LayoutError):
        bench.work()
    assert hashlib.sha256(bench.warehouse.read_bytes()).hexdigest() == before
    assert not (tmp_path / "gold.duckdb").exists()


def test_of_what_is_missing_only_what_may_be_null_is_added(bench: Workbench) -> None:
    """Each column of the contract is one or the other."""
    with Platform.of(bench.settings).open() as session:
        session.warehouse.prepare()
    whole = bench.warehouse.with_name("whole")
    shutil.copyfile(bench.warehouse, whole)
    for table in CONTROL_TABLES:
        place = f"job_matching_bronze.{table.name}"
        for column in table.columns:
            shutil.copyfile(whole, bench.warehouse)
            with duckdb.connect(str(bench.warehouse)) as connection:
                connection.execute(f"alter table {place} drop {column.name}")
            if value := table.earlier_values.get(column.name):
                bench.prepared()
                assert {found for (found,) in bench.query(f"select {column.name} from {place}")} <= {value}
            elif column.nullable:
                bench.prepared()
                assert bench.query(f"select count({column.name}) from {place}") == [(0,)]
            else:
                with pytest.raises(LayoutError, match=rf"has no {table.name}\.{column.name}\."):
                    bench.prepared()
