"""The warehouse port on DuckDB: all tables in one file."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.control_tables import ControlTable
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA, GOLD_SCHEMA, SCHEMA_PREFIX
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets.warehouse.duckdb import raw_lines
from jobmatch_assets.warehouse.duckdb import rows as control_rows
from jobmatch_assets.warehouse.duckdb.blocks import refuse_missing_blocks
from jobmatch_assets.warehouse.duckdb.comments import write_comments
from jobmatch_assets.warehouse.duckdb.erasing import DuckDBErasing
from jobmatch_assets.warehouse.duckdb.file import open_file
from jobmatch_assets.warehouse.duckdb.gaps import close_gaps, leave_gaps
from jobmatch_assets.warehouse.duckdb.load import DuckDBLoad
from jobmatch_assets.warehouse.duckdb.preview import preview
from jobmatch_assets.warehouse.duckdb.quoting import quoted
from jobmatch_assets.warehouse.duckdb.rewriting import rewrite_file
from jobmatch_assets.warehouse.duckdb.tables import (
    columns_of,
    columns_of_table,
    make_tables,
    refuse_other_layouts,
)
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets.warehouse.port import DateColumn, LoadTransaction, ReadableGold, Row
from jobmatch_assets.warehouse.selection import Preview, Selection

if TYPE_CHECKING:
    import ibis

_BYTES_PER_LINE = 700
"""What a line takes where many are sorted and joined at once; measured on generated events."""


class DuckDBWarehouse:
    """All tables in one DuckDB file.

    Attributes:
        path: The file.
        stages_by_file: Yes: rows can be deleted and added anywhere.
        lines_at_once: As many as its memory has room for.
    """

    stages_by_file = True

    def __init__(self, path: Path, lock_timeout: float, memory_limit: int, run_id: str = "") -> None:
        # DuckDB names its catalog after the file that a link leads to, and dbt after the link.
        self.path = path.resolve()
        self._lock_timeout = lock_timeout
        self._memory_limit = memory_limit
        self.lines_at_once: int | None = max(1, memory_limit // _BYTES_PER_LINE)
        self._run_id = run_id
        self._read_only = False
        self._open: duckdb.DuckDBPyConnection | None = None
        self._in_transaction = False

    @contextmanager
    def exclusive(self, wait: bool = True) -> Iterator[None]:
        """Keeps other processes out.

        The file stays open meanwhile, for this object and for dbt: nobody comes in between, nothing in here
        waits, and opening it takes most of a short visit.
        """
        with turn(self.path, wait, self._run_id), self._kept_open(wait) as connection:
            leave_gaps(connection)
            yield
            close_gaps(connection)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Looks without a trace."""
        self._read_only = True
        try:
            with self._kept_open(wait=False) as connection:
                refuse_other_layouts(connection, self.path)
                yield
        finally:
            self._read_only = False

    @contextmanager
    def _kept_open(self, wait: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._open is not None:
            yield self._open
            return
        with open_file(
            self.path, self._lock_timeout, self._memory_limit, wait, self._read_only
        ) as connection:
            self._open = connection
            try:
                yield connection
            finally:
                self._open = None

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection that is open, or one for a moment.

        Raises:
            WarehouseError: The file cannot be opened, or another process keeps it.
        """
        with self._kept_open() as connection:
            yield connection

    def prepare(self) -> None:
        """Make schemas and bronze tables where they are missing, in a warehouse that this version knows."""
        with self.connection() as connection:
            refuse_other_layouts(connection, self.path)
            make_tables(connection)

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Nobody bills for jobs."""

    def charged(self) -> dict[str, float]:
        """Nothing."""
        return {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction; one within another is part of it."""
        with self.connection() as connection:
            if self._in_transaction:
                yield
                return
            connection.begin()
            self._in_transaction = True
            try:
                yield
            except BaseException:
                connection.rollback()
                raise
            finally:
                self._in_transaction = False
            connection.commit()

    def records(self, table: ControlTable, **where: Any) -> list[dict[str, Any]]:
        """Rows of a control table."""
        with self.connection() as connection:
            return control_rows.records(connection, table, where)

    def change(
        self,
        table: ControlTable,
        remove: Sequence[Row] = (),
        where: Mapping[str, Any] | None = None,
        add: Sequence[Row] = (),
    ) -> None:
        """Take rows out of a control table and put others in, at once."""
        with self.transaction(), self.connection() as connection:
            control_rows.change(connection, table, remove, where, add)

    def update(self, table: ControlTable, values: Row, **where: Any) -> None:
        """Set columns of some rows of a control table."""
        with self.connection() as connection:
            control_rows.update(connection, table, values, where)

    def append_query(self, place: str, query: str, **constants: Any) -> None:
        """Append the rows of a query of our own to a table of bronze."""
        added = "".join(f", ${name} as {name}" for name in constants)
        with self.connection() as connection:
            connection.execute(
                f"insert into {BRONZE_SCHEMA}.{place} by name select *{added} from ({query})", constants
            )

    def make_like(self, place: str, query: str) -> None:
        """Make a table of bronze with the columns of a query, empty, where it is missing."""
        with self.connection() as connection:
            connection.execute(
                f"create table if not exists {BRONZE_SCHEMA}.{place} as from ({query}) limit 0"
            )

    def count_days(self, place: str, column: str, days: Collection[dt.date]) -> int:
        """How many rows a table of bronze has with one of these dates."""
        with self.connection() as connection:
            if columns_of_table(connection, f"{BRONZE_SCHEMA}.{place}") is None:
                return 0
            ((count,),) = connection.execute(
                f"select count(*) from {BRONZE_SCHEMA}.{place} where list_contains($days, {column})",
                {"days": list(days)},
            ).fetchall()
            return int(count)

    def delete_days(self, place: str, column: str, days: Collection[dt.date]) -> None:
        """Delete the rows of a table of bronze with one of these dates."""
        with self.connection() as connection:
            connection.execute(
                f"delete from {BRONZE_SCHEMA}.{place} where list_contains($days, {column})",
                {"days": list(days)},
            )

    @contextmanager
    def load(self, feed: Feed) -> Iterator[LoadTransaction]:
        """A transaction over bronze."""
        with self.transaction(), self.connection() as connection:
            yield DuckDBLoad(connection, feed)

    @contextmanager
    def raw_lines(self, feed: Feed, **where: Any) -> Iterator[pa.RecordBatchReader]:
        """Lines of a feed's bronze table as they are stored."""
        with self.connection() as connection, connection.cursor() as own:
            own.execute("set TimeZone = 'UTC'")
            yield raw_lines.read(own, feed, where)

    def add_raw_lines(self, feed: Feed, lines: pa.RecordBatchReader) -> None:
        """Put lines into a feed's bronze table."""
        with self.connection() as connection:
            raw_lines.add(connection, feed, lines)

    def remove_raw_lines(self, feed: Feed, **where: Any) -> int:
        """Take lines out of a feed's bronze table."""
        with self.connection() as connection:
            return raw_lines.remove(connection, feed, where)

    def gold_tables(self) -> list[str]:
        """All tables of gold, whoever has put them there."""
        with self.connection() as connection:
            return list(columns_of(connection, GOLD_SCHEMA))

    @contextmanager
    def readable_gold(self) -> Iterator[ReadableGold]:
        """Gold where it is."""
        with self.connection() as connection, connection.cursor() as own:
            own.execute("set TimeZone = 'UTC'")
            yield ReadableGold(own, lambda _, table: nullcontext(f"{GOLD_SCHEMA}.{quoted(table)}"))

    def describe(self, descriptions: Sequence[TableDescription]) -> int:
        """Make these the comments of tables and columns."""
        with self.transaction(), self.connection() as connection:
            return write_comments(connection, descriptions)

    def has_table(self, table: TableKey) -> bool:
        """Whether a table is there."""
        with self.connection() as connection:
            place = f"{SCHEMA_PREFIX}{table.layer}.{table.name}"
            return columns_of_table(connection, place) is not None

    def columns(self, tables: Sequence[TableContract]) -> dict[TableKey, set[str]]:
        """The columns of those tables that are there."""
        with self.connection() as connection:
            found = {schema: columns_of(connection, schema) for schema in {table.schema for table in tables}}
        return {
            table.key: set(found[table.schema][table.table])
            for table in tables
            if table.table in found[table.schema]
        }

    def drop_table(self, table: TableContract) -> None:
        """Drop a table."""
        with self.connection() as connection:
            connection.execute(f"drop table if exists {_place(table)}")

    def rows(self, table: TableContract, first: dt.date, last: dt.date) -> pa.Table:
        """All rows of a small table of these dates."""
        with self.connection() as connection:
            return connection.execute(
                f"select * from {_place(table)} where {table.date_column} between $first and $last",
                {"first": first, "last": last},
            ).to_arrow_table()

    def replace_rows(self, table: TableContract, first: dt.date, last: dt.date, rows: pa.Table) -> None:
        """Put `rows` in the place of all rows of these dates."""
        place = _place(table)
        with self.transaction(), self.connection() as connection:
            connection.register("new_rows", rows)
            connection.execute(f"create table if not exists {place} as select * from new_rows limit 0")
            connection.execute(
                f"delete from {place} where {table.date_column} between $first and $last",
                {"first": first, "last": last},
            )
            connection.execute(f"insert into {place} by name select * from new_rows")
            connection.unregister("new_rows")

    def delete_since(self, table: TableContract, first: dt.date) -> None:
        """Delete the rows of all partitions from a date on."""
        with self.connection() as connection:
            connection.execute(
                f"delete from {_place(table)} where {table.date_column} >= $first", {"first": first}
            )

    def rows_by_date(self, table: TableContract, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of a table by its partition date."""
        column = table.date_column
        with self.connection() as connection:
            rows = connection.execute(
                f"select {column}, count(*) from {_place(table)} "
                f"where {column} between $first and $last group by {column}",
                {"first": first, "last": last},
            ).fetchall()
        return dict(rows)

    def row_count(self, table: TableContract) -> int:
        """All rows of a table."""
        with self.connection() as connection:
            ((count,),) = connection.execute(f"select count(*) from {_place(table)}").fetchall()
            return int(count)

    def refuse_damage(self) -> None:
        """Compare where tables lie with the size of the file."""
        with self.connection() as connection:
            refuse_missing_blocks(connection, self.path)

    def first_rows(
        self, table: TableContract, columns: Sequence[str], date: dt.date | None, most: int
    ) -> list[dict[str, Any]]:
        """A few rows of a partition."""
        where = "" if date is None else f"where {table.date_column} = $date"
        with self.connection() as connection:
            rows = connection.execute(
                f"select {_named(columns)} from {_place(table)} {where} "
                f"order by {_named(table.grain)} limit {most:d}",
                {} if date is None else {"date": date},
            ).fetchall()
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def dates_between(self, columns: Sequence[DateColumn], first: dt.date, last: dt.date) -> set[dt.date]:
        """The dates of a range that one of these columns has."""
        queries = [
            f"select {found.column} from {_place(found.table)} where {found.column} between $first and $last"
            for found in columns
            if self.has_table(found.table.key)
        ]
        if not queries:
            return set()
        with self.connection() as connection:
            rows = connection.execute(
                f"select distinct * from ({' union all '.join(queries)})", {"first": first, "last": last}
            ).fetchall()
        return {date for (date,) in rows}

    def dates_by_value(
        self,
        table: TableContract,
        column: str,
        first: dt.date,
        last: dt.date,
        values: Collection[str] | None,
    ) -> dict[str, set[dt.date]]:
        """{value of a column: partition dates with rows of it}."""
        if not self.has_table(table.key):
            return {}
        with self.connection() as connection:
            rows = connection.execute(
                f"select {column}, list(distinct {table.date_column}) from {_place(table)} "
                f"where {table.date_column} between $first and $last "
                f"and ($values is null or list_contains($values::varchar[], {column})) group by {column}",
                {"first": first, "last": last, "values": None if values is None else list(values)},
            ).fetchall()
        return {value: set(dates) for value, dates in rows}

    def preview(self, selection: Selection) -> Preview:
        """Rows of a silver or gold table, newest date first."""
        with self.connection() as connection:
            return preview(connection, self.path, selection)

    def query(self, query: str, most: int) -> list[dict[str, Any]]:
        """The first rows of a query of our own."""
        with self.connection() as connection:
            cursor = connection.execute(f"select * from ({query}) limit {most:d}")
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def shape(self, table: TableContract) -> str | None:
        """The columns of a table and their types."""
        with self.connection() as connection:
            try:
                described = connection.execute(f"describe {_place(table)}").fetchall()
            except duckdb.CatalogException:
                return None
            return ", ".join(f"{column} {kind}" for column, kind, *_ in described)

    def is_loaded(self, feed: Feed, days: Collection[dt.date]) -> str:  # noqa: ARG002
        """All of them: lines and their entry in the ledger came in one transaction."""
        return ""

    @contextmanager
    def erasing(self) -> Iterator[DuckDBErasing]:
        """What erasure asks for."""
        with self.connection() as connection:
            yield DuckDBErasing(connection)

    def rewrite(self) -> tuple[int, int]:
        """Write the file anew, without what was deleted: (bytes before, bytes now). It must be closed."""
        return rewrite_file(self.path, self._lock_timeout, self._memory_limit, self._run_id)

    @contextmanager
    def ibis(self) -> Iterator["ibis.BaseBackend"]:
        """The tables as Ibis expressions."""
        import ibis

        with self.connection() as connection, connection.cursor() as own:
            own.execute("set TimeZone = 'UTC'")
            yield ibis.duckdb.from_connection(own)


def _place(table: TableContract) -> str:
    return f"{table.schema}.{table.table}"


def _named(columns: Sequence[str]) -> str:
    """Columns of a contract, which may be called like a word of SQL."""
    return ", ".join(f'"{name}"' for name in columns)
