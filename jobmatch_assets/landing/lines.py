"""From bytes to rows: numbered lines as Arrow batches, whatever the bytes are.

All work is done on whole blocks (numpy, Arrow); only lines that cannot be stored as they are, because they
are not UTF-8 or too long, are touched one by one.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobmatch_assets.contracts.landed_lines import MAX_LINE_BYTES
from jobmatch_assets.landing.readable import Readable

LINES_SCHEMA = pa.schema(
    [
        pa.field("raw_line", pa.large_string(), nullable=False),
        pa.field("raw_form", pa.string(), nullable=False),
        pa.field("line_bytes", pa.int64(), nullable=False),
        pa.field("_source_line", pa.int64(), nullable=False),
    ]
)
"""raw_line, raw_form and line_bytes as in bronze.events_raw; _source_line from 1."""

HEAD_BYTES = 1024
"""How much is kept of a line that is too long."""

_BLOCK = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
# What the surrogateescape handler makes of a byte that is no UTF-8, encoded again.
_ESCAPED_BYTE = re.compile(rb"\xed[\xb2\xb3]")


def read_lines(
    stream: Readable, most_bytes: int | None = None, *, skip_null: bool = False
) -> Iterator[pa.RecordBatch]:
    """The lines of a file, blank ones left out but counted, in batches of `LINES_SCHEMA`.

    A byte order mark at the start is skipped; a line ends with LF or CRLF, the last one also without.
    Memory is bounded by the block size, however long a line is.

    Args:
        stream: The unpacked bytes.
        most_bytes: A longer line is kept by its beginning; by default as events have it.
        skip_null: Whether lines that hold `null` are left out, too.
    """
    most_bytes = MAX_LINE_BYTES if most_bytes is None else most_bytes
    blocks = _blocks_of_whole_lines(stream, most_bytes)
    next_number = 1
    for block, too_long in blocks:
        if too_long is None:
            count, batches = _batches_of_block(block, next_number, most_bytes, skip_null=skip_null)
            yield from batches
            next_number += count
        else:
            if too_long:
                yield _batch([_encoded(block)], ["head_base64"], [too_long], [next_number])
            next_number += 1


def _blocks_of_whole_lines(stream: Readable, most_bytes: int) -> Iterator[tuple[bytes, int | None]]:
    """Blocks that end with LF (the last one perhaps without), paired with None.

    A line that outgrows every limit comes alone, as its head and its length in bytes (0 for a blank one).
    """
    rest = stream.read(_BLOCK)
    while len(rest) < len(_BOM) and (block := stream.read(_BLOCK)):
        rest += block
    rest = rest.removeprefix(_BOM)
    while True:
        end = rest.rfind(b"\n") + 1
        if end:
            yield rest[:end], None
            rest = rest[end:]
        elif len(rest) > most_bytes + 1:  # one more for the CR of a CRLF
            head, length, rest = _skip_line(rest, stream)
            yield head, length
        block = stream.read(_BLOCK)
        if not block:
            break
        rest += block
    if rest:
        yield rest, None


def _skip_line(start: bytes, stream: Readable) -> tuple[bytes, int, bytes]:
    """Read to the end of a line: (its head, its length or 0 if it is blank, the bytes after it)."""
    head, length, last, blank, rest = start[:HEAD_BYTES], 0, b"", True, b""
    block = start
    while block:
        line, newline, rest = block.partition(b"\n")
        length += len(line)
        blank = blank and not line.strip(b" \t\r")
        last = line[-1:] or last
        if newline:
            break
        block = stream.read(_BLOCK)
    length -= last == b"\r"
    return head, 0 if blank else length, rest


def _batches_of_block(
    block: bytes, first_number: int, most_bytes: int, *, skip_null: bool
) -> tuple[int, list[pa.RecordBatch]]:
    """(how many lines the block holds, blank ones included; its batches)."""
    if b"\r" in block:  # one byte is looked for several times as fast as two
        block = block.replace(b"\r\n", b"\n")  # one CR goes, any before it are part of the line
    if block.endswith(b"\r"):
        block = block[:-1]
        if not block:
            return 1, []
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n")) + 1
    if not block.endswith(b"\n"):
        ends = np.append(ends, len(block))
    offsets = np.concatenate([[0], ends]).astype(np.int64)
    lines = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(block)]
    )
    numbers = np.arange(first_number, first_number + len(ends), dtype=np.int64)
    has_end = np.frombuffer(block, np.uint8)[ends - 1] == ord("\n")
    lengths = np.diff(offsets) - has_end

    odd = lengths > most_bytes
    odd[_lines_not_utf8(lines, block)] = True
    blank = _blank(lines, skip_null=skip_null)
    batches = []
    plain = ~odd & ~blank
    if plain.any():
        text = _as_text(lines if plain.all() else lines.filter(pa.array(plain)))
        batches.append(
            pa.RecordBatch.from_arrays(
                [
                    pc.ascii_rtrim(text, "\n"),
                    pa.array(np.repeat("text", int(plain.sum()))),
                    pa.array(lengths[plain]),
                    pa.array(numbers[plain]),
                ],
                schema=LINES_SCHEMA,
            )
        )
    places = np.flatnonzero(odd & ~blank)
    if len(places):
        batches.append(_odd_lines(block, offsets, lengths, numbers, places, most_bytes))
    return len(ends), batches


def _odd_lines(
    block: bytes,
    offsets: "np.ndarray[Any, np.dtype[np.int64]]",
    lengths: "np.ndarray[Any, np.dtype[np.int64]]",
    numbers: "np.ndarray[Any, np.dtype[np.int64]]",
    places: "np.ndarray[Any, np.dtype[np.intp]]",
    most_bytes: int,
) -> pa.RecordBatch:
    values, forms = [], []
    for place in places:
        start, length = int(offsets[place]), int(lengths[place])
        too_long = length > most_bytes
        values.append(_encoded(block[start : start + (HEAD_BYTES if too_long else length)]))
        forms.append("head_base64" if too_long else "base64")
    return _batch(values, forms, lengths[places].tolist(), numbers[places].tolist())


def _lines_not_utf8(lines: pa.LargeBinaryArray, block: bytes) -> "np.ndarray[Any, np.dtype[np.intp]]":
    """Places of the lines of a block that do not decode."""
    try:
        lines.cast(pa.large_string())  # several times as fast as Python decodes
    except pa.ArrowInvalid:
        pass
    else:
        return np.empty(0, np.intp)
    escaped = block.decode("utf-8", "surrogateescape").encode("utf-8", "surrogatepass")
    newlines = np.flatnonzero(np.frombuffer(escaped, np.uint8) == ord("\n"))
    positions = np.array([found.start() for found in _ESCAPED_BYTE.finditer(escaped)], np.intp)
    return np.unique(np.searchsorted(newlines, positions))


def _blank(lines: pa.LargeBinaryArray, *, skip_null: bool) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Which lines hold nothing but spaces, tabs and CR, or besides these the word null."""
    trimmed = pc.ascii_ltrim(_as_text(lines), " \t\r\n")
    if skip_null:
        is_null = pc.equal(pc.ascii_rtrim(trimmed, " \t\r\n"), pa.scalar("null", pa.large_string()))
        is_blank = pc.equal(pc.binary_length(trimmed), 0)
        skipped: np.ndarray[Any, np.dtype[np.bool_]] = pc.or_(is_null, is_blank).to_numpy(
            zero_copy_only=False
        )
        return skipped
    blank: np.ndarray[Any, np.dtype[np.bool_]] = pc.equal(pc.binary_length(trimmed), 0).to_numpy(
        zero_copy_only=False
    )
    return blank


def _as_text(lines: pa.LargeBinaryArray) -> pa.LargeStringArray:
    """The same bytes seen as text, without looking at them."""
    _, offsets, data = lines.buffers()
    return pa.LargeStringArray.from_buffers(len(lines), offsets, data, offset=lines.offset)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _batch(values: list[str], forms: list[str], lengths: list[int], numbers: list[int]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            pa.array(values, pa.large_string()),
            pa.array(forms, pa.string()),
            pa.array(lengths, pa.int64()),
            pa.array(numbers, pa.int64()),
        ],
        schema=LINES_SCHEMA,
    )
