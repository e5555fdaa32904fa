"""Values as cells of a workbook: text stays text, numbers keep their digits, dates are dates."""

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jobmatch_assets.exports.selected import Column

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_DIGITS = 15
"""A spreadsheet shows as many of a number; whole numbers and decimals with more are kept as text."""

_LIKE_FORMULAS = ("=", "+", "-", "@")
_FIRST_DATE = dt.date(1900, 3, 1)  # spreadsheets disagree on what lies before


class _Exact(float):
    """A number with all its digits: XlsxWriter writes 16, and one in two needs 17."""

    def __format__(self, _: str) -> str:
        return repr(float(self)).upper()


def format_of(column: Column) -> str:
    """How a spreadsheet shows the numbers of a column."""
    if column.is_rate:
        return "0.00%"
    return {"integer": "#,##0", "date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm:ss"}.get(
        column.kind, "General"
    )


def expression_of(column: Column) -> str:
    """A column as it is read: what has no cell of its kind is text."""
    if column.is_nested:
        return f"to_json({column.quoted})::varchar"
    is_written_as_it_is = column.kind != "other" or column.type.startswith("DECIMAL(")
    return column.quoted if is_written_as_it_is else f"{column.quoted}::varchar"


class Cells:
    """The cells of a sheet, which are written row by row.

    Attributes:
        head: The format of headings.
        wrapped: The format of sentences.
    """

    def __init__(self, workbook: "Workbook", sheet: "Worksheet") -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._plain = workbook.add_format()
        # A person who edits the cell does not make a formula of it.
        self._quoted = workbook.add_format({"quote_prefix": True})
        self.head = workbook.add_format({"bold": True})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})

    def number_format(self, text: str) -> "Format":
        """The format of numbers that are shown so."""
        return self._workbook.add_format({"num_format": text})

    def value(self, row: int, place: int, value: Any, shown: "Format") -> bool:
        """Write a value; NULL leaves the cell empty. Returns whether it has room."""
        match value:
            case None:
                return True
            case bool():
                self._sheet.write_boolean(row, place, value)
            case int() if abs(value) < 10**_DIGITS:
                self._sheet.write_number(row, place, value, shown)
            case float() if math.isfinite(value):
                self._sheet.write_number(row, place, _Exact(value), shown)
            case Decimal() if len(value.as_tuple().digits) <= _DIGITS:
                self._sheet.write_number(row, place, _Exact(value), shown)
            case dt.datetime() if value.date() >= _FIRST_DATE:
                # A time without a zone stands as it is, wherever this machine is.
                utc = value.astimezone(dt.UTC) if value.tzinfo else value
                self._sheet.write_datetime(row, place, utc, shown)
            case dt.date() if not isinstance(value, dt.datetime) and value >= _FIRST_DATE:
                self._sheet.write_datetime(row, place, value, shown)
            case _:
                return self.text(row, place, str(value))
        return True

    def text(self, row: int, place: int, text: str, shown: "Format | None" = None) -> bool:
        """Write a text as it is, whatever it begins with; returns whether it has room."""
        if shown is None and text.startswith(_LIKE_FORMULAS):
            shown = self._quoted
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a text for markup of its own; in two pieces it is one like any other.
            pieces = [self._plain, text[:1], self._plain, text[1:]]
            return bool(self._sheet.write_rich_string(row, place, *pieces) == 0)
        return bool(self._sheet.write_string(row, place, text, shown) == 0)
