"""Files of entities in memory: what a format makes of them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from jobmatch_assets.landing.entity_layout import ENTITY_LAYOUT

Record = tuple[int, str, str]
"""Number, form and text of a record."""


class Bytes:
    """A file that is nowhere; `blocks` bytes of it are read at a time at the most."""

    place = "somewhere"

    def __init__(self, data: bytes, block: int = 1 << 30) -> None:
        self.data = data
        self.block = block

    @contextmanager
    def opened(self) -> Iterator["_Blocks"]:
        yield _Blocks(self.data, self.block)


class _Blocks:
    def __init__(self, data: bytes, block: int) -> None:
        self._stream = io.BytesIO(data)
        self._block = block

    def read(self, size: int, /) -> bytes:
        return self._stream.read(min(size, self._block))


def records_of(ending: str, data: bytes | str, block: int = 1 << 30) -> list[Record]:
    """The records of a file of jobs."""
    data = data.encode() if isinstance(data, str) else data
    batches = ENTITY_LAYOUT.read(Bytes(data, block), f"job/dt=2026-03-01/a.{ending}")
    return [
        (row["_source_line"], row["raw_form"], row["raw_line"])
        for batch in batches
        for row in batch.to_pylist()
    ]


def texts_of(ending: str, data: bytes | str, block: int = 1 << 30) -> list[str]:
    """The same, where every record is text and they are numbered without a gap."""
    records = records_of(ending, data, block)
    assert [number for number, _, _ in records] == list(range(1, len(records) + 1))
    assert {form for _, form, _ in records} <= {"text"}
    return [text for _, _, text in records]
