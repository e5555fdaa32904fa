"""What erasure asks of a DuckDB warehouse: lines by what stands in them, ids replaced wherever they are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.erasure import (
    APPLICATION,
    CANDIDATE,
    DEVICE,
    KINDS_RENAMED,
    PERSON_COLUMNS,
    UNIT_COLUMN,
    USER,
)
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA, SILVER_SCHEMA
from jobmatch_assets.warehouse.duckdb.quoting import literal, quoted
from jobmatch_assets.warehouse.duckdb.tables import columns_of_table

_LINE = ("_source_dt", "_source_file", "_source_sha256", "_source_line")
_STAGED_LINE = ("_source_dt", "_source_sha256", "_source_line")
_CHANGED = ("raw_line", "line_bytes")
_ROWS_AT_ONCE = 10_000
_UNIT_KINDS = (USER, DEVICE)


class DuckDBErasing:
    """A warehouse with persons in it that are to be erased."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def linked(self, users: Collection[str]) -> dict[str, set[str]]:
        """{kind: ids that stand beside one of these users in a row of silver}, but for users."""
        found: dict[str, set[str]] = {}
        for place, columns in self._text_columns().items():
            mine = [name for name, kind in PERSON_COLUMNS.items() if kind == USER and name in columns]
            others = {name: kind for name, kind in PERSON_COLUMNS.items() if name in columns and kind != USER}
            if CANDIDATE not in others.values():
                # Who says that an application has got somewhere need not be who has applied.
                others = {name: kind for name, kind in others.items() if kind != APPLICATION}
            if not place.startswith(f"{SILVER_SCHEMA}.") or not mine or not others:
                continue
            rows = self._connection.execute(
                f"select distinct {', '.join(others)} from {place} where list_contains($users, {mine[0]})",
                {"users": list(users)},
            ).fetchall()
            for row in rows:
                for kind, id_ in zip(others.values(), row, strict=True):
                    if id_ is not None:
                        found.setdefault(kind, set()).add(id_)
        return found

    def applications_of(self, candidates: Collection[str]) -> set[str]:
        """The applications of these candidates."""
        found: set[str] = set()
        (mine,), (theirs,) = _columns_of(CANDIDATE), _columns_of(APPLICATION)
        for place, columns in self._text_columns().items():
            if place.startswith(f"{SILVER_SCHEMA}.") and {mine, theirs} <= columns.keys():
                rows = self._connection.execute(
                    f"select distinct {theirs} from {place} where list_contains($ids, {mine})",
                    {"ids": list(candidates)},
                ).fetchall()
                found |= {id_ for (id_,) in rows if id_ is not None}
        return found

    def lines(self, feed: Feed, pattern: str) -> Iterator[dict[str, Any]]:
        """Lines of a feed in which a pattern is found, or may hide: in escapes, in base64."""
        names = [*_LINE, *_CHANGED, "raw_form", *(["entity_table"] if feed.layout.files is not None else [])]
        with self._connection.cursor() as own:
            reader = own.execute(
                f"select {', '.join(names)} from {BRONZE_SCHEMA}.{feed.raw.name} "
                "where regexp_matches(raw_line, $pattern) or raw_form <> 'text' or contains(raw_line, '\\u') "
                r"or regexp_matches(raw_line, '_id\"\s*:\s*-?[0-9.]+[eE]')",
                {"pattern": pattern},
            ).to_arrow_reader(_ROWS_AT_ONCE)
            for batch in reader:
                yield from batch.to_pylist()

    def replace_lines(self, feed: Feed, lines: Sequence[Mapping[str, Any]]) -> None:
        """Put texts in the place of those that lines had; what was staged of them counts as changed."""
        place = f"{BRONZE_SCHEMA}.{feed.raw.name}"
        names = [*_LINE, *_CHANGED]
        table = pa.table({name: [line[name] for line in lines] for name in names})
        self._connection.register("changed_lines", table)
        same = " and ".join(f"lines.{name} = changed_lines.{name}" for name in _LINE)
        values = ", ".join(f"{name} = changed_lines.{name}" for name in _CHANGED)
        try:
            self._connection.execute(f"update {place} as lines set {values} from changed_lines where {same}")
            before = f"{BRONZE_SCHEMA}.{feed.staged_before}"
            if columns_of_table(self._connection, before) is not None:
                # What is staged of a record need not show what has changed in it.
                same = " and ".join(f"lines.{name} = changed_lines.{name}" for name in _STAGED_LINE)
                self._connection.execute(
                    f"update {before} as lines set line_hash = null from changed_lines where {same}"
                )
        finally:
            self._connection.unregister("changed_lines")

    def rename(
        self, pseudonyms: Mapping[str, Mapping[str, str]], anywhere: Mapping[str, str], apply: bool
    ) -> dict[str, int]:
        """Replace ids in all tables but those of lines.

        Args:
            pseudonyms: {kind: {id: its pseudonym}}, for columns that name persons.
            anywhere: {id: its pseudonym}, for the other columns with texts.
            apply: Whether it is done; else rows are counted only.

        Returns:
            {table: how many of its rows have, or had, one}.
        """
        return {
            place: count
            for place, columns in self._text_columns().items()
            if (count := self._renamed(place, columns, pseudonyms, anywhere, apply))
        }

    def holding(self, pattern: str) -> dict[str, int]:
        """{table: how many of its rows have a pattern in one of their texts}, tables of all schemas."""
        found = {}
        for place, columns in self._columns("").items():
            texts = [f"regexp_matches(cast({name} as varchar), $pattern)" for name in columns.values()]
            if texts:
                ((count,),) = self._connection.execute(
                    f"select count(*) from {place} where {' or '.join(texts)}", {"pattern": pattern}
                ).fetchall()
                if count:
                    found[place] = int(count)
        return found

    def _renamed(
        self,
        place: str,
        columns: Mapping[str, str],
        pseudonyms: Mapping[str, Mapping[str, str]],
        anywhere: Mapping[str, str],
        apply: bool,
    ) -> int:
        maps = {column: _of_column(name, pseudonyms, anywhere) for name, column in columns.items()}
        maps = {name: ids for name, ids in maps.items() if ids}
        if not maps:
            return 0
        names = {name: f"ids_{number}" for number, name in enumerate(maps)}
        bound = {names[name]: list(ids) for name, ids in maps.items()}
        conditions = " or ".join(f"list_contains(${names[name]}, {name})" for name in maps)
        ((count,),) = self._connection.execute(
            f"select count(*) from {place} where {conditions}", bound
        ).fetchall()
        if apply and count:
            for name, ids in maps.items():
                self._connection.execute(
                    f"update {place} set {name} = map($ids, $names)[{name}] "
                    f"where list_contains($ids, {name})",
                    {"ids": list(ids), "names": list(ids.values())},
                )
        return int(count)

    def _text_columns(self) -> dict[str, dict[str, str]]:
        """{table, but those of lines: {column with texts: the column in quotes}}."""
        # What was staged before must say what it said, until it is compared with what is.
        raw = {
            f"{BRONZE_SCHEMA}.{quoted(name)}"
            for feed in FEEDS
            for name in (feed.raw.name, feed.staged_before)
        }
        return {place: columns for place, columns in self._columns("VARCHAR").items() if place not in raw}

    def _columns(self, type_: str) -> dict[str, dict[str, str]]:
        """{table: {column with texts, of this type if one is named: the column in quotes}}."""
        rows = self._connection.execute(
            "select columns.schema_name, columns.table_name, list(column_name order by column_index) "
            "from duckdb_columns() as columns semi join duckdb_tables() as tables "
            "on columns.table_oid = tables.table_oid and columns.database_name = tables.database_name "
            "where columns.database_name = current_database() and contains(data_type, 'VARCHAR') "
            "and ($type = '' or data_type = $type) group by all order by all",
            {"type": type_},
        ).fetchall()
        return {
            f"{_plain_schema(schema)}.{quoted(table)}": {name: quoted(name) for name in names}
            for schema, table, names in rows
        }


def file_holds(path: Path, pattern: str) -> bool:
    """Whether a table in a file has a pattern in a text, which is packed there: its bytes do not tell."""
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            return bool(DuckDBErasing(connection).holding(pattern))
    if path.suffix != ".parquet":
        return False
    with duckdb.connect() as connection:
        connection.execute(f"create table rows as from read_parquet({literal(str(path))})")
        return bool(DuckDBErasing(connection).holding(pattern))


def _columns_of(kind: str) -> list[str]:
    return [name for name, named in PERSON_COLUMNS.items() if named == kind]


def _of_column(
    name: str, pseudonyms: Mapping[str, Mapping[str, str]], anywhere: Mapping[str, str]
) -> Mapping[str, str]:
    """{id: its pseudonym} of the ids that may stand in a column."""
    if name == UNIT_COLUMN:
        return {id_: text for kind in reversed(_UNIT_KINDS) for id_, text in pseudonyms.get(kind, {}).items()}
    kind = PERSON_COLUMNS.get(name)
    if kind is None:
        return anywhere
    return pseudonyms.get(kind, {}) if kind in KINDS_RENAMED else {}


def _plain_schema(schema: str) -> str:
    return schema if schema.isidentifier() else quoted(schema)
