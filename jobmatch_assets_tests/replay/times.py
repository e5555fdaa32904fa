"""Moments as whole microseconds since 1970 in UTC, read from texts and numbers."""

import datetime as dt
import math
import re
from zoneinfo import ZoneInfo

from jobmatch_assets_tests.replay.sent_json import Number

DAY = 86_400_000_000
_EPOCH = dt.datetime(1970, 1, 1)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST, _LAST = (-62_135_596_800_000_000, 253_402_300_799_999_999)
_FIRST_MS = 10**11


def moment(text: str, zone: str = "UTC") -> int | None:
    """A time of RFC 3339; without an offset it is local time of the zone."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    date, clock, fraction, offset = found.groups()
    try:
        local = dt.datetime.fromisoformat(f"{date}T{clock}")
    except ValueError:
        return None
    if offset is None:
        # fold=0: the earlier of two instants; in a gap, the offset of before it, which shifts forward.
        behind = local.replace(tzinfo=ZoneInfo(zone)).utcoffset() or dt.timedelta()
    elif offset == "Z":
        behind = dt.timedelta()
    else:
        hours, minutes = int(offset[1:3]), int(offset[4:])
        if hours > 23 or minutes > 59:
            return None
        behind = dt.timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    micros = (local - _EPOCH - behind) // dt.timedelta(microseconds=1)
    micros += int((fraction or "")[:6].ljust(6, "0"))
    return micros if _FIRST <= micros <= _LAST else None


def moment_of_number(number: Number) -> int | None:
    """A time by its size: seconds, milliseconds, microseconds or nanoseconds."""
    size = abs(number.value)
    if size < _FIRST_MS:
        micros = number.value * 1_000_000
    elif size < _FIRST_MS * 1000:
        micros = number.value * 1000
    elif size < _FIRST_MS * 1_000_000:
        micros = number.value
    else:
        micros = number.value / 1000
    return int(micros) if _FIRST <= micros <= _LAST else None


def date(text: str) -> dt.date | None:
    """A date, or that of a time as it is written."""
    if _DATE.fullmatch(text) or moment(text) is not None:
        try:
            return dt.date.fromisoformat(text[:10])
        except ValueError:
            return None
    return None


def date_of_number(number: Number) -> dt.date | None:
    """Days since 1970, or a time by its size."""
    if abs(number.value) < 1_000_000:
        try:
            return dt.date(1970, 1, 1) + dt.timedelta(days=math.floor(number.value))
        except OverflowError:
            return None
    micros = moment_of_number(number)
    return None if micros is None else date_of(micros)


def date_of(micros: int) -> dt.date:
    """The UTC date of a moment."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=micros // DAY)


def begin_of(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days * DAY


def close_of(day: dt.date) -> int:
    """The last microsecond of a date."""
    return begin_of(day) + DAY - 1


def written(micros: int) -> str:
    """RFC 3339 in UTC with microseconds."""
    return (_EPOCH + dt.timedelta(microseconds=micros)).isoformat(timespec="microseconds") + "Z"
