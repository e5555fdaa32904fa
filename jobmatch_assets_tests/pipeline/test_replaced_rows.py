"""Contracts look at the rows that a build has replaced, where it is known which these are; else at all."""

import datetime as dt
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jobmatch_assets.checks.contract import contract_key
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import NO_DATE, DateRange
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.steps import build
from jobmatch_assets.warehouse.control.findings import FailingCheck
from jobmatch_assets_tests.bench.events import lines
from jobmatch_assets_tests.bench.golden_subjects import LANDING, land_files
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = "2026-03-02"
ONE_DAY = DateRange(dt.date(2026, 3, 2), dt.date(2026, 3, 2))
TOUCHED = "job_matching_bronze.entities_touched"


class Looks:
    """What contracts looked at while something was built.

    Attributes:
        conditions: {table: the condition on its changed rows}.
        touched: The entities that waited meanwhile.
        found: {table: what its contract found}.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.conditions: dict[TableKey, str] = {}
        self.touched: set[tuple[str, str, str]] = set()
        self.found: dict[TableKey, CheckOutcome] = {}
        run = build.run_data_checks

        def run_and_note(
            session: Session,
            keys: Collection[CheckKey],
            days: Collection[dt.date],
            changed: Mapping[TableKey, str],
        ) -> list[CheckOutcome]:
            self.conditions |= changed
            rows = session.warehouse.query(f"select entity_table, source, entity_key from {TOUCHED}", 100_000)
            self.touched |= {(row["entity_table"], row["source"], row["entity_key"]) for row in rows}
            outcomes = run(session, keys, days, changed=changed)
            self.found |= {
                outcome.key.table: outcome for outcome in outcomes if outcome.key.name == "matches_contract"
            }
            return outcomes

        monkeypatch.setattr(build, "run_data_checks", run_and_note)


def test_rows_that_are_not_looked_at_are_those_of_before(
    workbench: Callable[..., Workbench], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bench = workbench()
    files = sorted(path for path in LANDING.rglob("*") if path.is_file())
    last_ones = {file for number, file in enumerate(files) if number % 7 == 3}
    land_files(bench, set(files) - last_ones)
    bench.run()
    before = shutil.copyfile(bench.warehouse, tmp_path / "before.duckdb")
    land_files(bench, last_ones)
    looks = Looks(monkeypatch)
    bench.run()
    compared = {key: condition for key, condition in looks.conditions.items() if condition}
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{before}' as earlier (read_only); attach '{bench.warehouse}' as later (read_only)"
        )
        connection.execute(
            "create schema job_matching_bronze; "
            f"create table {TOUCHED} (entity_table varchar, source varchar, entity_key varchar)"
        )
        connection.executemany(f"insert into {TOUCHED} values (?, ?, ?)", [*looks.touched])
        differing = {
            str(key): differs
            for key, condition in compared.items()
            if (differs := _differs(connection, key, condition))
        }
    assert differing == {}
    looked_at = {key.name for key in compared}
    assert looked_at >= {
        "job_records",
        "job_versions",
        "dim_job",
        "live_versions",
        "performance_events",
        "active_days",
    }
    # It is not known of these.
    assert looks.conditions[table_named("job_performance_hourly").key] == ""
    assert "opening_outcomes" not in looked_at


def _differs(connection: duckdb.DuckDBPyConnection, key: TableKey, condition: str) -> list[tuple[Any, ...]]:
    place = f"{table_named(key.name).schema}.{key.name}"
    kept = [
        f"from {database}.{place} as looked_at where ({condition}) is not true"
        for database in ("earlier", "later")
    ]
    return connection.execute(
        f"({kept[0]} except all {kept[1]}) union all ({kept[1]} except all {kept[0]})"
    ).fetchall()


@pytest.fixture
def jobs(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    bench.land_entities(f"job/dt={DAY}/a.ndjson", ({"job_id": str(job), "title": "A"} for job in range(3)))
    bench.land(f"dt={DAY}/a.ndjson", lines(DAY, 20, 0))
    bench.run()
    return bench


@pytest.mark.parametrize("table", ["job_versions", "dim_job", "live_versions"])
def test_what_has_not_changed_is_not_looked_at_again(
    jobs: Workbench, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    looks = Looks(monkeypatch)
    _change_a_job(jobs)
    jobs.run()
    assert looks.found[table_named(table).key].metadata["changed rows"] == 2


def test_all_rows_are_looked_at_while_something_blocks(
    jobs: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a history: what else fails is not built again by what arrives."""
    versions = table_named("job_versions")
    with jobs.platform.open() as session:
        stage = session.plan.stage_of(versions.table).name
        failing = FailingCheck(stage, str(versions.key), "matches_contract", NO_DATE, True, "planted")
        session.findings.note([contract_key(versions)], [NO_DATE], [failing])
    looks = Looks(monkeypatch)
    _change_a_job(jobs)
    jobs.run()
    assert looks.found[versions.key].metadata["rows"] == 4


@pytest.mark.parametrize(
    ("table", "ask"),
    [
        ("dim_job", lambda bench: bench.run_selected("key:gold/dim_job", ONE_DAY)),
        ("active_days", lambda bench: bench.run_selected("key:silver/active_days", ONE_DAY)),
        ("job_versions", lambda bench: bench.try_run(ONE_DAY)),
    ],
)
def test_what_a_person_had_built_is_looked_at_though_the_run_was_killed_before(
    jobs: Workbench, monkeypatch: pytest.MonkeyPatch, table: str, ask: Callable[[Workbench], RunReport]
) -> None:
    contract = table_named(table)
    with monkeypatch.context() as patched:
        run = build.run_data_checks

        def die(
            session: Session, keys: Collection[CheckKey], *others: Any, **named: Any
        ) -> list[CheckOutcome]:
            if contract_key(contract) in keys:
                raise KeyboardInterrupt
            return run(session, keys, *others, **named)

        patched.setattr(build, "run_data_checks", die)
        assert ask(jobs).problems == ["KeyboardInterrupt"]
    looks = Looks(monkeypatch)
    _change_a_job(jobs)
    jobs.run()
    assert "rows" in looks.found[contract.key].metadata
    assert jobs.query("select count(*) from job_matching_bronze.rebuild_queue") == [(0,)]


def test_all_rows_are_looked_at_where_any_of_those_that_changed_is_wrong(jobs: Workbench) -> None:
    versions = table_named("job_versions")
    with duckdb.connect(str(jobs.warehouse)) as connection:
        connection.execute(
            "update job_matching_silver.job_versions set is_current = null where job_id in ('1', '2')"
        )
    assert _found(jobs, versions.key, "job_id = '0'").passed
    for wrong in ("job_id = '1'", ""):
        assert _found(jobs, versions.key, wrong).metadata["failing rows"] == 2


def _found(bench: Workbench, table: TableKey, changed: str) -> CheckOutcome:
    (outcome,) = bench.run_checks([contract_key(table_named(table.name))], changed={table: changed})
    return outcome


def _change_a_job(bench: Workbench) -> None:
    changed = {"job_id": "1", "title": "B", "updated_at": f"{DAY}T10:00:00Z"}
    bench.land_entities(f"job/dt={DAY}/b.ndjson", [changed])
