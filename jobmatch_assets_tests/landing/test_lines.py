import base64
import io
import random
import subprocess
import sys

import pytest

from jobmatch_assets.contracts.landed_lines import MAX_LINE_BYTES
from jobmatch_assets.landing import lines as lines_module
from jobmatch_assets.landing.lines import HEAD_BYTES, LINES_SCHEMA, read_lines
from jobmatch_assets.landing.readable import Readable
from jobmatch_assets_tests.golden import oracle

Row = tuple[int, str, bytes, int]

PIECES = [
    b"\n",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"\r\r\n",
    b" ",
    b"\t",
    b"  \t\r",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xa9",
    b"\xc2\xa0",
    b"a",
    b"{}",
    b'{"a":1}',
    "é日😀".encode(),
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xed\xb2\x80",
    b"\xed\xb3\xbf",
    b"\xf4\x90\x80\x80",
    b"\xc0\x80",
    b"\xe2\x80",
    b"\xf0\x9f\x98",
    b"\x80",
    b"\xed",
    b"\xb2",
]


def rows_of(data: bytes | Readable) -> list[Row]:
    """(line number, form, what is kept of the line in bytes, its length), by line number."""
    rows = []
    for batch in read_lines(io.BytesIO(data) if isinstance(data, bytes) else data):
        assert batch.schema == LINES_SCHEMA
        batch.validate(full=True)
        for row in batch.to_pylist():
            text = row["raw_line"]
            kept = text.encode() if row["raw_form"] == "text" else base64.b64decode(text, validate=True)
            rows.append((row["_source_line"], row["raw_form"], kept, row["line_bytes"]))
    return sorted(rows)


def expected_rows(data: bytes) -> list[Row]:
    """The same by the oracle, which splits the whole file at once."""
    rows = []
    for number, line in oracle.split_lines(data):
        if len(line) > MAX_LINE_BYTES:
            rows.append((number, "head_base64", line[:HEAD_BYTES], len(line)))
            continue
        try:
            line.decode("utf-8")
            rows.append((number, "text", line, len(line)))
        except UnicodeDecodeError:
            rows.append((number, "base64", line, len(line)))
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_byte_soups_are_split_as_the_oracle_splits_them(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(1000):
        soup = b"".join(rng.choices(PIECES, k=rng.randrange(30)))
        assert rows_of(soup) == expected_rows(soup), soup


@pytest.mark.parametrize("block", [1, 2, 3, 5, 8, 17, 64])
def test_a_block_may_end_anywhere(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "_BLOCK", block)
    rng = random.Random(block)
    for _ in range(500):
        soup = b"".join(rng.choices(PIECES, k=rng.randrange(30)))
        assert rows_of(soup) == expected_rows(soup), soup


@pytest.mark.parametrize("block", [1, 2, 3, 4, 7, 11, 16])
@pytest.mark.parametrize("limit", [1, 4, 9])
def test_a_line_may_outgrow_the_block_and_the_limit(
    block: int, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "_BLOCK", block)
    monkeypatch.setattr(lines_module, "MAX_LINE_BYTES", limit)
    monkeypatch.setattr(sys.modules[__name__], "MAX_LINE_BYTES", limit)
    rng = random.Random(block * limit)
    for _ in range(300):
        soup = b"".join(rng.choices([*PIECES, b"0123456789abcdef", b"x" * limit], k=rng.randrange(16)))
        assert [(n, f, length) for n, f, _, length in rows_of(soup)] == [
            (n, f, length) for n, f, _, length in expected_rows(soup)
        ], soup


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("extra", [-1, 0, 1, 2])
@pytest.mark.parametrize("before", [b"", b"{}\n"])
def test_the_limit_of_a_line_counts_its_bytes_without_its_end(end: bytes, extra: int, before: bytes) -> None:
    data = before + b"x" * (MAX_LINE_BYTES + extra) + end
    rows = rows_of(data)
    assert rows == expected_rows(data)
    assert rows[-1][1] == ("head_base64" if extra > 0 else "text")
    assert rows[-1][3] == MAX_LINE_BYTES + extra


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_limit_counts_bytes_not_characters(end: bytes) -> None:
    data = "é".encode() * (MAX_LINE_BYTES // 2) + b"x" + end + b"{}"
    assert rows_of(data) == expected_rows(data)
    assert rows_of(data)[0][1] == "head_base64"


def test_a_line_over_many_blocks_is_one_line_and_the_next_keeps_its_number() -> None:
    data = b"{}\n" + b"y" * (20 * 1024 * 1024) + b"\r\n\n" + b"[]\r\n"
    assert rows_of(data) == [
        (1, "text", b"{}", 2),
        (2, "head_base64", b"y" * HEAD_BYTES, 20 * 1024 * 1024),
        (4, "text", b"[]", 2),
    ]


@pytest.mark.parametrize("blank", [b" " * (2 << 20), b"\t" * (20 << 20), b"\r" * (9 << 20) + b"\r\n"])
def test_a_long_blank_line_is_blank(blank: bytes) -> None:
    assert rows_of(blank + b"\n{}\n") == expected_rows(blank + b"\n{}\n")
    assert rows_of(blank) == []


def test_a_too_long_line_that_is_not_utf8_is_too_long() -> None:
    data = b"\xff" * (MAX_LINE_BYTES + 1) + b"\n\xff\n"
    assert [form for _, form, _, _ in rows_of(data)] == ["head_base64", "base64"]


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\r\n", b"\r", b" \t\r\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"]
)
def test_a_file_without_a_line_has_no_rows(data: bytes) -> None:
    assert rows_of(data) == []


def test_only_the_first_byte_order_mark_is_skipped() -> None:
    bom = b"\xef\xbb\xbf"
    assert [kept for _, _, kept, _ in rows_of(bom + bom + b"{}\n" + bom + b"{}")] == [
        bom + b"{}",
        bom + b"{}",
    ]


def test_only_one_carriage_return_belongs_to_the_line_end() -> None:
    assert [kept for _, _, kept, _ in rows_of(b"a\r\r\nb\rc\r\nd\r")] == [b"a\r", b"b\rc", b"d"]


class Trickle:
    """A stream that gives fewer bytes than it is asked for."""

    def __init__(self, data: bytes, rng: random.Random) -> None:
        self._stream = io.BytesIO(data)
        self._rng = rng

    def read(self, _size: int) -> bytes:
        return self._stream.read(self._rng.randrange(1, 4))


def test_a_stream_may_give_less_than_it_is_asked_for() -> None:
    rng = random.Random(9)
    for _ in range(500):
        soup = b"".join(rng.choices(PIECES, k=rng.randrange(30)))
        assert rows_of(Trickle(soup, rng)) == expected_rows(soup), soup


LONG_LINE = """
import resource
from jobmatch_assets.landing.lines import read_lines

class Line:
    left = 300
    def read(self, size):
        self.left -= 1
        return b"x" * (1 << 20) if self.left >= 0 else b""

for _ in read_lines(Line()): pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
long = Line()
long.left = 900
rows = [row for batch in read_lines(long) for row in batch.to_pylist()]
assert rows[0]["line_bytes"] == 900 << 20, rows
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_does_not_grow_with_the_length_of_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG_LINE], capture_output=True, text=True, check=True, timeout=120
    )
    assert int(done.stdout) < 64, (
        f"{done.stdout.strip()} MiB more for a line of 900 MiB than for one of 300 MiB"
    )
