"""The few moments of a history, and the many ways to write one."""

import datetime as dt
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from jobmatch_assets_tests.replay.sent_json import Number

FIRST = dt.date(2026, 3, 27)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(6)]
"""Dates that files are landed for; on 29 March clocks of Berlin go forward."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICRO = dt.timedelta(microseconds=1)

# The second two are one local time in Berlin.
_ODD_HOURS = (
    dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2025, 10, 26, 1, 30, tzinfo=dt.UTC),
)

LOCAL_ODDITIES = ("2026-03-29T02:30:00", "2025-10-26T02:30:00", "2025-10-05T02:10:00", "2026-03-08T02:30:00")
"""Local times that a zone has twice or not at all."""


def moments(rng: Random) -> list[dt.datetime]:
    """Between five and nine moments that a history happens at."""
    days = rng.sample(DAYS, 3)
    noon = _at(rng.choice(days), dt.time(12))
    ordinary = [_at(day, dt.time(hour)) for day in days for hour in (9, 10)]
    closes = [_at(day, dt.time.max) for day in days]
    midnights = [_at(day, dt.time()) for day in days]
    others = [*ordinary, *midnights, noon + _MICRO, noon + dt.timedelta(milliseconds=1), *_ODD_HOURS]
    return sorted({*rng.sample(closes, 2), noon, *rng.sample(others, rng.randint(3, 6))})


def stamp(moment: dt.datetime) -> str:
    """As in the name of a file."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def written(rng: Random, moment: dt.datetime, zone: str) -> Any:
    """The moment as a text or a number."""
    if rng.random() < 0.2:
        return number(rng, moment)
    form = rng.random()
    if form < 0.4:
        return f"{moment:%Y-%m-%dT%H:%M:%S}{_fraction(rng, moment)}Z"
    if form < 0.7:
        offset, sign, hours = rng.choice([(2, "+", "02:00"), (-5, "-", "05:00"), (5.5, "+", "05:30")])
        local = moment + dt.timedelta(hours=offset)
        return f"{local:%Y-%m-%d %H:%M:%S}{_fraction(rng, moment)}{sign}{hours}"
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}{_fraction(rng, moment)}"


def number(rng: Random, moment: dt.datetime) -> Number:
    """The moment as seconds, milliseconds, microseconds or nanoseconds, whatever holds it."""
    micros = (moment - _EPOCH) // _MICRO
    forms = [f"{micros}", f"{micros}000", f"{micros}999"]
    if micros % 1000 == 0:
        forms += [f"{micros // 1000}"] * 3
    if micros % 1_000_000 == 0:
        forms += [f"{micros // 1_000_000}", f"{micros // 1_000_000}.0"]
    return Number(rng.choice(forms))


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=dt.UTC)


def _fraction(rng: Random, moment: dt.datetime) -> str:
    if moment.microsecond:
        return f".{moment.microsecond:06}" + rng.choice(["", "", "9"])
    return rng.choice(["", "", ".0", ".000000"])
