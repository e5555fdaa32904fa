"""Taking a table of gold over into a copy: what the copy of before has of it already stays where it is.

Tables are compared by hashes of small parts: some rows of a date, where the grain begins with one, else some
rows. So a copy costs what has changed, and not what there is.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.warehouse.duckdb.gaps import counted_places
from jobmatch_assets.warehouse.duckdb.quoting import quoted
from jobmatch_assets.warehouse.port import ReadableGold
from jobmatch_assets.warehouse.publication.databases import place_of, transaction

_ROWS_OF_A_PART = 8
_ROWS_OF_A_PART_OF_A_DATE = 32
"""A part is what is replaced at least. Changes lie anywhere: parts have so few rows that most have none, and
of dates, most of which have few or none, as many as hashes of smaller ones would cost more than they save.
Hashes take NULL and an empty list for the same; no published column has both."""

_FEWEST_PARTS = 64

_MOST_CHANGED = 0.5
"""With a greater share of its rows in changed parts, or gone before, a table is written anew."""


class NotRenewableError(Exception):
    """A copy holds what no publication has made, and what is not found table by table."""


class Taking:
    """Fills a copy in an attached file, which is empty or holds what was published before.

    Attributes:
        anew: Tables that are written anew: of these no rows of before are there.
    """

    def __init__(self, gold: ReadableGold, name: str) -> None:
        self.anew: set[str] = set()
        self._gold = gold
        self._name = name
        self._there = columns_by_table(gold.connection, name)

    def take(self, connection: duckdb.DuckDBPyConnection, table: str, kept: Collection[dt.date]) -> None:
        """Give a table the rows of gold, but for some partitions, which stay as they are there.

        Args:
            connection: That of gold, or a cursor of it: two tables may be taken at a time.
            table: The table.
            kept: The first days of these partitions; of a table without dates, any day means all of it.
        """
        with self._gold.rows_of(connection, table) as rows:
            columns = {
                column: kind for column, kind, *_ in connection.execute(f"describe from {rows}").fetchall()
            }
            taken = _Taken(connection, table, place_of(self._name, table), rows, kept)
            if list(self._there.get(table, {}).items()) != list(columns.items()):
                self._make(taken)
                return
            there, gaps = taken.rows_and_gaps()
            part = taken.part_of_row(columns, there)
            changed, parts = taken.changed(part)
            if parts and changed + gaps > _MOST_CHANGED:
                self._make(taken)
            elif parts:
                taken.replace(part, parts)

    def drop_others(self, tables: Collection[str]) -> None:
        """Drop what gold has that is none of these tables: tables of before, and what somebody has added."""
        others = self._gold.connection.execute(
            "select 'view', view_name from duckdb_views() "
            "where database_name = $name and schema_name = $gold union all "
            "select 'table', table_name from duckdb_tables() "
            "where database_name = $name and schema_name = $gold and not list_contains($tables, table_name)",
            {"name": self._name, "gold": GOLD_SCHEMA, "tables": list(tables)},
        ).fetchall()
        for kind, other in others:
            self._gold.connection.execute(f"drop {kind} {place_of(self._name, other)}")

    def _make(self, taken: "_Taken") -> None:
        taken.make()
        self.anew.add(taken.table)


@dataclass(frozen=True)
class _Taken:
    """A table of a copy, and the rows that it takes over.

    Attributes:
        connection: Where both are.
        table: Its name.
        place: The table of the copy.
        rows: A relation with the rows of gold.
        kept: As `Taking.take` has it.
    """

    connection: duckdb.DuckDBPyConnection
    table: str
    place: str
    rows: str
    kept: Collection[dt.date]

    def make(self) -> None:
        """Write it anew."""
        self.connection.execute(
            f"create or replace table {self.place} as from {self.rows} where {_is_taken(self.table)}",
            {"kept": list(self.kept)},
        )

    def changed(self, part: str) -> tuple[float, Collection[int]]:
        """The share of rows in parts in which it differs from the rows of gold, and these parts."""
        hashed = " union all ".join(
            f"select {part} as part, count(*) as counted, sum(hash(_row)::hugeint) as total "
            f"from {place} as _row where {_is_taken(self.table)} group by all"
            for place in (self.rows, self.place)
        )
        ((changed, counted, parts),) = self.connection.execute(
            "select sum(counted) filter (is_changed), sum(counted), list(part) filter (is_changed) from ("
            "select part, sum(counted) as counted, "
            "count(*) < 2 or min(counted) < max(counted) or min(total) < max(total) as is_changed "
            f"from ({hashed}) group by part)",
            {"kept": list(self.kept)},
        ).fetchall()
        return (changed or 0) / (counted or 1), parts or ()

    def rows_and_gaps(self) -> tuple[int, float]:
        """How many rows it has, and the share of its places in which others stood that are gone."""
        ((places, taken),) = self.connection.execute(counted_places(self.place)).fetchall()
        return int(taken), 1 - float(taken) / float(places or 1)

    def part_of_row(self, columns: Mapping[str, str], rows: int) -> str:
        """An expression of a row `_row`, of about so many: the part that it belongs to."""
        date = date_column(self.table) or (table_named(self.table).grain[0] if is_table(self.table) else "")
        if columns.get(date) != "DATE":
            return f"hash(_row) % {max(_FEWEST_PARTS, rows // _ROWS_OF_A_PART)}"
        day = f"coalesce({quoted(date)} - date '1970-01-01', 0)"
        ((days,),) = self.connection.execute(
            f"select max({day}) - min({day}) + 1 from {self.place}"
        ).fetchall()
        parts = max(_FEWEST_PARTS, rows // (days or 1) // _ROWS_OF_A_PART_OF_A_DATE)
        return f"{day} * {parts} + (hash(_row) % {parts})::bigint"

    def replace(self, part: str, parts: Collection[int]) -> None:
        """Replace these parts."""
        given = {"kept": list(self.kept), "parts": list(parts)}
        is_changed = f"{part} in (select unnest($parts)) and {_is_taken(self.table)}"
        with transaction(self.connection):
            self.connection.execute(f"delete from {self.place} as _row where {is_changed}", given)
            self.connection.execute(
                f"insert into {self.place} from {self.rows} as _row where {is_changed}", given
            )


def refuse_what_cannot_stay(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """See that a copy holds nothing but tables and views: what else somebody has added would stay in it.

    Raises:
        NotRenewableError: Somebody has added something else.
    """
    added = connection.execute(
        "select 'the index ' || index_name from duckdb_indexes() where database_name = $name union all "
        "select 'the macro ' || function_name from duckdb_functions() "
        "where database_name = $name and not internal union all "
        "select 'the sequence ' || sequence_name from duckdb_sequences() "
        "where database_name = $name union all "
        "select 'the type ' || type_name from duckdb_types() where database_name = $name and not internal "
        "limit 1",
        {"name": name},
    ).fetchall()
    for (what,) in added:
        raise NotRenewableError(f"it holds {what}, which somebody has added")


def columns_by_table(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, dict[str, str]]:
    """{table of gold in an attached file: {column: its type}, in their order}."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = $name and schema_name = $gold order by table_name, column_index",
        {"name": name, "gold": GOLD_SCHEMA},
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def date_column(table: str) -> str | None:
    """The partition date; None of a table that has none, or that somebody else has put into gold."""
    return table_named(table).date_column if is_table(table) else None


def _is_taken(table: str) -> str:
    """A predicate of a row: it is of no partition that is kept."""
    date = date_column(table)
    return f"not coalesce(list_contains($kept, {quoted(date)}), false)" if date else "len($kept) = 0"
