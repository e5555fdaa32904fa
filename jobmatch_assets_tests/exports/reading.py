"""Exports read back, each by a reader that shares no code with its writer."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq


def csv_rows(path: Path, types: dict[str, str]) -> list[tuple[Any, ...]]:
    """The rows with these types; an empty text is one where it is quoted."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        return connection.execute(
            "from read_csv($path, columns = $types, header = true, delim = ',', quote = '\"', escape = '\"', "
            "nullstr = '', allow_quoted_nulls = false, auto_detect = false)",
            {"path": str(path), "types": types},
        ).fetchall()


def csv_texts(path: Path) -> list[list[str]]:
    """The cells as Python's reader gives them, the head line first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def parquet_rows(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in pq.read_table(path).to_pylist()]


def xlsx_rows(path: Path) -> list[tuple[Any, ...]]:
    """The cells of the sheet `Data` without its head line."""
    return [
        tuple(cell.value for cell in row) for row in openpyxl.load_workbook(path)["Data"].iter_rows(min_row=2)
    ]


def as_spreadsheet(value: Any) -> Any:
    """A value of gold as a spreadsheet has it: dates with a time of day, times in UTC without a zone."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    return value


def about(path: Path) -> list[tuple[str, ...]]:
    """The rows of the sheet `About`, without empty cells."""
    rows = openpyxl.load_workbook(path)["About"].iter_rows(values_only=True)
    return [tuple(str(value) for value in row if value is not None) for row in rows]
