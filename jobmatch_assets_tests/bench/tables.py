"""The tables of a platform, as tests look at them: rows, hashes of contents, what waits; and planted changes."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb

from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.warehouse.duckdb.turns import turn

BUILT_SCHEMAS = ("job_matching_silver", "job_matching_gold")
"""What dbt builds; all of it is a function of the lines that have arrived."""

HEALTH_TABLES = ("data_health_daily", "quarantine_daily")
"""Gold tables about lines, not about events: late, repeated and broken ones count there."""

GOLD_TABLES = (
    "funnel_daily",
    "funnel_weekly",
    "ranking_metrics_daily",
    "ranking_position_daily",
    "search_quality_daily",
    "ab_metrics_daily",
    "ab_cumulative_sums",
    "ab_results",
    *HEALTH_TABLES,
)

Row = dict[str, Any]


class Tables:
    """The tables in a DuckDB file.

    Attributes:
        warehouse: The file.
    """

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse
        self._open: duckdb.DuckDBPyConnection | None = None

    def keep_open(self) -> None:
        """Opening the file takes longer than most questions; who opens it next in this process shares it."""
        self._open = duckdb.connect(str(self.warehouse))

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a query, or what a statement says."""
        with turn(self.warehouse), duckdb.connect(str(self.warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql, list(parameters)).fetchall()

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """The rows of a query, as {column: value}."""
        with turn(self.warehouse), duckdb.connect(str(self.warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            cursor = connection.execute(sql, list(parameters))
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

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

    def contents_by_date(self, tables: Sequence[str] | None = None) -> dict[tuple[str, Any], str]:
        """The same by table and partition; a table without dates has one, None."""
        hashes = {}
        for table in self.tables() if tables is None else tables:
            column = table_named(table.split(".")[1]).date_column or "null"
            by_date: dict[Any, list[tuple[Any, ...]]] = {}
            for date, *row in self.query(f"select {column}, * from {table}"):
                by_date.setdefault(date, []).append(tuple(row))
            hashes |= {(table, date): _hash(rows) for date, rows in by_date.items()}
        return hashes

    def gold_by_date(self, tables: Sequence[str] = GOLD_TABLES) -> dict[tuple[str, str], str]:
        """The same of gold, by the table's own name and the date as text."""
        found = self.contents_by_date([f"job_matching_gold.{table}" for table in tables])
        return {(table.split(".")[1], str(date)): rows for (table, date), rows in found.items()}

    def bronze(self) -> list[tuple[Any, ...]]:
        """Every line of bronze with where it came from, in order."""
        return self.query(
            "select _source_file, _source_sha256, _source_line, raw_line, raw_form, line_bytes, _source_dt "
            "from job_matching_bronze.events_raw order by all"
        )

    def waiting(self, *layers: str) -> list[tuple[str, dt.date]]:
        """What the rebuild queue holds, for these layers if any are named."""
        rows = self.query(
            "select distinct stage, event_date from job_matching_bronze.rebuild_queue order by all"
        )
        return [(layer, date) for layer, date in rows if not layers or layer in layers]

    def dates_waiting(self, layer: str) -> list[str]:
        return [str(date) for _, date in self.waiting(layer)]

    def results(self, as_of_date: dt.date | None = None) -> dict[tuple[str, str, str], Row]:
        """ab_results by experiment, variant and metric, as of a date or each experiment's last."""
        rows = self.rows(
            "select * from job_matching_gold.ab_results "
            "qualify as_of_date = coalesce(?, max(as_of_date) over (partition by experiment_id))",
            as_of_date,
        )
        return {(row["experiment_id"], row["variant"], row["metric"]): row for row in rows}

    @contextmanager
    def planted(self, table: str | TableContract, *statements: str) -> Iterator[None]:
        """Change a table by statements, in which {t} stands for it, and undo it afterwards."""
        table = table if isinstance(table, str) else f"{table.schema}.{table.table}"
        schema, name = table.split(".")
        ((is_view,),) = self.query(
            "select table_type = 'VIEW' from information_schema.tables where table_schema = ? and table_name = ?",
            schema,
            name,
        )
        kind = "view" if is_view else "table"
        self.query(f"alter {kind} {table} rename to kept_{name}")
        try:
            # A table without NOT NULL: checks must see what the engine would refuse.
            self.query(f"create table {table} as select * from {schema}.kept_{name}")
            for statement in statements:
                self.query(dedent(statement).replace("{t}", table))
            yield
        finally:
            self.query(f"drop table if exists {table}")
            self.query(f"alter {kind} {schema}.kept_{name} rename to {name}")


def _hash(rows: Iterable[tuple[Any, ...]]) -> str:
    digest = hashlib.sha256()
    for row in sorted(map(repr, rows)):
        digest.update(row.encode())
    return digest.hexdigest()
