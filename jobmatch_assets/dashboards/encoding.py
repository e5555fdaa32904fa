"""Rows as the browser reads them: by column, as JSON that can stand in a page."""

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

_ESCAPED = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def script_json(value: object) -> str:
    """JSON that can stand in a script element, whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Ten times as fast as str.translate, which looks each character up.
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    return text


def by_column(
    names: Sequence[str], rows: Sequence[Sequence[Any]], digits: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Rows as columns; texts and dates, which repeat, as numbers of a list of values.

    Args:
        names: The columns.
        rows: The rows.
        digits: {column: significant digits to keep of its floating-point numbers}.

    Returns:
        `rows`, their number, and `columns`: each a list of numbers and nulls, or `values` and `codes`, the
        place of each row's value in them (-1 for NULL).
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    kept = digits or {}
    return {
        "rows": len(rows),
        "columns": {
            name: _column(values, kept.get(name)) for name, values in zip(names, columns, strict=True)
        },
    }


def _column(values: Sequence[Any], digits: int | None) -> list[Any] | Mapping[str, Any]:
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, str | dt.date):
        texts = {value: value if isinstance(value, str) else _moment(value) for value in {*values} - {None}}
        places = {text: place for place, text in enumerate(sorted({*texts.values()}))}
        codes = {None: -1} | {value: places[text] for value, text in texts.items()}
        return {"values": list(places), "codes": [codes[value] for value in values]}
    if isinstance(sample, Decimal):
        # A browser has no other numbers.
        values, sample = [None if value is None else float(value) for value in values], 0.0
    if isinstance(sample, float):
        return [
            None
            if value is None or not math.isfinite(value)
            else float(f"{value:.{digits}g}")
            if digits
            else value
            for value in values
        ]
    return list(values)


def _moment(value: dt.date) -> str:
    """A date, or a time in UTC, as ISO 8601."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat()
