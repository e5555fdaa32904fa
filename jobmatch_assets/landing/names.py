"""What the name of a landed file says: whether it is looked at, how it is packed, for which day it is."""

import datetime as dt
import re
from typing import Literal

_DT_FOLDER = re.compile(r"dt=([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DDMMYYYY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})_")
_EVENTS_FILE = re.compile(r"\.(?:ndjson|jsonl)(?:\.(gz|zst))?\Z", re.IGNORECASE)

LAYOUT = "dt=YYYY-MM-DD/<name>.ndjson or DDMMYYYY_<name>.ndjson (or .jsonl, both also with .gz or .zst)"
"""The names that are looked for below a feed's folder, for people."""

MOST_FOLDERS = 16
"""How many folders deep below a feed's folder files are looked for."""

Packing = Literal["gzip", "zstd"]


def is_finished(name: str) -> bool:
    """Whether a file or folder of this name is looked at: producers rename when they are done."""
    return not name.startswith((".", "_")) and not name.endswith((".tmp", ".part"))


def is_utf8(name: str) -> bool:
    """Whether the bytes of a name, as the system gives them, are text."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_events_file(name: str) -> bool:
    """Whether the name is that of an NDJSON file (JSON Lines is the same), plain, gzip or Zstandard."""
    return _EVENTS_FILE.search(name) is not None


def packing_of(name: str) -> Packing | None:
    """How the file of this name is packed, None where it is plain."""
    found = _EVENTS_FILE.search(name)
    suffix = found[1].lower() if found and found[1] else ""
    return "gzip" if suffix == "gz" else "zstd" if suffix == "zst" else None


def day_of(source_file: str) -> dt.date | None:
    """The day in a path below a feed's folder, `dt=YYYY-MM-DD/…` or `DDMMYYYY_…`; None where it has none."""
    folder, slash, _ = source_file.partition("/")
    if slash:
        found = _DT_FOLDER.fullmatch(folder)
        parts = found.groups() if found else None
    else:
        found = _DDMMYYYY.match(source_file)
        parts = (found[3], found[2], found[1]) if found else None
    if parts is None:
        return None
    try:
        return dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
