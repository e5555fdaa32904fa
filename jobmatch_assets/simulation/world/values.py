"""Values of columns as JSON writes them, and times in microseconds since 1970 (UTC)."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Floats, Ints, Texts, texts

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

NULL = "null"


def dumped(value: Any) -> str:
    """The value as JSON, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def choices(values: Iterable[Any]) -> Texts:
    """Values to choose from by index, as JSON."""
    return texts(dumped(value) for value in values)


def same(value: Any, size: int) -> Texts:
    """The value for all of them."""
    return np.full(size, dumped(value), dtype=object)


def quoted(values: Iterable[str]) -> Texts:
    """Texts that need no escaping."""
    return texts(f'"{value}"' for value in values)


def numbers(values: Ints) -> Texts:
    """Whole numbers."""
    return texts(map(str, values.tolist()))


def money(cents: Ints) -> Texts:
    """Amounts of so many hundredths."""
    return texts(str(c // 100) if c % 100 == 0 else repr(c / 100) for c in cents.tolist())


def moments(at: Ints) -> Texts:
    """Times as RFC 3339 writes them, with microseconds."""
    return texts(f'"{text}Z"' for text in moment_texts(at))


def moment_texts(at: Ints) -> list[str]:
    """The same without quotes and offset."""
    shown: list[str] = np.datetime_as_string(at.astype("datetime64[us]"), unit="us").tolist()
    return shown


def dates(at: Ints) -> Texts:
    """The dates of times."""
    shown = np.datetime_as_string(at.astype("datetime64[us]"), unit="D").tolist()
    return texts(f'"{text}"' for text in shown)


def when(chosen: Bools, values: Texts, otherwise: str | None = NULL) -> Texts:
    """The values where they are chosen."""
    filled = np.full(len(values), otherwise, dtype=object)
    filled[chosen] = values[chosen]
    return filled


def start_of(day: dt.date) -> int:
    """Midnight at the beginning of the day."""
    return (day - dt.date(1970, 1, 1)).days * DAY


def spread(rng: np.random.Generator, size: int, first: int, last: int) -> Ints:
    """Times between the two, each as likely."""
    return first + (rng.random(size) * (last - first)).astype(np.int64)


def subsets(rng: np.random.Generator, size: int, words: Sequence[str], chance: float) -> Texts:
    """Lists of some of the words; null where there is none."""
    chosen = rng.random((size, len(words))) < chance
    return texts(
        dumped([word for word, is_chosen in zip(words, row, strict=True) if is_chosen] or None)
        for row in chosen.tolist()
    )


_MIX = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def share_of(number: Ints, seed: int, purpose: int) -> Floats:
    """A number in [0, 1) that belongs to an entity, whoever asks: SplitMix64 of number, seed, purpose."""
    golden, first, second = _MIX
    z = number.astype(np.uint64)
    for salt in (seed, purpose):
        z = z * golden + np.uint64(salt) + golden
        z = (z ^ (z >> np.uint64(30))) * first
        z = (z ^ (z >> np.uint64(27))) * second
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) / float(2**53)
