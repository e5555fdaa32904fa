"""A Parquet file for each table of the published copy, in a folder beside it.

Each file bears a mark of the rows that it was written from: so one that would come out the same is left, and
a file without the mark is somebody else's.
"""

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.warehouse.duckdb.quoting import literal
from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets.warehouse.publication.databases import place_of, two_at_a_time

_ENDING = ".parquet"
_UNFINISHED = ".unfinished"
_MARK = "jobmatch_published"


def parquet_folder(copy: Path) -> Path:
    """The folder of the Parquet files of a copy."""
    return copy.parent / "gold"


def parquet_file(folder: Path, table: str) -> Path:
    """The file of a table; what no file name can have is written as in a URL."""
    return folder / f"{quote(table, safe=' ')}{_ENDING}"


class ParquetFiles:
    """The files of one publication: written beside those that are there, then put in their places."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: list[Path] = []
        self._of_tables: list[Path] = []

    def write(self, connection: duckdb.DuckDBPyConnection, name: str, tables: Sequence[str]) -> None:
        """Write the files of tables whose rows are not those of the file that is there.

        Args:
            connection: Where the tables are.
            name: The database that they are in.
            tables: The tables.

        Raises:
            WarehouseError: A file of somebody else has the name of one.
            OSError: The folder cannot be written to.
        """
        self._make_folder()
        self._written = []
        self._of_tables = [parquet_file(self._folder, table) for table in tables]
        marks = _marks_of(connection, name, tables)
        there = {file: _mark_in(file) for file in self._of_tables if file.exists()}
        for file, mark in there.items():
            if mark is None:
                raise WarehouseError(
                    f"{file} was not written by jobmatch, and a Parquet file of the published copy "
                    "(JOBMATCH_PUBLISHED_PATH) has this name. Move the file away, or name a copy in another "
                    "folder. Nothing was published; gold itself is built."
                )
        changed = {
            file: table
            for table, file in zip(tables, self._of_tables, strict=True)
            if there.get(file) != marks[table]
        }

        def write(own: duckdb.DuckDBPyConnection, file: Path) -> None:
            self._write(own, place_of(name, changed[file]), file, marks[changed[file]])

        two_at_a_time(connection, write, changed)
        self._written = list(changed)

    def _make_folder(self) -> None:
        if self._folder.exists() and not self._folder.is_dir():
            raise WarehouseError(
                f"{self._folder} is no folder, and the Parquet files of the published copy "
                "(JOBMATCH_PUBLISHED_PATH) belong there. Move it away, or name a copy in another folder. "
                "Nothing was published; gold itself is built."
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        for left_behind in self._folder.glob(f".*{_ENDING}{_UNFINISHED}"):
            left_behind.unlink(missing_ok=True)

    def _write(self, connection: duckdb.DuckDBPyConnection, place: str, file: Path, mark: str) -> None:
        unfinished = _beside(file)
        connection.execute(
            f"copy (from {place}) to {literal(str(unfinished))} "
            f"(format parquet, compression zstd, kv_metadata {{{_MARK}: {literal(mark)}}})"
        )
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())

    def put_in_place(self) -> int:
        """Give the new files their names, each at once; how many there are."""
        for file in self._written:
            _beside(file).replace(file)
        return len(self._written)

    def remove_others(self) -> None:
        """Remove files of tables that are no more; what jobmatch has not written stays."""
        for file in sorted(set(self._folder.glob(f"*{_ENDING}")) - set(self._of_tables)):
            if _mark_in(file) is not None:
                file.unlink(missing_ok=True)


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}{_UNFINISHED}")


def _mark_in(file: Path) -> str | None:
    """The mark of a file; None where it is none of ours."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata: Mapping[bytes, bytes] = pq.read_metadata(file).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    mark = metadata.get(_MARK.encode())
    return None if mark is None else mark.decode(errors="replace")


def _marks_of(connection: duckdb.DuckDBPyConnection, name: str, tables: Collection[str]) -> dict[str, str]:
    """{table: what changes with its columns, their types, and its rows in whatever order}."""
    columns = dict(
        connection.execute(
            "select table_name, string_agg(column_name || ' ' || data_type, ', ' order by column_index) "
            "from duckdb_columns() where database_name = $name and schema_name = $gold group by table_name",
            {"name": name, "gold": GOLD_SCHEMA},
        ).fetchall()
    )
    counted = " union all ".join(
        f"select {literal(table)}, count(*), sum(hash(_whole_row)::hugeint)::varchar "
        f"from {place_of(name, table)} as _whole_row"
        for table in tables
    )
    return {
        table: hashlib.sha256(f"{duckdb.__version__} {columns[table]} {count} {total}".encode()).hexdigest()
        for table, count, total in connection.execute(counted).fetchall()
    }
