"""Statements written down in the four formats, in the ways that producers have."""

import csv
import io
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from jobmatch_assets_tests.replay import sent_json
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import Table

Sent = Mapping[str, Any]


def json_line(rng: Random, sent: Any) -> bytes:
    """A JSON text, with spaces and escapes as some libraries write them."""
    text = sent_json.written(sent)
    style = rng.random()
    if style < 0.2:
        text = text.replace('":', '": ').replace(',"', ', "')
    elif style < 0.3:
        text = text.replace("ä", "\\u00e4").replace("ö", "\\u00f6")
    return text.encode()


def csv_row(rng: Random, header: Sequence[str], sent: Sent) -> bytes:
    """A row of CSV with a cell for each name of the header."""
    return _csv_line([cell(rng, sent.get(name)) for name in header])


def csv_header(header: Sequence[str]) -> bytes:
    return _csv_line(header)


def cell(rng: Random, value: Any) -> str:
    """What a cell or an element says for a value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return rng.choice([("false", "F", "no", "n"), ("true", "T", "Yes", "y")][value])
    if isinstance(value, Number):
        padded = value.text if value.text.startswith("-") else f"0{value.text}"
        return rng.choice([value.text, value.text, f" {value.text}", padded])
    if isinstance(value, str):
        return f"{value} " if rng.random() < 0.05 else value
    if (
        isinstance(value, list)
        and value
        and all(isinstance(one, str) for one in value)
        and rng.random() < 0.5
    ):
        return "|".join(value)
    return sent_json.written(value)


def xml_element(rng: Random, table: Table, sent: Sent) -> bytes:
    """An element of a record."""
    name = rng.choice([table.name, "item", "row", "posting", "job"])
    attributes = ' id="x"' if rng.random() < 0.1 else ""
    inside = "".join(_member(rng, name, value) for name, value in sent.items())
    return f"<{name}{attributes}>{inside}</{name}>".encode()


def _member(rng: Random, name: str, value: Any) -> str:
    if not name.replace("_", "").isalnum():
        return ""
    if isinstance(value, list) and value:
        return "".join(_member(rng, name, "" if one is None else one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_member(rng, inner, one) for inner, one in value.items())}</{name}>"
    if value is None or value == []:
        return rng.choice(["", f"<{name}/>"])
    text = cell(rng, value)
    if rng.random() < 0.1 and "]]>" not in text:
        return f"<{name}><![CDATA[{text}]]></{name}>"
    attribute = f" unit={quoteattr('x')}" if rng.random() < 0.03 else ""
    return f"<{name}{attribute}>{escape(text)}</{name}>"


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().removesuffix("\r\n").encode()
