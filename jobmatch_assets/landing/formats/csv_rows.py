"""CSV as RFC 4180 has it: a header, then a record a row."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from jobmatch_assets.landing.formats.records import MOST_HELD_BYTES, RawRecord, batches_of, compact
from jobmatch_assets.landing.layout import Source
from jobmatch_assets.landing.readable import Readable
from jobmatch_assets.landing.root import UnreadableFileError

_BLOCK = 4 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
# A CR that ends no line is text; Python's reader would end the row with it. No byte decodes to these two.
_LONE_CR = re.compile("\r(?!\n)")
_CR_MARK, _END_MARK = "\udc0d", "\udc01"
_MARKS = re.compile("[\ud800-\udfff]")


def read_csv(source: Source) -> Iterator[pa.RecordBatch]:
    """The rows of a CSV file as JSON objects: cells are texts, empty ones null.

    A row with another number of cells than the header is an array. Lines without any character are skipped,
    and not counted.

    Raises:
        UnreadableFileError: It has no header, one that is not UTF-8, a name twice in it, or ends inside
            quotes.
    """
    with source.opened() as content:
        yield from batches_of(_records(source.place, content))


def _records(place: str, content: Readable) -> Iterator[RawRecord]:
    rows = _rows(place, content)
    header = _header(place, next(rows, None))
    for row in rows:
        cells: list[str | None] = [cell or None for cell in row]
        value = dict(zip(header, cells, strict=True)) if len(row) == len(header) else cells
        text = compact(value)
        if not text.isascii() and _MARKS.search(text):
            yield _with_marks(header, row)
        else:
            yield RawRecord(text)


def _with_marks(header: list[str], row: list[str]) -> RawRecord:
    """A row with a lone CR, or with bytes that are not UTF-8: those are kept as they are, with commas."""
    row = [cell.replace(_CR_MARK, "\r") for cell in row]
    try:
        ",".join(row).encode()
    except UnicodeEncodeError:
        return RawRecord(",".join(row).encode("utf-8", "surrogateescape"))
    cells: list[str | None] = [cell or None for cell in row]
    return RawRecord(compact(dict(zip(header, cells, strict=True)) if len(row) == len(header) else cells))


def _header(place: str, row: list[str] | None) -> list[str]:
    if row is None:
        raise _refused(place, "has no header", "Send it with the names of its columns in the first line")
    header = [name.replace(_CR_MARK, "\r") for name in row]
    if any(_MARKS.search(name) for name in header):
        raise _refused(place, "has a header that is not UTF-8", "Save it as UTF-8")
    twice = next((name for name, count in Counter(header).items() if count > 1), None)
    if twice is not None:
        raise _refused(place, f"has the column {twice[:80]!r} twice in its header", "Keep one of them")
    return header


def _rows(place: str, content: Readable) -> Iterator[list[str]]:
    """The rows that are not blank, header included."""
    # The limit is one for the whole process.
    csv.field_size_limit(max(csv.field_size_limit(), MOST_HELD_BYTES))
    reader = csv.reader(_lines(place, content))
    last: list[str] | None = None
    start = begin = 1
    try:
        for row in reader:
            if row:
                if last is not None:
                    yield last
                last, begin = row, start
            start = reader.line_num + 1
    except csv.Error as error:
        raise _refused(
            place,
            f"cannot be read as CSV from line {start:,} on ({error}): a quote may never close there",
            "Close the quote, and double those inside of values",
        ) from None
    if last != [_END_MARK]:
        raise _refused(
            place,
            f"ends inside quotes that open in the row of line {begin:,}",
            "Close the quote, and double those inside of values",
        )


def _lines(place: str, content: Readable) -> Iterator[str]:
    """Lines with their ends, then one with a mark: a row of its own, unless a quote is open."""
    rest = content.read(_BLOCK)
    while len(rest) < len(_BOM) and (block := content.read(_BLOCK)):
        rest += block
    rest = rest.removeprefix(_BOM)
    while True:
        end = rest.rfind(b"\n") + 1
        if end:
            yield from _split(rest[:end])
            rest = rest[end:]
        elif len(rest) > MOST_HELD_BYTES:
            raise _refused(
                place,
                f"has a line of more than {MOST_HELD_BYTES // 2**20} MiB",
                "Send it with a line end after each row",
            )
        block = content.read(_BLOCK)
        if not block:
            break
        rest += block
    if rest:
        yield from _split(rest)
    yield f"{_END_MARK}\n"


def _split(block: bytes) -> list[str]:
    """Lines, each with a line end; the last one has none where the file ends."""
    text = block.decode("utf-8", "surrogateescape")
    if "\r" in text:
        text = _LONE_CR.sub(_CR_MARK, text)
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [f"{line}\n" for line in lines]


def _refused(place: str, problem: str, remedy: str) -> UnreadableFileError:
    return UnreadableFileError(f"{place} {problem}. Nothing of it was loaded. {remedy}, and run again.")
