"""Dates that somebody lets be built although most of their lines are in quarantine: the rule and its words.

Quarantined lines stay where they are, so no better data of the producer brings a date back that began with
many of them. Who accepts a date accepts as many quarantined lines as it has then; with more it is blocked
again.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from jobmatch_assets.dates import DateRange, ranges_of
from jobmatch_assets.warehouse.control.findings import AcceptedQuarantine

_MOST_TOLD = 3
_MOST_OPTIONS = 8

Accepted = Mapping[dt.date, AcceptedQuarantine]
"""{date: the most that was accepted of it}."""


def most_accepted(records: Iterable[AcceptedQuarantine]) -> Accepted:
    """Of each date the record with the most lines, and of these the first."""
    most: dict[dt.date, AcceptedQuarantine] = {}
    for record in sorted(records, key=lambda record: record.accepted_at):
        known = most.get(record.partition_date)
        if known is None or record.quarantined_lines > known.quarantined_lines:
            most[record.partition_date] = record
    return most


def is_covered(accepted: Accepted, date: dt.date, quarantined_lines: int) -> bool:
    """Whether so many quarantined lines of a date were accepted."""
    return date in accepted and quarantined_lines <= accepted[date].quarantined_lines


def accept_command(dates: Collection[dt.date]) -> str:
    """What to type to have these dates built all the same."""
    ranges = ranges_of(dates)
    options = [f"--accept-quarantine {_option(days)}" for days in ranges]
    if len(ranges) > _MOST_OPTIONS:
        # Of a range only the dates that are held back are accepted.
        options = [f"--accept-quarantine {_option(DateRange(ranges[0].first, ranges[-1].last))}"]
    forced = []
    if len(ranges) == 1:
        (days,) = ranges
        forced = [f"--from {days.first}", *([f"--to {days.last}"] if days.first != days.last else [])]
    return " ".join(["jobmatch run", *forced, *options])


def told(accepted: Accepted, dates: Collection[dt.date]) -> str:
    """Who accepted what of these dates, in a line; empty where nobody did."""
    records = [accepted[date] for date in sorted(dates) if date in accepted]
    more = f" and {len(records) - _MOST_TOLD} more dates" if len(records) > _MOST_TOLD else ""
    by_whom: dict[str, list[str]] = {}
    for record in records[:_MOST_TOLD]:
        lines = f"{record.quarantined_lines:,} of {record.lines:,} lines"
        if len(records) > 1:
            lines = f"{lines} of {record.partition_date}"
        by_whom.setdefault(_signed(record), []).append(lines)
    return "; ".join(f"accepted {who}: {', '.join(lines)}" for who, lines in by_whom.items()) + more


def cell(accepted: Accepted, date: dt.date) -> str:
    """The same of one date, for a table."""
    record = accepted.get(date)
    return f"{record.quarantined_lines:,} {_signed(record)}" if record else ""


def _signed(record: AcceptedQuarantine) -> str:
    return f"by {record.accepted_by} on {record.accepted_at.astimezone(dt.UTC):%Y-%m-%d}"


def _option(days: DateRange) -> str:
    return f"{days.first}" if days.first == days.last else f"{days.first}..{days.last}"
