"""What became of the lines that the week's numbers are made from."""

from collections.abc import Mapping
from typing import Any

import duckdb

from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Paragraph, Part, Section, Table
from jobmatch_assets.reports.reading import Rows, rows_of, total
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import NONE, count, name, percent, seconds

TABLES = ("data_health_daily", "quarantine_daily", "failing_checks")

_MOST_REASONS = 6
_MOST_CHECKS = 8


def data_health(connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis) -> Section:
    """The section."""
    _ = axis
    week = comparing.state.week
    dates = {"first": week.monday, "last": week.sunday}
    found = rows_of(
        connection, "from data_health_daily where date between $first and $last order by date", **dates
    )
    parts: list[Part] = [_lines(found), *_reasons(connection, found, dates)]
    failing = rows_of(
        connection,
        "select asset, check_name, event_date, is_blocking, message from failing_checks "
        "where event_date between $first and $last or event_date is null "
        "order by is_blocking desc, asset, check_name, event_date",
        **dates,
    )
    parts.append(_checks(failing))
    return Section(
        "Data health",
        "Each line that arrived is an event, a duplicate, or in quarantine with a reason.",
        parts,
    )


def _lines(found: Rows) -> Table:
    """Conservation and lateness by date, and of the week."""
    rows = [
        [
            Cell(f"{row['date']:%a} {row['date'].day} {row['date']:%b}", strong=True),
            *(Cell(count(row[column])) for column in ("lines", "events", "duplicates", "quarantined")),
            Cell(count(_difference(row))),
            Cell(percent(row["quarantined_share"], 2)),
            *(Cell(count(row[column])) for column in ("late_1_day", "late_2_days_or_more")),
            Cell(seconds(row["median_lateness_seconds"])),
            Cell(seconds(row["p95_lateness_seconds"])),
        ]
        for row in found
    ]
    sums = {
        column: total(found, column)
        for column in ("lines", "events", "duplicates", "quarantined", "late_1_day", "late_2_days_or_more")
    }
    lines, quarantined = sums["lines"], sums["quarantined"]
    share = quarantined / lines if lines and quarantined is not None else None
    rows.append(
        [
            Cell("Week", strong=True),
            *(
                Cell(count(sums[column]), strong=True)
                for column in ("lines", "events", "duplicates", "quarantined")
            ),
            Cell(count(_difference(sums) if found else None), strong=True),
            Cell(percent(share, 2), strong=True),
            *(Cell(count(sums[column]), strong=True) for column in ("late_1_day", "late_2_days_or_more")),
            Cell(NONE),
            Cell(NONE),
        ]
    )
    return Table(
        "Lines by date",
        (
            "Date", "> Lines", "> Events", "> Duplicates", "> Quaran\u00adtined", "> Differ\u00adence",
            "> Share quaran\u00adtined",
            "> 1 day late", "> 2 days late or more", "> Median lateness", "> p95",
        ),
        rows,
        (1.5, 1.2, 1.2, 1.4, 1.2, 1.1, 1.2, 1.0, 1.2, 1.3, 1.2),
        "Difference: lines less events, duplicates and quarantined; anything but 0 is a fault. Days late: "
        "events whose file stands under a later date. Lateness: from the event to its arrival, where lines "
        "tell it; medians of dates cannot be put together.",
    )  # fmt: skip


def _difference(row: dict[str, float | None] | dict[str, int]) -> float:
    lines, *parts = (row[column] or 0 for column in ("lines", "events", "duplicates", "quarantined"))
    return lines - sum(parts)


def _reasons(connection: duckdb.DuckDBPyConnection, health: Rows, dates: Mapping[str, Any]) -> list[Part]:
    found = rows_of(
        connection,
        "select reason, sum(lines)::bigint as lines from quarantine_daily "
        "where date between $first and $last "
        "group by reason having sum(lines) > 0 order by lines desc, reason",
        **dates,
    )
    if not found:
        return [Paragraph("No line of the week is in quarantine.")]
    lines = total(health, "lines")
    rest = sum(row["lines"] for row in found[_MOST_REASONS:])
    rows = [
        [
            Cell(name(row["reason"], 60), strong=True),
            Cell(count(row["lines"])),
            Cell(percent(row["lines"] / lines if lines else None, 2)),
        ]
        for row in found[:_MOST_REASONS]
    ]
    note = f"And {len(found) - _MOST_REASONS} more reasons with {count(rest)} lines." if rest else ""
    return [
        Table("Why lines are in quarantine", ("Reason", "> Lines", "> Of all lines"), rows, (3, 1, 1), note)
    ]


def _checks(failing: Rows) -> Part:
    if not failing:
        return Paragraph("No check of a table failed for a date of this week when the data were published.")
    rows = [
        [
            Cell(name(row["asset"], 60), name(row["check_name"], 60), strong=True),
            Cell(row["event_date"].isoformat() if row["event_date"] else "all dates"),
            Cell("holds back" if row["is_blocking"] else "warns"),
            Cell("", name(row["message"], 240)),
        ]
        for row in failing[:_MOST_CHECKS]
    ]
    more = len(failing) - _MOST_CHECKS
    return Table(
        "Checks that fail",
        ("Check", "Date", "Effect", "What it found"),
        rows,
        (3.2, 1.6, 1.3, 6),
        f"And {more} more; the Dagster UI has all of them." if more > 0 else "",
    )
