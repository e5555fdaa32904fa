"""What all formats but lines share: records as JSON texts, in numbered batches."""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

from jobmatch_assets.contracts.entities.quarantine import MAX_RECORD_BYTES
from jobmatch_assets.landing.lines import HEAD_BYTES, LINES_SCHEMA

MOST_HELD_BYTES = 64 * 1024 * 1024
"""How much of a file may come without the end of a record; more is a file that is broken."""

_BATCH_ROWS = 50_000
_BATCH_BYTES = 8 * 1024 * 1024

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON without spaces, nothing escaped that need not be."""


class RawRecord(NamedTuple):
    """A record as bronze keeps it, or the bytes of one that is not UTF-8."""

    text: str | bytes


def batches_of(records: Iterable[RawRecord]) -> Iterator[pa.RecordBatch]:
    """Number records, from 1, and put them into batches of `LINES_SCHEMA`."""
    values: list[str] = []
    forms: list[str] = []
    lengths: list[int] = []
    first, held = 1, 0
    for (text,) in records:
        value, form, length = (
            (text, "text", len(text)) if isinstance(text, str) else ("", "base64", len(text))
        )
        if form == "base64" or not text.isascii() or length > MAX_RECORD_BYTES:
            value, form, length = _kept(text)
        values.append(value)
        forms.append(form)
        lengths.append(length)
        held += length
        if len(values) == _BATCH_ROWS or held >= _BATCH_BYTES:
            yield _batch(values, forms, lengths, first)
            first += len(values)
            values, forms, lengths, held = [], [], [], 0
    if values:
        yield _batch(values, forms, lengths, first)


def _kept(text: str | bytes) -> tuple[str, str, int]:
    """(raw_line, raw_form, line_bytes) of a record that may be too long, or not UTF-8."""
    data = text.encode() if isinstance(text, str) else text
    if len(data) > MAX_RECORD_BYTES:
        return base64.b64encode(data[:HEAD_BYTES]).decode("ascii"), "head_base64", len(data)
    if isinstance(text, str):
        return text, "text", len(data)
    return base64.b64encode(data).decode("ascii"), "base64", len(data)


def _batch(values: list[str], forms: list[str], lengths: list[int], first: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            pa.array(values, pa.large_string()),
            pa.array(forms, pa.string()),
            pa.array(lengths, pa.int64()),
            pa.array(range(first, first + len(values)), pa.int64()),
        ],
        schema=LINES_SCHEMA,
    )
