"""The sheet that says what the rows of a workbook mean."""

import datetime as dt
from collections.abc import Iterator, Sequence

from jobmatch_assets.contracts.vocabulary import ALL, UNKNOWN
from jobmatch_assets.exports.notes import Publication
from jobmatch_assets.exports.selected import Selected

Line = tuple[Sequence[str], bool]
"""The cells of a row, and whether they are headings."""


def about(chosen: Selected, publication: Publication | None, notes: Sequence[str]) -> Iterator[Line]:
    """The rows of the sheet, from top to bottom.

    Args:
        chosen: What was exported.
        publication: What the copy says of itself; what it does not say is left out.
        notes: What a reader must know, a paragraph each.
    """
    yield _line("Table", chosen.table)
    if chosen.comment:
        yield _line("Description", chosen.comment)
    yield _line("Rows", f"{chosen.rows:,}")
    if chosen.dates:
        yield _line("Dates", f"{chosen.dates.first} to {chosen.dates.last}")
    yield from _published(publication)
    for note in notes:
        yield _line("Note", note)
    yield (), False
    yield _line("Times", "UTC.")
    yield _line("Empty cell", "NULL: nothing to measure. 0: measured, and none.")
    yield _line(ALL, "All values of the dimension together. Distinct users do not add up over rows.")
    yield _line(UNKNOWN, "The dimension was not sent.")
    yield _line("Numbers with more than 15 digits", "Text, since a spreadsheet would round them.")
    yield (), False
    yield ("Column", "Type", "Meaning"), True
    for column in chosen.columns:
        yield (column.name, column.type, column.comment), False


def _published(publication: Publication | None) -> Iterator[Line]:
    if publication is None:
        return
    if publication.published_at:
        yield _line("Published at", _time(publication.published_at))
    if publication.run_id:
        yield _line("Published by run", publication.run_id)
    if publication.newest_event_ts:
        yield _line("Newest event", _time(publication.newest_event_ts))
    if publication.complete_through:
        yield _line("Complete through", str(publication.complete_through))


def _time(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def _line(name: str, text: str) -> Line:
    return (name, "", text), False
