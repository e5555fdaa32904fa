"""What the published copy says of itself: when it was made, which dates are incomplete or held back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.dates import DateRange, shown

_LONGEST = 600


@dataclass(frozen=True)
class Publication:
    """What the copy says of itself; each is None where it does not say.

    Attributes:
        published_at: When it was published.
        run_id: The run that did.
        newest_event_ts: The time of the newest event in it.
        complete_through: The last date whose cohorts are over.
        last_date: The last date with events.
    """

    published_at: dt.datetime | None = None
    run_id: str | None = None
    newest_event_ts: dt.datetime | None = None
    complete_through: dt.date | None = None
    last_date: dt.date | None = None


def publication_of(connection: duckdb.DuckDBPyConnection) -> Publication | None:
    """The copy's row about itself; None where it has none."""
    if not has_table(connection, "publication"):
        return None
    row = connection.execute(
        "select published_at, run_id, newest_event_ts, complete_through, last_date from publication"
    ).fetchone()
    return Publication(*row) if row else None


def notes_on_dates(connection: duckdb.DuckDBPyConnection, dates: DateRange | None) -> list[str]:
    """What a reader must know of these dates, a paragraph each; nothing where all is well.

    Args:
        connection: The published copy.
        dates: The dates that are read; None for all.
    """
    publication = publication_of(connection)
    last = dates.last if dates else publication and publication.last_date
    incomplete = incomplete_note(publication, last) if last else None
    held_back = held_back_notes(connection, dates or DateRange(dt.date.min, dt.date.max))
    return [*([incomplete] if incomplete else []), *held_back]


def incomplete_note(publication: Publication | None, last: dt.date) -> str | None:
    """That dates up to the last one are not over, where that is so."""
    if publication is None:
        return None
    through = publication.complete_through
    if through is None:
        return "Incomplete: no date is over yet, so its numbers may still grow."
    if last > through:
        return f"Incomplete: dates after {through} are not over yet, so their numbers may still grow."
    return None


def held_back_notes(connection: duckdb.DuckDBPyConnection, concerns: DateRange) -> list[str]:
    """Which of these dates are held back, by what; a sentence for each reason."""
    if not has_table(connection, "held_back"):
        return []
    rows = connection.execute(
        "select check_name, stage, message, event_date from held_back order by all"
    ).fetchall()
    return [
        short(f"Held back, so missing or as before: {shown(days)}. {_cause(check)} in {stage}: {message}")
        for (check, stage, message), days in by_reason(rows, concerns)
    ]


def _cause(check: str | None) -> str:
    """What holds dates back: a check, or none where what they are built from waits itself."""
    return f"{check} fails" if check else "Waits"


def by_reason(
    rows: Iterable[tuple[Any, ...]], concerns: DateRange
) -> Iterable[tuple[tuple[Any, ...], Collection[dt.date]]]:
    """The dates of each reason; a row without a date is about all of them."""
    days: dict[tuple[Any, ...], list[dt.date]] = defaultdict(list)
    for *reason, day in rows:
        if day is None or day in concerns:
            days[tuple(reason)].append(day or dt.date.min)
    return days.items()


def short(text: str) -> str:
    """A paragraph that people still read."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the copy has a table; one of an earlier version lacks some."""
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where database_name = current_database() "
            "and schema_name = $schema and table_name = $name",
            {"schema": GOLD_SCHEMA, "name": name},
        ).fetchall()
    )
