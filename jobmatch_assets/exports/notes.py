"""What a reader of an export must know of it: which dates are incomplete, held back or fail a check."""

import datetime as dt
from collections.abc import Iterator

import duckdb

from jobmatch_assets.dates import DateRange, shown
from jobmatch_assets.exports.selected import Selected
from jobmatch_assets.published.state import (
    Publication,
    by_reason,
    has_table,
    held_back_notes,
    incomplete_note,
    short,
)
from jobmatch_assets.warehouse.selection import Selection


def notes_on(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication | None,
    wanted: Selection,
    chosen: Selected,
) -> list[str]:
    """A paragraph for each thing that a reader must know; nothing where all is well.

    Args:
        connection: The published copy.
        publication: What it says of itself.
        wanted: What was asked for.
        chosen: What is exported.
    """
    concerns = _concerned(wanted, chosen)
    return [
        *_what_is_left_out(chosen),
        *_incomplete(publication, chosen),
        *_held_back(connection, concerns, chosen),
        *_failing(connection, concerns, chosen),
    ]


def _concerned(wanted: Selection, chosen: Selected) -> DateRange:
    """The dates that were asked for, those that have no rows among them."""
    first = wanted.first_partition or dt.date.min
    last = wanted.last or wanted.first or dt.date.max
    return DateRange(first, max(last, chosen.dates.last) if chosen.dates else last)


def _what_is_left_out(chosen: Selected) -> Iterator[str]:
    if not chosen.rows:
        dates = f" It holds {chosen.held.first} to {chosen.held.last}." if chosen.held else ""
        yield f"{chosen.table} has no such rows.{dates}"
    if chosen.totals:
        yield f"Totals over {', '.join(chosen.totals)} (__all__): --all-groups exports their parts, too."


def _incomplete(publication: Publication | None, chosen: Selected) -> Iterator[str]:
    note = incomplete_note(publication, chosen.dates.last) if chosen.dates else None
    if note:
        yield note


def _held_back(connection: duckdb.DuckDBPyConnection, concerns: DateRange, chosen: Selected) -> list[str]:
    return [] if chosen.date_column is None else held_back_notes(connection, concerns)


def _failing(connection: duckdb.DuckDBPyConnection, concerns: DateRange, chosen: Selected) -> Iterator[str]:
    if not has_table(connection, "failing_checks"):
        return
    rows = connection.execute(
        "select check_name, message, event_date from failing_checks where asset = $asset order by all",
        {"asset": f"gold/{chosen.table}"},
    ).fetchall()
    for (check, message), days in by_reason(rows, concerns):
        yield short(f"Fails a check: {check} for {shown(days)}: {message}")
