"""The registry of sources: what is known of those who send records of entities.

A small CSV file, one source a line:

    source,time_zone,default_currency,freshness_hours,max_deleted_share
    berlin,Europe/Berlin,EUR,24,0.2

An empty cell, like a source without a line, has the default: UTC, the currency of the settings, 48 and 0.2.
Whoever edits the file is told about the first mistake in it, and where.
"""

import csv
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn
from zoneinfo import available_timezones

from jobmatch_assets.errors import PlatformError

COLUMNS = ("source", "time_zone", "default_currency", "freshness_hours", "max_deleted_share")

_SOURCE = re.compile(r"[a-z0-9_-]{1,40}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NOT_EVERYWHERE = {"localtime"}


class SourceRegistryError(PlatformError, ValueError):
    """The registry file cannot be used; the message says where, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class EntitySource:
    """What is known of a source.

    Attributes:
        source: Its name; empty for all that are not listed.
        time_zone: Where its times without an offset are local.
        default_currency: Of amounts that name none.
        freshness_hours: How many hours old its newest file may be.
        max_deleted_share: Which share of what there is a full dump may lack.
    """

    source: str
    time_zone: str
    default_currency: str
    freshness_hours: float
    max_deleted_share: float


def read_sources(path: Path | None, default_currency: str) -> Mapping[str, EntitySource]:
    """Read the registry file.

    The file is UTF-8 CSV; a byte order mark, CRLF line ends, blank lines and spaces around values are
    accepted. Line numbers in messages are those of an editor: from 1, blank lines included.

    Args:
        path: The CSV file; None where there is none.
        default_currency: The currency of the settings.

    Returns:
        {name: source}, first those without a line, whose name is empty.

    Raises:
        SourceRegistryError: The file is missing, or anything in it is not as described.
    """
    default = EntitySource("", "UTC", default_currency, 48.0, 0.2)
    sources = {"": default}
    if path is None:
        return MappingProxyType(sources)
    header: list[str] | None = None
    for line, cells in _rows(path):
        if header is None:
            header = cells
            _check_header(path, line, header)
            continue
        if len(cells) != len(header):
            _fail(
                path,
                line,
                f"the row has {len(cells)} cells where the header names {len(header)} columns",
                "give it one cell per column",
            )
        found = _source(path, line, dict(zip(header, cells, strict=True)), default)
        if found.source in sources:
            _fail(path, line, f"the source '{found.source}' is listed a second time", "keep one of its lines")
        sources[found.source] = found
    if header is None:
        _fail(path, 1, "there is no header", f"start with the line {','.join(COLUMNS)}")
    return MappingProxyType(sources)


def _source(path: Path, line: int, row: Mapping[str, str], default: EntitySource) -> EntitySource:
    name = row["source"]
    if not _SOURCE.fullmatch(name):
        _fail(path, line, f"'{name}' is no name of a source", "use 1 to 40 of a-z, 0-9, _ and -")
    zone = row.get("time_zone") or default.time_zone
    if zone not in available_timezones() - _NOT_EVERYWHERE:
        _fail(
            path,
            line,
            f"the source '{name}' has the unknown time zone '{zone}'",
            "name one of the IANA time zone database, e.g. Europe/Berlin",
        )
    currency = row.get("default_currency") or default.default_currency
    if not _CURRENCY.fullmatch(currency):
        _fail(
            path,
            line,
            f"the source '{name}' has the currency '{currency}'",
            "use an ISO 4217 code, three capital letters",
        )
    hours = _number(path, line, row, "freshness_hours", default.freshness_hours)
    if hours <= 0:
        _fail(path, line, f"the source '{name}' has freshness_hours {hours:g}", "use hours above 0")
    share = _number(path, line, row, "max_deleted_share", default.max_deleted_share)
    if not 0 <= share <= 1:
        _fail(path, line, f"the source '{name}' has max_deleted_share {share:g}", "use a share from 0 to 1")
    return EntitySource(name, zone, currency, hours, share)


def _number(path: Path, line: int, row: Mapping[str, str], column: str, default: float) -> float:
    text = row.get(column, "")
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        _fail(path, line, f"{column} is '{text}', which is no number", "write it as 0.2, or leave it empty")
    return number


def _check_header(path: Path, line: int, header: list[str]) -> None:
    if "source" not in header:
        _fail(path, line, "the column 'source' is missing", "add it to the header")
    for column in header:
        if column not in COLUMNS:
            _fail(path, line, f"the column '{column}' is unknown", f"use only {', '.join(COLUMNS)}")
        if header.count(column) > 1:
            _fail(path, line, f"the column '{column}' is there twice", "keep one of them")


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """(number of its line, its cells), of every row that is not blank."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    rows, first_line = [], 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if stripped not in ([], [""]):
                rows.append((first_line, stripped))
            first_line = reader.line_num + 1
    except csv.Error as error:
        _fail(path, first_line, f"the line is not CSV ({error})", "check the double quotes on this line")
    return rows


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        _fail(
            path, None, "the file does not exist", f"create it, with at least the header {','.join(COLUMNS)}"
        )
    except OSError as error:
        _fail(
            path,
            None,
            f"the file cannot be read ({error.strerror})",
            "make it one that this process may read",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        _fail(path, line, "the text is not UTF-8", "save the file as UTF-8")


def _fail(path: Path, line: int | None, problem: str, remedy: str) -> NoReturn:
    place = f"{path}" if line is None else f"{path}, line {line}"
    raise SourceRegistryError(f"Registry of sources (JOBMATCH_SOURCES) {place}: {problem}; {remedy}.")
