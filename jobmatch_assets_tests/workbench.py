"""A landing folder, a warehouse and a Dagster instance of a test's own, and what a test asks of them."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from jobmatch_assets.contracts.bronze import PARTITION_COLUMNS
from jobmatch_assets.dates import DateRange
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.command_runs import materialize, process
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.work import Landed, WaitingWork, find_work
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.duckdb.turns import turn

GOLDEN = Path(__file__).parent / "golden"

BUILT_SCHEMAS = ("job_matching_silver", "job_matching_gold")
"""What dbt builds; all of it is a function of the lines that have arrived."""


class Workbench:
    """One platform in one folder.

    Attributes:
        landing: The landing root.
        warehouse: The DuckDB file.
    """

    def __init__(
        self, folder: Path, instance: dg.DagsterInstance, landing: Path | None = None, **environment: str
    ) -> None:
        self.landing = landing or folder / "landing"
        self.warehouse = folder / "warehouse.duckdb"
        self.instance = instance
        self.environment = {
            "JOBMATCH_LANDING": str(self.landing),
            "JOBMATCH_DUCKDB_PATH": str(self.warehouse),
            "JOBMATCH_EXPERIMENTS": str(GOLDEN / "experiments.csv"),
            **environment,
        }
        self.settings = Settings.from_environment(self.environment)
        self._definitions: dg.Definitions | None = None

    # ---- files

    def land(self, name: str, lines: Iterable[bytes | str]) -> Path:
        """Write an events file, a line each."""
        path = self.landing / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        encoded = [line.encode() if isinstance(line, str) else line for line in lines]
        path.write_bytes(b"".join(line + b"\n" for line in encoded))
        return path

    def land_copy(self, source: Path, name: str) -> Path:
        """Copy a file of another landing folder under the same name."""
        path = self.landing / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "events" / name, path)
        return path

    # ---- runs

    def run(self, forced: DateRange | None = None) -> RunReport:
        """What `jobmatch run` does; everything must go well."""
        report = self.try_run(forced)
        assert report.problems == [], report.problems
        return report

    def try_run(self, forced: DateRange | None = None) -> RunReport:
        return process(self.definitions, self.instance, forced)

    def run_selected(self, selection: str, dates: DateRange) -> RunReport:
        return materialize(self.definitions, self.instance, selection, dates)

    def definitions(self) -> dg.Definitions:
        if self._definitions is None:
            self._definitions = build_definitions(self.settings)
        return self._definitions

    def work(self) -> WaitingWork:
        """What is there to do."""
        platform = Platform.of(self.settings)
        warehouse = platform.warehouse()
        warehouse.prepare()
        return find_work(Landed.of(platform.landing().files(), platform.partitions), platform)

    # ---- tables

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with turn(self.warehouse), duckdb.connect(str(self.warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql, list(parameters)).fetchall()

    def tables(self, schemas: Sequence[str] = BUILT_SCHEMAS) -> list[str]:
        rows = self.query(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where list_contains(?, table_schema) order by all",
            list(schemas),
        )
        return [name for (name,) in rows]

    def contents(self, provenance: bool = True) -> dict[str, str]:
        """A hash of the rows of every table that dbt builds.

        Args:
            provenance: Include the file and line that a row comes from. Of identical lines any one may be
                kept.
        """
        columns = "*" if provenance else "columns(c -> c not like '%\\_source\\_%' escape '\\')"
        return {table: _hash(self.query(f"select {columns} from {table}")) for table in self.tables()}

    def contents_by_date(self) -> dict[tuple[str, Any], str]:
        """The same by table and partition."""
        hashes = {}
        for table in self.tables():
            column = PARTITION_COLUMNS.get(table.split(".")[1], "event_date")
            by_date: dict[Any, list[tuple[Any, ...]]] = {}
            for date, *row in self.query(f"select {column}, * from {table}"):
                by_date.setdefault(date, []).append(tuple(row))
            hashes |= {(table, date): _hash(rows) for date, rows in by_date.items()}
        return hashes

    def bronze(self) -> list[tuple[Any, ...]]:
        """Every line of bronze with where it came from, in order."""
        return self.query(
            "select _source_file, _source_sha256, _source_line, raw_line, raw_form, line_bytes, _source_dt "
            "from job_matching_bronze.events_raw order by all"
        )

    def waiting(self, *layers: str) -> list[tuple[Any, ...]]:
        """What the rebuild queue holds for these layers."""
        return self.query(
            "select distinct layer, event_date from job_matching_bronze.rebuild_queue "
            "where list_contains(?, layer) order by all",
            list(layers),
        )

    def dates_waiting(self, layer: str) -> list[str]:
        return [str(date) for _, date in self.waiting(layer)]


def _hash(rows: Iterable[tuple[Any, ...]]) -> str:
    digest = hashlib.sha256()
    for row in sorted(map(repr, rows)):
        digest.update(row.encode())
    return digest.hexdigest()
