"""A history from its seed: which files land, and what stands in them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from jobmatch_assets_tests.replay import sent_json
from jobmatch_assets_tests.replay.histories import defects, moments, writing
from jobmatch_assets_tests.replay.histories.landing import LandingFile
from jobmatch_assets_tests.replay.histories.statements import Sent, Teller
from jobmatch_assets_tests.replay.histories.world import World
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import TABLES

LONGEST = 4 * 1024 * 1024

_FORMS = ("row", "row", "bare", "envelope", "envelope", "flattened", "mixed")


def history(world: World) -> list[LandingFile]:
    """All files of a world's entities."""
    rng = world.rng
    wanted = rng.randint(60, 200)
    files: list[LandingFile] = []
    while sum(len(file.items) for file in files) < wanted:
        if files and rng.random() < 0.1:
            files.append(_again(rng, files, len(files)))
        else:
            landed = _files(world, f"{world.prefix}-{len(files)}", files)
            files += [_cut(rng, file) if world.seed % 10 == 5 else file for file in landed]
    if world.seed % 10 == 3:
        files.append(_long_record(world))
    # Of files with one name, the last stays; nobody lands both.
    return list({file.path: file for file in files}.values())


def _cut(rng: Random, file: LandingFile) -> LandingFile:
    return replace(file, is_packed=True, is_cut=True) if rng.random() < 0.06 else file


def _files(world: World, name: str, before: Sequence[LandingFile]) -> Iterator[LandingFile]:
    rng = world.rng
    table = rng.choice(list(world.ids))
    source = rng.choice([*world.sources, *[next(iter(world.sources))] * 2])
    day = rng.choice(moments.DAYS)
    teller = Teller(world, table, source, day)
    if rng.random() < 0.4:
        yield from _dump(teller, name)
        return
    name, taken_at = _stamped(rng, world, name, day)
    form = rng.choice(_FORMS)
    forms = ["row", "bare", "envelope", "flattened"] if form == "mixed" else [form]
    count = rng.randint(1, 9)
    file = LandingFile(table, source, day, name, "ndjson", ())
    if taken_at is None and source == "product" and rng.random() < 0.2:
        file = replace(file, layout="root", name=rng.choice([table, TABLES[table].plural]))
    elif rng.random() < 0.3:
        file = replace(file, layout="dated")
    sent = [teller.told(teller.key(), rng.choice(forms)) for _ in range(count)]
    format_ = rng.choice(["ndjson", "ndjson", "json", "xml", "csv"])
    if format_ == "csv" and form not in ("row", "bare", "flattened"):
        format_ = "ndjson"
    sent = [defects.broken(rng, teller.table, one) if rng.random() < 0.06 else one for one in sent]
    written = _written(teller, replace(file, format=format_), sent)
    yield _with_repeats(rng, written, before)


def _dump(teller: Teller, name: str) -> Iterator[LandingFile]:
    rng, world, table = teller.rng, teller.world, teller.table
    name, _ = _stamped(rng, world, name, teller.day, chance=0.6)
    file = LandingFile(
        table.name, teller.source, teller.day, name, rng.choice(["ndjson", "csv", "json", "xml"]), ()
    )
    if rng.random() < 0.3:
        file = replace(file, layout="dated")
    keys = [key for key in world.ids[table.name] if rng.random() < 0.65]
    keys += [key for key in keys if rng.random() < 0.1]
    is_mixed = file.format != "csv" and rng.random() < 0.15
    sent = [
        teller.told(
            key, rng.choice(["envelope", "flattened"]) if is_mixed and rng.random() < 0.4 else "dumped"
        )
        for key in keys
    ]
    if sent and rng.random() < 0.15:
        spoil = rng.choice([defects.broken_later, defects.broken_later, defects.broken])
        sent[0] = spoil(rng, table, sent[0])
    parts = rng.choice([1, 1, 1, 2, 3])
    missing = rng.randint(1, parts) if parts > 1 and rng.random() < 0.25 else None
    for part in range(1, parts + 1):
        if part != missing:
            piece = sent[part - 1 :: parts]
            yield _written(teller, replace(file, part=part, parts=parts), piece)
    if parts == 1 and rng.random() < 0.1:
        # The same dump in a second format: what one of them has is there.
        other = "csv" if file.format == "ndjson" else "ndjson"
        yield _written(teller, replace(file, format=other, part=1), sent[:1])


def _stamped(
    rng: Random, world: World, name: str, day: dt.date, chance: float = 0.3
) -> tuple[str, dt.datetime | None]:
    fitting = [
        moment
        for moment in world.moments
        if moment.microsecond == 0 and moment.date() in (day, day + dt.timedelta(days=1))
    ]
    if not fitting or rng.random() > chance:
        return name, None
    moment = rng.choice(fitting)
    return f"{name}_{moments.stamp(moment)}", moment


def _written(teller: Teller, file: LandingFile, sent: Sequence[Sent]) -> LandingFile:
    rng = teller.rng
    file = replace(file, is_packed=rng.random() < 0.2)
    bom = b"\xef\xbb\xbf" if rng.random() < 0.1 else b""
    if file.format == "ndjson":
        lines = [writing.json_line(rng, one) for one in sent]
        if file.part is None or rng.random() < 0.05:
            lines = _disturbed(rng, lines, [b"", b" ", b"null"], 0.05)
            lines = _disturbed(rng, lines, defects.LINES, 0.03)
        return replace(file, items=lines, head=bom, line_end=rng.choice([b"\n", b"\n", b"\r\n"]))
    if file.format == "json":
        return _json_document(teller, file, sent, bom)
    if file.format == "xml":
        elements = [writing.xml_element(rng, teller.table, one) for one in sent]
        elements = _disturbed(rng, elements, [b"<count>3</count>", b"<!-- none -->"], 0.05)
        space = rng.choice(["", ' xmlns="urn:x"', ' version="2"'])
        declared = rng.choice(['<?xml version="1.0" encoding="UTF-8"?>\n', ""])
        return replace(file, items=elements, head=bom + f"{declared}<feed{space}>".encode(), tail=b"</feed>")
    return _table_of_cells(teller, file, sent, bom)


def _json_document(teller: Teller, file: LandingFile, sent: Sequence[Any], bom: bytes) -> LandingFile:
    rng = teller.rng
    items = [writing.json_line(rng, one) for one in sent]
    if file.part is None:
        items = _disturbed(rng, items, [b"null", b"5", b'"x"', b"[]"], 0.03)
    style = rng.random()
    if len(items) == 1 and style < 0.3:
        return replace(file, items=items, head=bom or b" ", tail=b"\n")
    if style < 0.6:
        begin = rng.choice([b'{"rows": [', b'{"total": 2, "all": ['])
        return replace(file, items=items, head=bom + begin, tail=b"]}")
    return replace(file, items=items, head=bom + b"[", tail=b"]")


def _table_of_cells(teller: Teller, file: LandingFile, sent: Sequence[Sent], bom: bytes) -> LandingFile:
    rng = teller.rng
    names = list(dict.fromkeys(name for one in sent for name in one if name not in ("schema", "payload")))
    inner = [one.get("payload", one) for one in sent]
    names = list(dict.fromkeys([*names, *(name for one in inner for name in one)])) or [teller.table.key.name]
    if rng.random() < 0.3:
        kept = [name for name in names if name.startswith("__") or rng.random() < 0.6]
        names = list(dict.fromkeys([teller.table.key.name, *kept]))
    rows = [writing.csv_row(rng, names, one) for one in inner]
    if file.part is None:
        odd_rows = [b"", b"a" + b"," * len(names), b"x\xff" + b"," * (len(names) - 1)]
        rows = _disturbed(rng, rows, odd_rows, 0.1)
    if len(names) == 1:
        rows = [row or b'""' for row in rows]
    end = rng.choice([b"\n", b"\n", b"\r\n"])
    return replace(file, items=rows, head=bom + writing.csv_header(names), line_end=end)


def _disturbed(rng: Random, items: Sequence[bytes], others: Sequence[bytes], share: float) -> list[bytes]:
    mixed: list[bytes] = []
    for item in items:
        if rng.random() < share:
            mixed.append(rng.choice(others))
        mixed.append(item)
    return mixed


def _with_repeats(rng: Random, file: LandingFile, before: Sequence[LandingFile]) -> LandingFile:
    """Some records of earlier files once more."""
    earlier = [
        item
        for other in before
        if (other.table, other.source) == (file.table, file.source)
        for item in other.items
        if _fits(item, other, file)
    ]
    repeats = [item for item in rng.sample(earlier, min(len(earlier), 4)) if rng.random() < 0.4]
    is_one = file.format == "json" and file.head in (b" ", b"\xef\xbb\xbf")
    return file if is_one else replace(file, items=[*file.items, *repeats])


def _fits(item: bytes, of: LandingFile, into: LandingFile) -> bool:
    """Whether a record of one file can stand in another."""
    if {of.format, into.format} == {"json", "ndjson"}:
        return _is_json(item)
    return of.format == into.format and (of.format != "csv" or of.head == into.head)


def _is_json(item: bytes) -> bool:
    try:
        sent_json.parsed(item.decode())
    except ValueError:
        return False
    return True


def _again(rng: Random, files: Sequence[LandingFile], number: int) -> LandingFile:
    """A file that landed before, under another name, or on another day."""
    file = rng.choice(files)
    if file.layout == "root":
        return file
    other = replace(file, name=f"again-{number}-{file.name}")
    if rng.random() < 0.5:
        return other
    day = rng.choice(moments.DAYS)
    return replace(other, day=day, name=other.name.split("_")[0])


def _long_record(world: World) -> LandingFile:
    table = next(iter(world.ids))
    sent = {TABLES[table].key.name: Number("1"), "x_long": "a" * LONGEST}
    line = writing.json_line(world.rng, sent)
    source = next(iter(world.sources))
    name = f"{world.prefix}-long"
    return LandingFile(table, source, moments.FIRST, name, "ndjson", [line], is_packed=True)
