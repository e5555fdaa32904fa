"""What the path of a file below entities/ says, or why such a file is not loaded."""

import datetime
import re
from dataclasses import dataclass
from typing import Literal, cast

from jobmatch_assets.contracts.entities.columns import EntityTable
from jobmatch_assets.contracts.entities.tables import entity_table_of
from jobmatch_assets.landing.passed_over import Why

RecordFormat = Literal["ndjson", "json", "csv", "xml"]
FORMATS = ("ndjson", "json", "csv", "xml")
DEFAULT_SOURCE = "product"

LOOKED_FOR = (
    "<table>/[source=<name>/]dt=YYYY-MM-DD/<name>.<format>, <table>/[source=<name>/]DDMMYYYY_<name>.<format> "
    f"or DDMMYYYY_<table>.<format>, where <format> is {', '.join(FORMATS[:-1])} or {FORMATS[-1]} "
    "(each also with .gz)"
)
"""The names that are looked for below entities/, for people."""

_DT_FOLDER = re.compile(r"dt=([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DDMMYYYY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})_")
_SOURCE = re.compile(r"[a-z0-9_-]{1,40}")
# More digits than nine are no number of parts, and would not fit into a column.
_SNAPSHOT = re.compile(r"(.*)\.snapshot(?:-([0-9]+)-of-([0-9]+))?", re.DOTALL)
_MOST_DIGITS = 9
_TIME = re.compile(r"(?<![0-9])([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")


@dataclass(frozen=True)
class EntityName:
    """What a path says.

    Attributes:
        table: The table that its records are of.
        source: Who they come from.
        dt: The day that the file was written for.
        taken_at: When the state was as it says.
        format: How its records are written.
        snapshot: The name of the full dump that the file is, or is a part of; None where it is none.
        part: Which part of the dump it is, from 1.
        parts: How many there are.
    """

    table: EntityTable
    source: str
    dt: datetime.date
    taken_at: datetime.datetime
    format: RecordFormat
    snapshot: str | None = None
    part: int | None = None
    parts: int | None = None


def day_in(path: str) -> datetime.date | None:
    """The day in a path below entities/ (of a folder with a slash at its end); None where it has none."""
    *folders, name = path.split("/")
    if folders and folders[-1].startswith("dt="):
        found = _DT_FOLDER.fullmatch(folders[-1])
        return _day(*found.groups()) if found else None
    found = _DDMMYYYY.match(name)
    return _day(found[3], found[2], found[1]) if found else None


def name_of(path: str) -> EntityName | Why:
    """What the path of a file below entities/ says, or why the file is not loaded."""
    *folders, name = path.split("/")
    day = day_in(path)
    stem, dot, format_ = name.removesuffix(".gz").rpartition(".")
    if folders and folders[-1].startswith("dt="):
        folders.pop()
    elif _DDMMYYYY.match(name):
        stem = stem[9:]
    dump = _SNAPSHOT.fullmatch(stem)
    named = folders.pop(0) if folders else dump[1] if dump else stem
    source = DEFAULT_SOURCE
    if folders and folders[0].startswith("source="):
        source = folders.pop(0).removeprefix("source=")
    table = entity_table_of(named)
    if folders or day is None or table is None:
        return Why.OTHER_LAYOUT if folders else Why.UNDATED if day is None else Why.UNKNOWN_TABLE
    if not _SOURCE.fullmatch(source):
        return Why.BAD_SOURCE
    if not dot or format_ not in FORMATS:
        return Why.UNKNOWN_FORMAT
    if dump and max(len(dump[2] or ""), len(dump[3] or "")) > _MOST_DIGITS:
        return Why.BAD_PART
    taken_at = _taken_at(stem, day)
    if not day <= taken_at.date() <= day + datetime.timedelta(days=1):
        return Why.TAKEN_ELSEWHERE
    return EntityName(
        table=table,
        source=source,
        dt=day,
        taken_at=taken_at,
        format=cast("RecordFormat", format_),
        snapshot=dump[1] if dump else None,
        part=int(dump[2] or 1) if dump else None,
        parts=int(dump[3] or 1) if dump else None,
    )


def _taken_at(stem: str, day: datetime.date) -> datetime.datetime:
    """The first time in a name, else the close of the day."""
    for parts in _TIME.findall(stem):
        try:
            year, month, day_, hour, minute, second = map(int, parts)
            return datetime.datetime(year, month, day_, hour, minute, second, tzinfo=datetime.UTC)
        except ValueError:
            continue
    return datetime.datetime.combine(day, datetime.time.max, datetime.UTC)


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
