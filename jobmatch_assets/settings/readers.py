"""How texts become values: each returns one, or raises a ValueError that goes on after "it must"."""

import datetime as dt
import os
import re
from contextlib import suppress
from pathlib import Path

from jobmatch_assets.event_names import EVENT_NAMES

TARGETS = ("duckdb", "bigquery")

_SCHEMAS = (
    "job_matching_bronze",
    "job_matching_silver",
    "job_matching_gold",
    "main",
    "temp",
    "system",
    "information_schema",
    "pg_catalog",
)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]*")
_PROJECT = re.compile(r"[A-Za-z0-9.:-]*")
_EVENT_NAME = re.compile(r"[A-Za-z0-9_]+")
_REGION = re.compile(r"[A-Za-z0-9-]+")
_MEMORY = re.compile(r"([0-9]{1,15}(?:[.][0-9]{1,3})?) ?(B|[KMGT]i?B)?")
_UNITS = {"B": 1} | {
    f"{prefix}{unit}": base**power
    for unit, base in (("B", 1000), ("iB", 1024))
    for power, prefix in enumerate("KMGT", 1)
}
_LEAST_MEMORY = 256 * 1024**2
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
_MOST_DIGITS = 20
_SHORTEST_KEY = 16

CATALOG_NAMES = (
    "name a file of letters, digits, spaces and - _ . that is not called like a schema "
    f"({', '.join(_SCHEMAS)}), in small letters or capitals"
)


def names_a_catalog(path: Path) -> bool:
    """Whether DuckDB can tell the catalog, which it names after the file, from all schemas in it."""
    return path.stem.lower() not in _SCHEMAS and bool(_PLAIN_NAME.fullmatch(path.stem))


def target(text: str) -> str:
    """Where tables live."""
    if text not in TARGETS:
        raise ValueError(f"be one of {', '.join(TARGETS)}")
    return text


def location(text: str) -> str:
    """A folder (made absolute, from the working directory) or a bucket URL as it is."""
    if text.startswith("gs://"):
        return text.rstrip("/")
    if "://" in text:
        raise ValueError("be a folder or a gs:// URL")
    return str(path(text))


def key(text: str) -> str:
    """A secret, long enough that nobody finds it by trying; or nothing."""
    if text and len(text.strip()) < _SHORTEST_KEY:
        raise ValueError(f"have {_SHORTEST_KEY} characters or more, or be empty")
    return text


def path(text: str) -> Path:
    """A path, made absolute from the working directory."""
    if not text:
        raise ValueError("be a path, and not empty")
    if not text.isprintable():
        raise ValueError("be a path of printable characters (UTF-8)")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError("begin with a home folder that exists, where it begins with ~") from None
    except OSError:
        raise ValueError("be an absolute path, since the working directory is gone") from None


def optional_path(text: str) -> Path | None:
    """The same, or nothing."""
    return path(text) if text else None


def duckdb_path(text: str) -> Path:
    """The path of a file whose name DuckDB can use."""
    found = path(text)
    if not names_a_catalog(found):
        raise ValueError(CATALOG_NAMES)
    return found


def optional_duckdb_path(text: str) -> Path | None:
    """The same, or nothing."""
    return duckdb_path(text) if text else None


def date(text: str) -> dt.date:
    """A date, as ISO 8601 writes it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("be a date, YYYY-MM-DD") from None


def optional_date(text: str) -> dt.date | None:
    """The same, or nothing."""
    return date(text) if text else None


def _is_count(text: str) -> bool:
    """Whether it is a whole number, of no more digits than any setting needs."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def days(text: str) -> int:
    """A number of days, a year at most."""
    if not _is_count(text) or int(text) > 366:
        raise ValueError("be a whole number of days, 0 to 366")
    return int(text)


def weeks(text: str) -> int:
    """A number of weeks, of which a median can be had."""
    if not _is_count(text) or not 3 <= int(text) <= 104:
        raise ValueError("be a whole number of weeks, 3 to 104")
    return int(text)


def lines(text: str) -> int:
    """A number of lines."""
    if not _is_count(text) or len(text) > 12:
        raise ValueError("be a whole number of lines, 0 or more, of at most 12 digits")
    return int(text)


def bytes_(text: str) -> int:
    """A number of bytes."""
    if not _is_count(text) or int(text) >= 2**63:
        raise ValueError("be a whole number of bytes, less than 2^63")
    return int(text)


def memory(text: str) -> int:
    """Bytes of memory, written with a unit or without; half of what the machine has, if nothing is said."""
    if not text:
        return _memory_of_machine() // 2
    match = _MEMORY.fullmatch(text)
    size = int(float(match[1]) * _UNITS[match[2] or "B"]) if match else 0
    if size < _LEAST_MEMORY:
        raise ValueError("be a size such as 4 GiB or 500 MB, of 256 MiB or more, or empty")
    return size


def _memory_of_machine() -> int:
    """What this process may use: of a container its limit."""
    bytes_of_machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no such limit, or "max"
        return min(bytes_of_machine, int(_CONTAINER_LIMIT.read_text()))
    return bytes_of_machine


def seconds(text: str) -> float:
    """A time, a day at most."""
    number = _number(text)
    if not 0 <= number <= 86_400:
        raise ValueError("be a number of seconds, 0 to 86400")
    return number


def hours(text: str) -> float:
    """A time, a year at most."""
    number = _number(text)
    if not 0 < number <= 8784:
        raise ValueError("be a number of hours, more than 0, at most 8784")
    return number


def share(text: str) -> float:
    """A part of a whole."""
    number = _number(text)
    if not 0 <= number <= 1:
        raise ValueError("be a share, 0 to 1")
    return number


def _number(text: str) -> float:
    """A number; where the text is none, one that no setting takes."""
    try:
        return float(text)
    except ValueError:
        return -1.0


def project(text: str) -> str:
    """The id of a Google Cloud project; may be empty."""
    if not _PROJECT.fullmatch(text):
        raise ValueError("be the id of a Google Cloud project: letters, digits and hyphens")
    return text


def region(text: str) -> str:
    """Where BigQuery keeps datasets."""
    if not _REGION.fullmatch(text):
        raise ValueError("be a location of BigQuery, e.g. EU or europe-west1")
    return text


def currency(text: str) -> str:
    """A currency's code."""
    if len(text) != 3 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError("be an ISO 4217 code, three capital letters")
    return text


def other_event_names(text: str) -> tuple[str, ...]:
    """Names of events beside those of the contract, in one order, each once."""
    names = tuple(sorted(set(text.split())))
    for name in names:
        if not _EVENT_NAME.fullmatch(name):
            raise ValueError(
                f"have names of letters, digits and _ with spaces between them, and {name!r} is none"
            )
        if name in EVENT_NAMES:
            raise ValueError(f"name no event of the contract, and {name} is one: it is read in any case")
    return names
