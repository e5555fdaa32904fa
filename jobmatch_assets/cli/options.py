"""What options of several commands may hold: days, ranges of them, conditions, names of columns."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from jobmatch_assets.dates import DateRange

if TYPE_CHECKING:
    from jobmatch_assets.warehouse.selection import Filter


def day(_context: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    """The value of an option that is a day."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value} is not a date (YYYY-MM-DD)", param=parameter) from None


def days(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[DateRange]:
    """The values of an option that is a day or a range of days."""
    try:
        return [DateRange.of_text(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(
            f"{', '.join(values)}: {error}. Write YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD", param=parameter
        ) from None


def date_range(first: dt.date | None, last: dt.date | None) -> DateRange | None:
    """What --from and --to mean together."""
    if last is not None and first is None:
        raise click.UsageError("--to needs --from")
    if first and last and last < first:
        raise click.UsageError(f"--to {last} lies before --from {first}")
    return DateRange(first, last or first) if first else None


def filters(
    _context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> "tuple[Filter, ...]":
    """The values of an option that is a condition on a column."""
    from jobmatch_assets.warehouse.selection import Filter

    try:
        return tuple(Filter.of(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(str(error), param=parameter) from None


def names(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The value of an option that is a list of names."""
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())
