"""What a reader of an export must know of it: which dates are incomplete, held back or fail a check."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.dates import DateRange, shown
from jobmatch_assets.exports.selected import Selected
from jobmatch_assets.warehouse.selection import Selection

_LONGEST = 600


@dataclass(frozen=True)
class Publication:
    """What the copy says of itself; each is None where it does not say.

    Attributes:
        published_at: When it was published.
        run_id: The run that did.
        newest_event_ts: The time of the newest event in it.
        complete_through: The last date whose cohorts are over.
    """

    published_at: dt.datetime | None = None
    run_id: str | None = None
    newest_event_ts: dt.datetime | None = None
    complete_through: dt.date | None = None


def publication_of(connection: duckdb.DuckDBPyConnection) -> Publication | None:
    """The copy's row about itself; None where it has none."""
    if not _has_table(connection, "publication"):
        return None
    row = connection.execute(
        "select published_at, run_id, newest_event_ts, complete_through from publication"
    ).fetchone()
    return Publication(*row) if row else None


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
    first = wanted.first or dt.date.min
    last = wanted.last or wanted.first or dt.date.max
    return DateRange(first, max(last, chosen.dates.last) if chosen.dates else last)


def _what_is_left_out(chosen: Selected) -> Iterator[str]:
    if not chosen.rows:
        dates = f" It holds {chosen.held.first} to {chosen.held.last}." if chosen.held else ""
        yield f"{chosen.table} has no such rows.{dates}"
    if chosen.totals:
        yield f"Totals over {', '.join(chosen.totals)} (__all__): --all-groups exports their parts, too."


def _incomplete(publication: Publication | None, chosen: Selected) -> Iterator[str]:
    if publication is None or chosen.dates is None:
        return
    through = publication.complete_through
    if through is None:
        yield "Incomplete: no date is over yet, so its numbers may still grow."
    elif chosen.dates.last > through:
        yield f"Incomplete: dates after {through} are not over yet, so their numbers may still grow."


def _held_back(connection: duckdb.DuckDBPyConnection, concerns: DateRange, chosen: Selected) -> Iterator[str]:
    if chosen.date_column is None or not _has_table(connection, "held_back"):
        return
    rows = connection.execute(
        "select check_name, stage, message, event_date from held_back order by all"
    ).fetchall()
    for (check, stage, message), days in _by_reason(rows, concerns):
        yield _short(
            f"Held back, so missing or as before: {shown(days)}. {check} fails in {stage}: {message}"
        )


def _failing(connection: duckdb.DuckDBPyConnection, concerns: DateRange, chosen: Selected) -> Iterator[str]:
    if not _has_table(connection, "failing_checks"):
        return
    rows = connection.execute(
        "select check_name, message, event_date from failing_checks where asset = $asset order by all",
        {"asset": f"gold/{chosen.table}"},
    ).fetchall()
    for (check, message), days in _by_reason(rows, concerns):
        yield _short(f"Fails a check: {check} for {shown(days)}: {message}")


def _by_reason(
    rows: Iterable[tuple[Any, ...]], concerns: DateRange
) -> Iterable[tuple[tuple[str, ...], Collection[dt.date]]]:
    """The dates of each reason; a row without a date is about all of them."""
    days: dict[tuple[str, ...], list[dt.date]] = defaultdict(list)
    for *reason, day in rows:
        if day is None or day in concerns:
            days[tuple(reason)].append(day or dt.date.min)
    return days.items()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where database_name = current_database() "
            "and schema_name = $schema and table_name = $name",
            {"schema": GOLD_SCHEMA, "name": name},
        ).fetchall()
    )
