"""Landing files of a history: what stands in one, under which name, in which format."""

import datetime as dt
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from jobmatch_assets_tests.replay.tables import TABLES

_PIECES = {
    "ndjson": (b"", b"\n"),
    "json": (b"[", b","),
    "csv": (b"", b"\n"),
    "xml": (b"<feed>", b"\n"),
}


@dataclass(frozen=True)
class LandingFile:
    """A file before it is written.

    Attributes:
        table: What its records are of.
        source: Who tells.
        day: The date in its path.
        name: Its name without the date, its kind and what follows.
        format: ndjson, json, csv or xml.
        items: Its records as they stand in it.
        head: What stands before them, if it is not that of the format: the header of CSV, the beginning of a document.
        tail: What stands behind them.
        part: Which part of a dump it is; None where it is no dump.
        parts: How many parts the dump has.
        layout: `folder`, `dated` (DDMMYYYY_ before the name) or `root` (the table is the name; of `product` only).
        is_packed: Whether it is gzip.
        line_end: What separates records of ndjson and CSV.
        is_cut: Whether its gzip stream breaks off.
    """

    table: str
    source: str
    day: dt.date
    name: str
    format: str
    items: Sequence[bytes]
    head: bytes = b""
    tail: bytes = b""
    part: int | None = None
    parts: int = 1
    layout: str = "folder"
    is_packed: bool = False
    line_end: bytes = b"\n"
    is_cut: bool = False

    @property
    def path(self) -> str:
        """Below the landing root."""
        end = f".{self.format}" + (".gz" if self.is_packed else "")
        dump = "" if self.part is None else ".snapshot"
        if self.parts > 1:
            dump += f"-{self.part:02}-of-{self.parts:02}"
        dated = f"{self.day:%d%m%Y}_{self.name}{dump}{end}"
        if self.layout == "root":
            return f"entities/{dated}"
        folder = self.table if self.part is None else TABLES[self.table].plural
        # Where it may be left out, some leave it out.
        source = "" if self.source == "product" and self.is_packed else f"source={self.source}/"
        if self.layout == "dated":
            return f"entities/{folder}/{source}{dated}"
        return f"entities/{folder}/{source}dt={self.day}/{self.name}{dump}{end}"

    @property
    def content(self) -> bytes:
        begin, between = _PIECES[self.format]
        if self.format == "csv":
            joined = self.line_end.join([self.head, *self.items]) + self.line_end
        elif self.format == "ndjson":
            joined = self.head + b"".join(item + self.line_end for item in self.items)
        else:
            joined = (self.head or begin) + between.join(self.items) + self.tail
        packed = gzip.compress(joined, mtime=0) if self.is_packed else joined
        return packed[:-9] if self.is_cut else packed

    @property
    def dump(self) -> tuple[object, ...] | None:
        """Which dump it is a part of."""
        return None if self.part is None else (self.table, self.source, self.day, self.name, self.parts)


def split(rng: Random, files: Sequence[LandingFile]) -> list[LandingFile]:
    """The same records in other files: some are cut in two, dumps in parts, and all stand in another order."""
    dumps = [file.dump for file in files]
    return [
        part
        for file in files
        for part in (
            _cut(rng, file) if file.part is None or dumps.count(file.dump) == 1 else [_mixed(rng, file)]
        )
    ]


def _cut(rng: Random, file: LandingFile) -> list[LandingFile]:
    mixed = replace(_mixed(rng, file), is_packed=rng.random() < 0.5)
    if file.is_cut:
        return [file]
    cannot = file.layout == "root" or file.parts > 1 or len(file.items) < 2 or _is_one_object(file)
    if cannot or rng.random() < 0.4:
        return [mixed]
    at = rng.randint(0, len(file.items))
    pieces = (mixed.items[:at], mixed.items[at:])
    if file.part is None:
        return [
            replace(mixed, name=f"{end}-{file.name}", items=items)
            for end, items in zip("ab", pieces, strict=True)
        ]
    return [replace(mixed, part=part, parts=2, items=items) for part, items in enumerate(pieces, 1)]


def _mixed(rng: Random, file: LandingFile) -> LandingFile:
    return replace(file, items=rng.sample(file.items, len(file.items)))


def _is_one_object(file: LandingFile) -> bool:
    return file.format == "json" and not file.tail.endswith(b"]") and not file.tail.endswith(b"]}")
