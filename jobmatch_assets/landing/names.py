"""What the name of a landed file says: whether it is looked at, and the day it was written for."""

import datetime as dt
import re

_DT_FOLDER = re.compile(r"dt=([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DDMMYYYY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})_")


def is_finished(name: str) -> bool:
    """Whether a file or folder of this name is looked at: producers rename when they are done."""
    return not name.startswith((".", "_")) and not name.endswith((".tmp", ".part"))


def is_events_file(name: str) -> bool:
    """Whether the name is that of an NDJSON file, plain or gzip."""
    return name.endswith((".ndjson", ".ndjson.gz"))


def day_of(source_file: str) -> dt.date | None:
    """The day in a path below events/: `dt=YYYY-MM-DD/…` or `DDMMYYYY_…`; None where it holds none."""
    folder, slash, _ = source_file.rpartition("/")
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
