"""Which files of a landing folder are loaded, and what their names say."""

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.tables import TABLES

_KIND = r"\.(?P<format>ndjson|json|csv|xml)(\.gz)?"
_LAYOUTS = (
    re.compile(
        r"(?P<table>\w+)/(source=(?P<source>[^/]*)/)?dt=(?P<dt>\d{4}-\d\d-\d\d)/(?P<name>[^/]+?)" + _KIND
    ),
    re.compile(r"(?P<table>\w+)/(source=(?P<source>[^/]*)/)?(?P<dt>\d{8})_(?P<name>[^/]+?)" + _KIND),
    re.compile(r"(?P<dt>\d{8})_(?P<name>(?P<table>[a-z_]+?)(\.snapshot[^/]*?)?)" + _KIND),
)
_DUMP = re.compile(r"(?P<name>.+?)\.snapshot(-(?P<part>\d+)-of-(?P<parts>\d+))?")
_STAMP = re.compile(r"(?<!\d)\d{8}T\d{6}Z")
_SOURCE = re.compile(r"[a-z0-9_-]{1,40}")
_NAMES = {name: table.name for table in TABLES.values() for name in (table.name, table.plural)}


@dataclass(frozen=True)
class Dump:
    """Which dump a file is a part of.

    Attributes:
        name: Its name, without dates before it.
        part: Which part, from 1.
        parts: How many there are.
    """

    name: str
    part: int = 1
    parts: int = 1


@dataclass(frozen=True)
class File:
    """A file that is loaded.

    Attributes:
        path: Below `entities/`.
        content: Its bytes, as they landed.
        taken_at: The time that its name or its date gives it.
        dump: None where it is no part of one.
    """

    path: str
    content: bytes
    table: str
    source: str
    day: dt.date
    format: str
    taken_at: int
    dump: Dump | None


@dataclass(frozen=True)
class Source:
    """What the registry says about a source."""

    zone: str = "UTC"
    currency: str = "EUR"


def read_files(landing: Path, first: dt.date, last: dt.date) -> Iterator[File]:
    """The files of partitions first to last; of those with the same bytes and meaning, that with the smallest path."""
    root = landing / "entities"
    seen = set()
    paths = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    for path in sorted(paths, key=str.encode):
        file = _file(path, (root / path).read_bytes())
        if file is None or not first - dt.timedelta(days=1) <= file.day <= last:
            continue
        meaning = (file.table, file.source, file.day, file.taken_at, file.format, file.dump)
        identity = (*meaning, hashlib.sha256(file.content).digest())
        if identity not in seen:
            seen.add(identity)
            yield file


def read_sources(registry: Path) -> dict[str, Source]:
    """The lines of `JOBMATCH_SOURCES`, by source."""
    with registry.open(newline="", encoding="utf-8") as lines:
        return {
            row["source"]: Source(row["time_zone"] or "UTC", row["default_currency"] or "EUR")
            for row in csv.DictReader(lines)
        }


def _file(path: str, content: bytes) -> File | None:
    found = next(filter(None, (layout.fullmatch(path) for layout in _LAYOUTS)), None)
    if found is None or path.rsplit("/", 1)[-1].startswith((".", "_")):
        return None
    parts = found.groupdict()
    source = "product" if parts.get("source") is None else parts["source"]
    day = _day(parts["dt"])
    if parts["table"] not in _NAMES or not _SOURCE.fullmatch(source) or day is None:
        return None
    dump = _DUMP.fullmatch(parts["name"])
    part = Dump(dump["name"], int(dump["part"] or 1), int(dump["parts"] or 1)) if dump else None
    taken_at = _taken_at(path.rsplit("/", 1)[-1], day)
    if times.date_of(taken_at) not in (day, day + dt.timedelta(days=1)):
        return None
    return File(path, content, _NAMES[parts["table"]], source, day, parts["format"], taken_at, part)


def _day(written: str) -> dt.date | None:
    try:
        return (
            dt.date.fromisoformat(written)
            if "-" in written
            else dt.datetime.strptime(written, "%d%m%Y").date()
        )
    except ValueError:
        return None


def _taken_at(name: str, day: dt.date) -> int:
    for stamp in _STAMP.findall(name):
        date, clock = stamp[:8], stamp[9:15]
        text = f"{date[:4]}-{date[4:6]}-{date[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"
        micros = times.moment(text)
        if micros is not None:
            return micros
    return times.close_of(day)
