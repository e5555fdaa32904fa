"""XLSX: the rows on one sheet, what they mean on another."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from jobmatch_assets.exports.about import Line, about
from jobmatch_assets.exports.cells import Cells, expression_of, format_of
from jobmatch_assets.exports.notes import Publication
from jobmatch_assets.exports.selected import Selected
from jobmatch_assets.warehouse.port import SelectionError

if TYPE_CHECKING:
    import xlsxwriter

MOST_ROWS = 1_048_576 - 1
"""Of a sheet, without its head line."""

_MANY = 10_000
_A4 = 9
_WIDTHS = (32, 26, 100)
_EPOCH = dt.datetime(1980, 1, 1)


def write_workbook(
    connection: duckdb.DuckDBPyConnection,
    chosen: Selected,
    path: Path,
    publication: Publication | None,
    notes: Sequence[str],
) -> None:
    """Write a workbook with the sheets `Data` and `About`; the same rows make the same bytes.

    Args:
        connection: The published copy.
        chosen: What is written.
        path: A new file.
        publication: What the copy says of itself.
        notes: What a reader must know.

    Raises:
        SelectionError: A sheet has no room for the rows, or a cell none for a text.
        OSError: The file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    if chosen.rows > MOST_ROWS:
        raise SelectionError(
            f"{chosen.rows:,} rows of {chosen.table} do not fit on a sheet, which has {MOST_ROWS + 1:,}: "
            "take fewer (--from, --to, --where, without --all-groups), or --format csv or parquet."
        )
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    created = publication.published_at if publication else None
    try:
        with xlsxwriter.Workbook(str(path), options) as workbook:
            workbook.set_properties(
                {
                    "title": chosen.table,
                    "created": created.astimezone(dt.UTC).replace(tzinfo=None) if created else _EPOCH,
                }
            )
            _write_data(workbook, connection, chosen)
            _write_about(workbook, about(chosen, publication, notes))
    except FileCreateError as error:
        raise OSError(str(error)) from None


def _write_about(workbook: "xlsxwriter.Workbook", lines: Iterable[Line]) -> None:
    sheet = workbook.add_worksheet("About")
    cells = Cells(workbook, sheet)
    for number, (row, is_heading) in enumerate(lines):
        for place, text in enumerate(row):
            if text:
                cells.text(number, place, text, cells.head if is_heading else cells.wrapped)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)


def _write_data(
    workbook: "xlsxwriter.Workbook", connection: duckdb.DuckDBPyConnection, chosen: Selected
) -> None:
    sheet = workbook.add_worksheet("Data")
    cells = Cells(workbook, sheet)
    formats = [cells.number_format(format_of(column)) for column in chosen.columns]
    for place, column in enumerate(chosen.columns):
        sheet.set_column(place, place, max(12, min(len(column.name) + 3, 40)))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, chosen.rows, len(chosen.columns) - 1)
    for place, column in enumerate(chosen.columns):
        cells.text(0, place, column.name, cells.head)
    rows = connection.execute(
        chosen.query([expression_of(column) for column in chosen.columns]), chosen.values
    )
    number = 0
    while many := rows.fetchmany(_MANY):
        for row in many:
            number += 1
            for place, value in enumerate(row):
                if not cells.value(number, place, value, formats[place]):
                    raise SelectionError(
                        f"Row {number:,} of {chosen.table} has a text in {chosen.columns[place].name} that "
                        "is too long for a cell, which has 32,767 characters. Leave it out (--columns), "
                        "or take --format csv or parquet."
                    )
