"""What the platform asks of a warehouse, whichever engine it is: little, so that two engines are few lines.

What is kept in control tables is written once for both, in `control/`; all other tables are dbt's.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from jobmatch_assets.contracts.control_tables import ControlTable
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.errors import PlatformError, RequestError

if TYPE_CHECKING:
    import duckdb
    import ibis

    from jobmatch_assets.warehouse.control.ledger import FileRecord
    from jobmatch_assets.warehouse.descriptions import TableDescription
    from jobmatch_assets.warehouse.selection import Preview, Selection

PLANNING = "planning"
"""What jobs are charged to that find out what is to be built."""

Row = Mapping[str, Any]
"""A row of a table, as {column: value}."""


class WarehouseError(PlatformError):
    """The warehouse cannot be used; the message says why and what to do."""


class SelectionError(RequestError):
    """Rows or columns are asked for that the table cannot have."""


class WarehouseBusyError(WarehouseError):
    """Somebody else is at work on the warehouse, and the caller did not want to wait."""


class WarehouseHeldError(WarehouseBusyError):
    """A program of somebody else has the warehouse open, who knows for how long.

    Attributes:
        what: The warehouse.
        holder: Who has it, as far as the system tells.
    """

    def __init__(self, message: str, what: str, holder: str) -> None:
        super().__init__(message)
        self.what = what
        self.holder = holder


@dataclass(frozen=True)
class DateColumn:
    """A column with dates.

    Attributes:
        table: The table.
        column: The column.
        lag: How many days a partition may lie before the dates in it.
    """

    table: TableContract
    column: str
    lag: int = 0


def job_cost(jobs: int, bytes_billed: int | None, slot_ms: int | None) -> dict[str, float]:
    """What jobs cost, as metadata of what they were done for; engines leave out what they did not bill."""
    return {"jobs": jobs, "bytes billed": bytes_billed or 0, "slot seconds": (slot_ms or 0) / 1000}


@dataclass(frozen=True)
class ReadableGold:
    """Gold as statements of a DuckDB connection read it, in types that are the same whatever the engine.

    Attributes:
        connection: In UTC; files can be attached to it, and have to be detached.
        rows_of: Gives the connection, or a cursor of it, a relation with the rows of a table, by its name,
            for the time of a block.
    """

    connection: "duckdb.DuckDBPyConnection"
    rows_of: "Callable[[duckdb.DuckDBPyConnection, str], AbstractContextManager[str]]"


class LoadTransaction(Protocol):
    """Files that come into bronze together or not at all."""

    def add_lines(self, lines: pa.RecordBatchReader, load_id: str, ingested_at: dt.datetime) -> None:
        """Append lines in one pass.

        Args:
            lines: The columns of the feed's bronze table but _load_id and ingested_at.
            load_id: The load that brings them.
            ingested_at: When the load began.
        """
        ...

    def add_files(self, records: "Sequence[FileRecord]", ingested_at: dt.datetime) -> None:
        """Note files that the ledger does not hold yet."""
        ...

    def renew_fingerprints(self, records: "Sequence[FileRecord]") -> None:
        """Note that known files were touched without a change of their content."""
        ...


class Warehouse(Protocol):
    """The tables, and who may work on them.

    Attributes:
        stages_by_file: Whether a new file's lines are staged beside those of its day's other files. Else all
            lines of the day are staged again, as the macro `is_to_be_staged` has it.
        lines_at_once: About how many lines are built at once before the engine writes temporary files; None
            where there may be any number.
    """

    stages_by_file: bool
    lines_at_once: int | None

    def exclusive(self, wait: bool = True) -> AbstractContextManager[None]:
        """Keeps other processes out, where the engine has room for one only.

        A thread that has it may take it again, and waits for nobody inside.

        Args:
            wait: Wait for processes of the platform, however long their work takes, and for programs of
                others as long as the settings say. Otherwise for nobody: an error within a second.

        Raises:
            WarehouseBusyError: Another process of the platform has it, and `wait` is false.
            WarehouseHeldError: A program of somebody else keeps it.
        """
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Looks without a trace: within the block nothing is written, no file made, no folder.

        Processes of the platform are waited for, programs of others are not.

        Raises:
            WarehouseHeldError: A program of somebody else keeps it.
            LayoutError: It is of a version that is too new, or too old, for this one.
            WarehouseError: There is no warehouse.
        """
        ...

    def prepare(self) -> None:
        """Make datasets, bronze and control tables, and columns of them, where they are missing.

        Raises:
            LayoutError: The warehouse is of a version that is too new, or too old, for this one; nothing was
                changed.
        """
        ...

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Charge the next jobs to partitions of a table, or of a stage, where the engine bills jobs."""
        ...

    def charged(self) -> dict[str, float]:
        """What the jobs since the last `charge` cost, as `job_cost` names it; nothing where jobs are free."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """What is written in the block is there at once, where the engine has transactions.

        Elsewhere each statement is there at once: the order within a block must be one that can be repeated.
        """
        ...

    def records(self, table: ControlTable, **where: Any) -> list[dict[str, Any]]:
        """Rows of a control table, ordered by all of its columns.

        A table, or a column, that a warehouse of an earlier version lacks has no rows, or NULL.

        Args:
            table: The table.
            **where: {column: the value that it has; of a collection one of them}.
        """
        ...

    def change(
        self,
        table: ControlTable,
        remove: Sequence[Row] = (),
        where: Mapping[str, Any] | None = None,
        add: Sequence[Row] = (),
    ) -> None:
        """Take rows out of a control table and put others in, at once.

        Args:
            table: The table.
            remove: Rows to take out: those that have all values of one of these, NULL being a value.
            where: Rows to take out, too: conditions as of `records`.
            add: Rows to put in; columns that they leave out are NULL.
        """
        ...

    def update(self, table: ControlTable, values: Row, **where: Any) -> None:
        """Set columns of some rows of a control table; conditions as of `records`."""
        ...

    def append_query(self, place: str, query: str, **constants: Any) -> None:
        """Append the rows of a query of our own to a table of bronze.

        Args:
            place: The table.
            query: The query, compiled by dbt; its columns are columns of the table.
            **constants: Further columns, with the value that they have in all rows; the query may use these
                values, too, as dbt's macro given_constant names them.
        """
        ...

    def make_like(self, place: str, query: str) -> None:
        """Make a table of bronze with the columns of a query of our own, empty, where it is missing."""
        ...

    def count_days(self, place: str, column: str, days: Collection[dt.date]) -> int:
        """How many rows a table of bronze has with one of these dates; none where it is missing."""
        ...

    def delete_days(self, place: str, column: str, days: Collection[dt.date]) -> None:
        """Delete the rows of a table of bronze with one of these dates."""
        ...

    def load(self, feed: Feed) -> AbstractContextManager[LoadTransaction]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        ...

    def raw_lines(self, feed: Feed, **where: Any) -> AbstractContextManager[pa.RecordBatchReader]:
        """Lines of a feed's bronze table as they are stored, in the order of their files and numbers.

        Args:
            feed: The feed.
            **where: {column: the value that it has; of a collection one of them}.

        Raises:
            WarehouseError: The engine keeps lines where they are.
        """
        ...

    def add_raw_lines(self, feed: Feed, lines: pa.RecordBatchReader) -> None:
        """Put lines into a feed's bronze table that have all of its columns.

        Raises:
            WarehouseError: The engine keeps lines where they are.
        """
        ...

    def remove_raw_lines(self, feed: Feed, **where: Any) -> int:
        """Take lines out of a feed's bronze table; conditions as of `raw_lines`.

        Returns:
            How many there were.

        Raises:
            WarehouseError: The engine keeps lines where they are.
        """
        ...

    def gold_tables(self) -> list[str]:
        """Names of the tables of gold that readers get: all; where reading is billed, the platform's own."""
        ...

    def readable_gold(self) -> AbstractContextManager[ReadableGold]:
        """Gold, for whoever makes a file of it."""
        ...

    def describe(self, descriptions: "Sequence[TableDescription]") -> int:
        """Make these the descriptions of tables and columns in the warehouse, where it has others.

        Returns:
            How many were changed; a table that is missing has none.
        """
        ...

    def has_table(self, table: TableKey) -> bool:
        """Whether a table is there."""
        ...

    def columns(self, tables: Sequence[TableContract]) -> dict[TableKey, set[str]]:
        """{table: its columns}, of those that are there."""
        ...

    def drop_table(self, table: TableContract) -> None:
        """Drop a table, which need not be there."""
        ...

    def rows(self, table: TableContract, first: dt.date, last: dt.date) -> pa.Table:
        """All rows of a small table whose partition date lies from `first` to `last`."""
        ...

    def replace_rows(self, table: TableContract, first: dt.date, last: dt.date, rows: pa.Table) -> None:
        """Put `rows` in the place of all rows of these dates, at once; the table is made if it is missing."""
        ...

    def delete_since(self, table: TableContract, first: dt.date) -> None:
        """Delete the rows of all partitions from a date on."""
        ...

    def rows_by_date(self, table: TableContract, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of a table by its partition date, from `first` to `last`; dates without rows are left out."""
        ...

    def row_count(self, table: TableContract) -> int:
        """All rows of a table that has no date."""
        ...

    def refuse_damage(self) -> None:
        """Look whether all of the tables is there, without reading their rows.

        Raises:
            WarehouseError: A part is missing.
        """
        ...

    def first_rows(
        self, table: TableContract, columns: Sequence[str], date: dt.date | None, most: int
    ) -> list[dict[str, Any]]:
        """A few rows of a partition, in the order of the table's grain, as {column: value}.

        Args:
            table: The table.
            columns: The columns, in this order.
            date: The partition; None of a table that has none.
            most: Rows at the most.
        """
        ...

    def dates_between(self, columns: Sequence[DateColumn], first: dt.date, last: dt.date) -> set[dt.date]:
        """The dates of a range that one of these columns has; tables that are missing have none."""
        ...

    def dates_by_value(
        self,
        table: TableContract,
        column: str,
        first: dt.date,
        last: dt.date,
        values: Collection[str] | None,
    ) -> dict[str, set[dt.date]]:
        """{value of a column: partition dates with rows of it}; nothing where the table is missing.

        Args:
            table: The table.
            column: The column.
            first: The first date to look at.
            last: The last.
            values: Whose dates; None for those of all.
        """
        ...

    def preview(self, selection: "Selection") -> "Preview":
        """Rows of a silver or gold table, newest date first.

        Raises:
            SelectionError: The table has no such column, or a value is none of its column's type.
            WarehouseError: There is no such table.
        """
        ...

    def query(self, query: str, most: int) -> list[dict[str, Any]]:
        """The first rows of a query of our own (a dbt test), at most `most`, as {column: value}."""
        ...

    def shape(self, table: TableContract) -> str | None:
        """The columns of a table and their types, as the engine writes them; None where it is not there."""
        ...

    def is_loaded(self, feed: Feed, days: Collection[dt.date]) -> str:
        """Which lines of a feed's bronze table count: a condition, empty where all do.

        They are of loads with files of these days in the ledger.
        """
        ...

    def ibis(self) -> AbstractContextManager["ibis.BaseBackend"]:
        """The tables as Ibis expressions, in UTC, on a connection that is closed when the block ends."""
        ...
