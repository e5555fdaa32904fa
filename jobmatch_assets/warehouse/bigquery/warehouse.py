"""The warehouse port on BigQuery: all tables in three datasets of a project."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.control_tables import (
    CONTROL_TABLES,
    EXPERIMENTS_COMPARED,
    FILES,
    LAYOUT,
    LAYOUT_IN_FORCE,
    ControlTable,
)
from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA, GOLD_SCHEMA, SCHEMA_PREFIX, SILVER_SCHEMA
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.dates import is_of_days
from jobmatch_assets.warehouse.bigquery import rows as control_rows
from jobmatch_assets.warehouse.bigquery.arrow import in_common_types
from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.bigquery.descriptions import write_descriptions
from jobmatch_assets.warehouse.bigquery.load import BigQueryLoad
from jobmatch_assets.warehouse.bigquery.preview import preview
from jobmatch_assets.warehouse.bigquery.replace import replace_rows
from jobmatch_assets.warehouse.bigquery.tables import make_tables, refuse_other_layouts, tables_of_bronze
from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets.warehouse.layout import installed_version
from jobmatch_assets.warehouse.port import DateColumn, LoadTransaction, ReadableGold, Row, WarehouseError
from jobmatch_assets.warehouse.selection import Preview, Selection

if TYPE_CHECKING:
    import ibis

_FETCHED = "_fetched"

_RAW_TABLES = {feed.raw: feed for feed in FEEDS}


class BigQueryWarehouse:
    """All tables in three datasets of a Google Cloud project.

    Attributes:
        stages_by_file: No: a partition is read and written as a whole, and billed so.
        lines_at_once: Any number.
    """

    stages_by_file = False
    lines_at_once: int | None = None

    def __init__(self, client: BigQueryClient, partitions_start: dt.date) -> None:
        self._client = client
        self._partitions_start = partitions_start

    @contextmanager
    def exclusive(self, wait: bool = True) -> Iterator[None]:  # noqa: ARG002
        """Keeps nobody out: statements are atomic, loads are sent once, and BigQuery has room for many."""
        yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Looks without a trace: queries leave none."""
        with self._client.explained():
            refuse_other_layouts(self._client, tables_of_bronze(self._client))
        yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """No transaction: each statement is there at once."""
        yield

    def prepare(self) -> None:
        """Make datasets and bronze tables where they are missing, in a warehouse that this version knows."""
        from google.cloud.bigquery import Dataset

        client = self._client
        names = {table.name for table in CONTROL_TABLES} | {feed.raw.name for feed in FEEDS}
        with client.explained():
            found = tables_of_bronze(client)
            layouts = refuse_other_layouts(client, found)
            # A version that adds a column adds a table or another layout, too, or nobody would look here.
            if names <= found and LAYOUT_IN_FORCE in layouts:
                return
            for schema in (BRONZE_SCHEMA, SILVER_SCHEMA, GOLD_SCHEMA):
                dataset = Dataset(f"{client.project}.{schema}")
                dataset.location = client.location
                client.api.create_dataset(dataset, exists_ok=True, retry=client.retry)
            make_tables(client, found)
        if found and EXPERIMENTS_COMPARED.name not in found:
            self._note_earlier_results()
        if LAYOUT_IN_FORCE not in layouts:
            client.query(
                f"insert into {BRONZE_SCHEMA}.{LAYOUT.name} (layout, made_by, made_at) "
                "select @layout, @version, current_timestamp()",
                layout=LAYOUT_IN_FORCE,
                version=installed_version(),
            )

    def _note_earlier_results(self) -> None:
        """Results of an earlier version: with what they were computed is not known."""
        if self.has_table(AB_CUMULATIVE_SUMS.key):
            self._client.query(
                f"insert into {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED.name} (experiment_id) "
                f"select distinct experiment_id from {_place(AB_CUMULATIVE_SUMS)} "
                f"where {AB_CUMULATIVE_SUMS.date_column} >= @start",
                start=self._partitions_start,
            )

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Label the jobs from now on with a table, or a stage, and dates."""
        self._client.account.charge(asset, dates)

    def charged(self) -> dict[str, float]:
        """What the jobs since the last `charge` cost."""
        return self._client.account.charged()

    def records(self, table: ControlTable, **where: Any) -> list[dict[str, Any]]:
        """Rows of a control table."""
        return control_rows.read(self._client, table, where)

    def change(
        self,
        table: ControlTable,
        remove: Sequence[Row] = (),
        where: Mapping[str, Any] | None = None,
        add: Sequence[Row] = (),
    ) -> None:
        """Take rows out of a control table and put others in, with one statement."""
        control_rows.change(self._client, table, remove, where, add)

    def update(self, table: ControlTable, values: Row, **where: Any) -> None:
        """Set columns of some rows of a control table."""
        control_rows.update(self._client, table, values, where)

    def append_query(self, place: str, query: str, **constants: Any) -> None:
        """Append the rows of a query of our own to a table of bronze."""
        client = self._client
        with client.explained():
            found = client.api.get_table(f"{client.project}.{BRONZE_SCHEMA}.{place}", retry=client.retry)
        names = [field.name for field in found.schema]
        selected = [f"@{name}" if name in constants else name for name in names]
        client.query(
            f"insert into {BRONZE_SCHEMA}.{place} ({', '.join(names)}) "
            f"select {', '.join(selected)} from ({query})",
            **constants,
        )

    def make_like(self, place: str, query: str) -> None:
        """Make a table of bronze with the columns of a query, empty, where it is missing."""
        self._client.query(
            f"create table if not exists {BRONZE_SCHEMA}.{place} as select * from ({query}) limit 0"
        )

    def count_days(self, place: str, column: str, days: Collection[dt.date]) -> int:
        """How many rows a table of bronze has with one of these dates."""
        if not days or not self.has_table(TableKey("bronze", place)):
            return 0
        ((count,),) = self._client.rows(
            f"select count(*) from {BRONZE_SCHEMA}.{place} where {column} in unnest(@days)", days=sorted(days)
        )
        return int(count)

    def delete_days(self, place: str, column: str, days: Collection[dt.date]) -> None:
        """Delete the rows of a table of bronze with one of these dates."""
        if days:
            self._client.query(
                f"delete from {BRONZE_SCHEMA}.{place} where {column} in unnest(@days)", days=sorted(days)
            )

    @contextmanager
    def load(self, feed: Feed) -> Iterator[LoadTransaction]:
        """Files that become visible when the ledger names them, which is the last that happens."""
        yield BigQueryLoad(self._client, feed)

    def raw_lines(self, feed: Feed, **where: Any) -> AbstractContextManager[pa.RecordBatchReader]:  # noqa: ARG002
        """No lines: a load is there as a whole."""
        raise _stays(feed)

    def add_raw_lines(self, feed: Feed, lines: pa.RecordBatchReader) -> None:  # noqa: ARG002
        """No lines: a load is there as a whole."""
        raise _stays(feed)

    def remove_raw_lines(self, feed: Feed, **where: Any) -> int:  # noqa: ARG002
        """No lines: a load is there as a whole."""
        raise _stays(feed)

    def gold_tables(self) -> list[str]:
        """Those of the platform: reading what others have put into the dataset would be billed."""
        return sorted(name for name in self._tables(GOLD_SCHEMA) if is_table(name))

    @contextmanager
    def readable_gold(self) -> Iterator[ReadableGold]:
        """Gold, fetched table by table."""
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield ReadableGold(connection, self._rows_of)

    @contextmanager
    def _rows_of(self, connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
        connection.register(_FETCHED, self._all_rows(table))
        try:
            yield _FETCHED
        finally:
            connection.unregister(_FETCHED)

    def _all_rows(self, table: str) -> pa.Table:
        place, column = f"{GOLD_SCHEMA}.{table}", table_named(table).date_column
        # BigQuery refuses a partitioned table without a filter on its dates.
        dated = f" where {column} between @first and @last" if column else ""
        job = self._client.query(
            f"select * from {place}{dated}",
            **({"first": dt.date.min, "last": dt.date.max} if column else {}),
        )
        with self._client.explained():
            return in_common_types(job.to_arrow(create_bqstorage_client=False))

    def describe(self, descriptions: Sequence[TableDescription]) -> int:
        """Make these the descriptions of tables and columns."""
        return write_descriptions(self._client, descriptions)

    def has_table(self, table: TableKey) -> bool:
        """Whether a table is there."""
        return table.name in self._tables(f"{SCHEMA_PREFIX}{table.layer}")

    def columns(self, tables: Sequence[TableContract]) -> dict[TableKey, set[str]]:
        """The columns of those tables that are there; costs a request each, and no job."""
        client = self._client
        there = {schema: self._tables(schema) for schema in {table.schema for table in tables}}
        with client.explained():
            return {
                table.key: {
                    field.name
                    for field in client.api.get_table(
                        f"{client.project}.{_place(table)}", retry=client.retry
                    ).schema
                }
                for table in tables
                if table.table in there[table.schema]
            }

    def drop_table(self, table: TableContract) -> None:
        """Drop a table."""
        client = self._client
        with client.explained():
            client.api.delete_table(
                f"{client.project}.{_place(table)}", not_found_ok=True, retry=client.retry
            )

    def rows(self, table: TableContract, first: dt.date, last: dt.date) -> pa.Table:
        """All rows of a small table of these dates."""
        job = self._client.query(
            f"select * from {_place(table)} where {table.date_column} between @first and @last",
            first=first,
            last=last,
        )
        with self._client.explained():
            return job.to_arrow(create_bqstorage_client=False)

    def replace_rows(self, table: TableContract, first: dt.date, last: dt.date, rows: pa.Table) -> None:
        """Put `rows` in the place of all rows of these dates."""
        replace_rows(self._client, _place(table), str(table.date_column), first, last, rows)

    def delete_since(self, table: TableContract, first: dt.date) -> None:
        """Delete the rows of all partitions from a date on."""
        self._client.query(f"delete from {_place(table)} where {table.date_column} >= @first", first=first)

    def rows_by_date(self, table: TableContract, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of a table by its partition date."""
        if feed := _RAW_TABLES.get(table.key):
            # The ledger decides which lines count, and knows how many there are.
            return dict(
                self._client.rows(
                    f"select dt, sum(lines) from {BRONZE_SCHEMA}.{FILES.name} "
                    "where feed = @feed and dt between @first and @last and lines > 0 group by dt",
                    feed=feed.name,
                    first=first,
                    last=last,
                )
            )
        column = table.date_column
        return dict(
            self._client.rows(
                f"select {column}, count(*) from {_place(table)} "
                f"where {column} between @first and @last group by {column}",
                first=first,
                last=last,
            )
        )

    def row_count(self, table: TableContract) -> int:
        """All rows of a table."""
        ((count,),) = self._client.rows(f"select count(*) from {_place(table)}")
        return int(count)

    def refuse_damage(self) -> None:
        """BigQuery sees to it itself."""

    def first_rows(
        self, table: TableContract, columns: Sequence[str], date: dt.date | None, most: int
    ) -> list[dict[str, Any]]:
        """A few rows of a partition; no other one is read."""
        where = "" if date is None else f"where {table.date_column} = @date"
        rows = self._client.rows(
            f"select {_named(columns)} from {_place(table)} {where} "
            f"order by {_named(table.grain)} limit {most:d}",
            **({} if date is None else {"date": date}),
        )
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def dates_between(self, columns: Sequence[DateColumn], first: dt.date, last: dt.date) -> set[dt.date]:
        """The dates of a range that one of these columns has."""
        there = {
            layer: self._tables(f"{SCHEMA_PREFIX}{layer}") for layer in {item.table.layer for item in columns}
        }
        # A column may be called as its table is, and a bare name would mean the row.
        queries = [
            f"select asked.{item.column} as found_date from {_place(item.table)} as asked "
            f"where asked.{item.column} between @first and @last{_in_partitions(item, first)}"
            for item in columns
            if item.table.table in there[item.table.layer]
        ]
        if not queries:
            return set()
        rows = self._client.rows(
            f"select distinct found_date from ({' union all '.join(queries)})", first=first, last=last
        )
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
        query = (
            f"select distinct {column}, {table.date_column} from {_place(table)} "
            f"where {table.date_column} between @first and @last"
        )
        if values:
            query += f" and {column} in unnest(@values)"
        given = {"values": sorted(values)} if values else {}
        dates: dict[str, set[dt.date]] = {}
        for value, date in self._client.rows(query, first=first, last=last, **given):
            dates.setdefault(value, set()).add(date)
        return dates

    def preview(self, selection: Selection) -> Preview:
        """Rows of a silver or gold table, newest date first."""
        tables = self._tables(SILVER_SCHEMA) | self._tables(GOLD_SCHEMA)
        if selection.table not in tables:
            raise selection.no_such_table(self._client.project, tables.keys())
        return preview(self._client, tables[selection.table], selection, self._partitions_start)

    def query(self, query: str, most: int) -> list[dict[str, Any]]:
        """The first rows of a query of our own."""
        job = self._client.query(f"select * from ({query}) limit {most:d}")
        with self._client.explained():
            return [dict(row.items()) for row in job.result(retry=self._client.retry)]

    def shape(self, table: TableContract) -> str | None:
        """The columns of a table and their types; costs a request, and no job."""
        from google.api_core.exceptions import NotFound

        client = self._client
        with client.explained():
            try:
                found = client.api.get_table(f"{client.project}.{_place(table)}", retry=client.retry)
            except NotFound:
                return None
            return ", ".join(str(field.to_api_repr()) for field in found.schema)

    def is_loaded(self, feed: Feed, days: Collection[dt.date]) -> str:
        """Of loads that the ledger names, in the partitions with files of these days."""
        loaded = f"{BRONZE_SCHEMA}.{FILES.name} where feed = '{feed.name}' and outcome = 'loaded'"
        rows = self._client.rows(
            f"select distinct date(ingested_at) from {loaded} and dt in unnest(@days)", days=sorted(days)
        )
        partitions = [
            f"ingested_at between timestamp '{day} 00:00:00+00' and timestamp '{day} 23:59:59.999999+00'"
            for (day,) in sorted(rows)
        ]
        if not partitions:
            # Without a load the ledger names no partition; BigQuery wants one all the same.
            return "ingested_at < timestamp '1970-01-01 00:00:00+00'"
        loads = f"select load_id from {loaded} and {is_of_days('dt', days)}"
        return f"({' or '.join(partitions)}) and _load_id in ({loads})"

    @contextmanager
    def ibis(self) -> Iterator["ibis.BaseBackend"]:
        """The tables as Ibis expressions."""
        with self._client.ibis() as backend:
            yield backend

    def _tables(self, schema: str) -> dict[str, str]:
        """{table of a dataset: the dataset}."""
        with self._client.explained():
            listed = self._client.api.list_tables(schema, retry=self._client.retry)
            return {item.table_id: schema for item in listed}


def _stays(feed: Feed) -> WarehouseError:
    return WarehouseError(
        f"On BigQuery lines of {feed.raw} stay where they are: taking some out and noting it needs a "
        "transaction, and loads have none there. Nothing was changed. To be rid of a file, take it out of "
        "the landing root and build the tables anew, in another project (docs/runbook.md)."
    )


def _in_partitions(item: DateColumn, first: dt.date) -> str:
    """The partitions of dates since a date, as a further condition; none for a table without partitions."""
    if item.table.date_column is None:
        return ""
    return f" and {item.table.date_column} >= date '{first - dt.timedelta(days=item.lag)}'"


def _place(table: TableContract) -> str:
    return f"{table.schema}.{table.table}"


def _named(columns: Sequence[str]) -> str:
    """Columns of a contract, which may be called like a word of SQL."""
    return ", ".join(f"`{name}`" for name in columns)
