"""Rows of a table for programs: CSV or JSON, every value as exact as it is."""

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def as_csv(columns: Sequence[str], rows: Rows) -> str:
    """RFC 4180 with a head line: NULL is empty, true and false in words, arrays and records are JSON."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue()


def as_json(columns: Sequence[str], rows: Rows) -> str:
    """An array with an object a row, a line each; in ASCII, so that it means the same everywhere."""
    lines = [json.dumps({name: _plain(row[name]) for name in columns}, allow_nan=False) for row in rows]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def _cell(value: Any) -> Any:
    value = _plain(value)
    if isinstance(value, bool | list | dict):
        return json.dumps(value)
    return value


def _plain(value: Any) -> Any:
    """A value as JSON has it; what it has no number for is a text."""
    match value:
        case dt.datetime():
            value = value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date() | dt.timedelta() | Decimal():
            value = str(value)
        case float():
            value = value if math.isfinite(value) else str(value)
        case list() | tuple():
            value = [_plain(item) for item in value]
        case Mapping():
            value = {str(name): _plain(item) for name, item in value.items()}
    return value
