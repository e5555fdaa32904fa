"""Rows of a table on a terminal: as they are, turned on their side, or cut with a note."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from jobmatch_assets.text import printable

_LONGEST_CELL = 40
_LONGEST_WHOLE_CELL = 2000
_LEAST_WRAPPED = 16
_MOST_TURNED = 10
_BORDER = 3  # of a column: a line and two blanks

Cells = Sequence[Sequence[str]]


def print_rows(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    console: Console,
    *,
    date_column: str | None = None,
    wrapped: str | None = None,
    whole: bool = False,
) -> list[str]:
    """Print rows as the width of the console allows.

    Args:
        title: What stands above.
        columns: The columns, in order.
        rows: {column: value}, newest first.
        console: Where to.
        date_column: The column that heads rows which are turned on their side, the oldest at the left.
        wrapped: A column of words, which may take several lines.
        whole: Leave out no column and cut no value.

    Returns:
        Notes on what was left out, for the reader.
    """
    longest = _LONGEST_WHOLE_CELL if whole else _LONGEST_CELL
    cells = [
        [_cut(shown(row[name]), _LONGEST_WHOLE_CELL if name == wrapped else longest) for name in columns]
        for row in rows
    ]
    console.print(title, style="italic", soft_wrap=True)
    widths = _widths(columns, cells)
    numbers = [all(_is_number(row[name]) for row in rows) for name in columns]
    fits = _fitting(columns, widths, console.width, wrapped)
    if fits == len(columns):
        console.print(_upright(columns, cells, numbers, wrapped))
        return _notes_on_cut(cells)
    if whole or (len(rows) <= _MOST_TURNED and not wrapped):
        heads = _heads(columns, rows, date_column)
        for table in _turned(columns, cells, heads, console.width):
            console.print(table)
        return _notes_on_cut(cells)
    fits = max(fits, 1)
    shown_cells = [row[:fits] for row in cells]
    console.print(_upright(columns[:fits], shown_cells, numbers, wrapped))
    return [
        f"Left out, since the terminal has {console.width} columns: {', '.join(columns[fits:])}. "
        "--columns a,b shows those that it names, --format csv or json all.",
        *_notes_on_cut(shown_cells),
    ]


def _notes_on_cut(cells: Cells) -> list[str]:
    is_cut = any(text.endswith("…") for row in cells for text in row)
    return ["Long values are cut (…): --columns shows those that it names whole."] if is_cut else []


def shown(value: Any) -> str:
    """A value for people, in one line: numbers shortened to four digits, times in UTC."""
    match value:
        case None:
            text = "-"
        case bool():
            text = "true" if value else "false"
        case float():
            text = f"{value:.4g}"
        case int():
            text = f"{value:,}"
        case Decimal():
            text = f"{value.normalize():,f}"
        case dt.datetime():
            text = _moment(value.astimezone(dt.UTC))
        case list() | dict():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            text = str(value)
    return printable(text)


def _moment(value: dt.datetime) -> str:
    fraction = f"{value:.%f}".rstrip("0").rstrip(".")
    return f"{value:%Y-%m-%d %H:%M:%S}{fraction}Z"


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _fitting(columns: Sequence[str], widths: Sequence[int], width: int, wrapped: str | None) -> int:
    """How many of the first columns the width has room for."""
    used = 1
    for number, name in enumerate(columns):
        least = min(widths[number], _LEAST_WRAPPED) if name == wrapped else widths[number]
        used += least + _BORDER
        if used > width:
            return number
    return len(columns)


def _upright(columns: Sequence[str], cells: Cells, numbers: Sequence[bool], wrapped: str | None) -> Table:
    table = Table()
    for name, is_number in zip(columns, numbers, strict=False):
        table.add_column(name, no_wrap=name != wrapped, justify="right" if is_number else "left")
    for row in cells:
        table.add_row(*row)
    return table


@dataclass(frozen=True)
class _Heads:
    """What heads rows that are turned on their side: their dates where each has its own, else numbers.

    Attributes:
        name: What they are.
        texts: One for each row.
        line: The column that they stand for and that needs no line of its own.
        oldest_first: Whether to go through the rows from the last to the first.
    """

    name: str
    texts: list[str]
    line: str | None
    oldest_first: bool


def _heads(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], date_column: str | None) -> _Heads:
    if date_column and date_column in columns:
        days = [row[date_column] for row in rows]
        if len(set(days)) == len(days) and None not in days:
            return _Heads(date_column, [f"{day:%m-%d}" for day in days], date_column, True)
    return _Heads("row", [str(number + 1) for number in range(len(rows))], None, False)


def _turned(columns: Sequence[str], cells: Cells, heads: _Heads, width: int) -> Iterator[Table]:
    """Tables with a line per column, each of as many rows as the width has room for, or of one."""
    names = [name for name in columns if name != heads.line]
    of_rows = [
        (head, [text for name, text in zip(columns, row, strict=True) if name != heads.line])
        for head, row in zip(heads.texts, cells, strict=True)
    ]
    if heads.oldest_first:
        of_rows.reverse()
    room = width - 1 - max(map(cell_len, (heads.name, *names))) - _BORDER
    while of_rows:
        taken, left = 0, room
        for head, row in of_rows:
            left -= max(map(cell_len, (head, *row))) + _BORDER
            if left < 0 and taken:
                break
            taken += 1
        block, of_rows = of_rows[:taken], of_rows[taken:]
        table = Table()
        table.add_column(heads.name, no_wrap=True)
        for head, _ in block:
            table.add_column(head, justify="right" if taken > 1 else "left", overflow="fold")
        for name, *line in zip(names, *(row for _, row in block), strict=True):
            table.add_row(name, *line)
        yield table


def _widths(columns: Sequence[str], cells: Cells) -> list[int]:
    return [
        max(cell_len(text) for text in (name, *column))
        for name, column in zip(columns, zip(*cells, strict=True), strict=True)
    ]
