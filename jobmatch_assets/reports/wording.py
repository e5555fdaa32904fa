"""Numbers and names as people read them. Where there is no value, a dash."""

import datetime as dt
from collections.abc import Callable, Sequence

from jobmatch_assets.metrics.ratios import Interval
from jobmatch_assets.text import printable

NONE = "\u2013"
_BLANK = "\u00a0"

# Characters that the fonts of the report have; a test sets each of them.
_SHOWN = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9),
    (0x400, 0x45F), (0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2022, 0x2022),
    (0x2026, 0x2026), (0x20AC, 0x20AC), (0x2211, 0x2212), (0x2260, 0x2260), (0x2264, 0x2265),
)  # fmt: skip


def has_glyph(character: str) -> bool:
    """Whether the report's fonts can show a character."""
    return any(low <= ord(character) <= high for low, high in _SHOWN)


def name(text: str, most: int = 0) -> str:
    """A name from the data: what the report cannot show is an escape; a long one loses its middle.

    Args:
        text: The name.
        most: How many characters; 0 for any number.
    """
    shown = "".join(
        character if has_glyph(character) else character.encode("unicode_escape").decode("ascii")
        for character in printable(text)
    )
    if not most or len(shown) <= most:
        return shown
    half = (most - 1) // 2
    return f"{shown[:half]}…{shown[len(shown) - half :]}"


def count(value: float | None) -> str:
    """A number of things."""
    return NONE if value is None else _minus(f"{value:,.0f}")


def score(value: float | None, digits: int = 3) -> str:
    """A score, a rank, a ratio."""
    return NONE if value is None else _minus(f"{value:,.{digits}f}")


def amount(value: float | None, currency: str) -> str:
    """An amount of money, which is none without its currency."""
    return NONE if value is None else f"{_minus(f'{value:,.2f}')}{_BLANK}{name(currency)}"


def percent(value: float | None, digits: int = 1) -> str:
    """A share."""
    return NONE if value is None else _minus(f"{100 * value:,.{digits}f}{_BLANK}%")


def points(value: float | None, digits: int = 1) -> str:
    """A difference of shares, in percentage points."""
    return NONE if value is None else _minus(f"{100 * value:,.{digits}f}{_BLANK}pp")


def seconds(value: float | None) -> str:
    """A duration; long ones in the unit that fits."""
    if value is None:
        return NONE
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if value >= 2 * length:
            return f"{value / length:,.1f}{_BLANK}{unit}"
    return f"{value:,.1f}{_BLANK}s"


def signed(value: float, form: Callable[[float | None], str]) -> str:
    """A difference with its sign."""
    text = form(value)
    return f"+{text}" if value > 0 else text


def between(interval: Interval, form: Callable[[float | None], str]) -> str:
    """An interval: `0.12 to 0.34`; the unit of a percentage stands once."""
    low, high = form(interval.low), form(interval.high)
    unit = f"{_BLANK}{low.rpartition(_BLANK)[2]}" if _BLANK in low else ""
    return f"{low.removesuffix(unit)} to {high}" if unit and high.endswith(unit) else f"{low} to {high}"


def signed_between(interval: Interval, form: Callable[[float | None], str]) -> str:
    """An interval of a difference, its ends with their signs."""
    return between(interval, lambda value: signed(value or 0.0, form))


def lowest_to_highest(values: Sequence[float | None], form: Callable[[float | None], str]) -> str:
    """The range of daily values that cannot be put together."""
    known = [value for value in values if value is not None]
    if not known:
        return NONE
    return between(Interval(known[0], min(known), max(known)), form)


def day(date: dt.date) -> str:
    """`2 March 2026`."""
    return f"{date.day} {date:%B %Y}"


def days(first: dt.date, last: dt.date) -> str:
    """`2 to 8 March 2026`, `26 February to 4 March 2026`."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{first.day} {first:%B}{f' {first.year}' if first.year != last.year else ''} to {day(last)}"


def _minus(text: str) -> str:
    return text.replace("-", "\u2212")
