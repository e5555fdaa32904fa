"""The lines that examples of a check come from, as their files have them.

They may hold personal data: they are for the metadata of a check, which the Dagster UI shows, and for no
description, which alerts send to others.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from jobmatch_assets.checks.day_filter import on_days
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA
from jobmatch_assets.landing.names import day_of

if TYPE_CHECKING:
    import ibis

RAW_LINE = "raw_line"
MOST_OF_A_LINE = 200
"""How many characters of a line are shown, from its beginning."""

Place = tuple[str, int]
"""A file, and the number of a line in it."""


def raw_lines(backend: "ibis.BaseBackend", feed: Feed, places: Collection[Place]) -> dict[Place, str]:
    """The beginnings of these lines, of the form that raw_form says; of those that are not staged, none.

    Records of entities are not shown: what is personal in them stays in bronze.
    """
    from ibis.common.exceptions import TableNotFound

    days = {day for file, _ in places if (day := day_of(file)) is not None}
    if not days or feed.layout.files is not None:
        return {}
    try:
        staged = backend.table(feed.staged.name, database=SILVER_SCHEMA)
    except TableNotFound:
        return {}
    file, line = staged["_source_file"], staged["_source_line"]
    found = staged.filter(
        on_days(staged["_source_dt"], days),
        file.isin(sorted({file for file, _ in places})),
        line.isin(sorted({line for _, line in places})),
    ).select(file=file, line=line, text=staged.raw_line.left(MOST_OF_A_LINE))
    # A file that was written again has a line of that number more than once.
    rows = sorted(found.to_pyarrow().to_pylist(), key=lambda row: str(row["text"]))
    return {(row["file"], row["line"]): row["text"] for row in rows}


def place_of(text: str) -> Place | None:
    """The place that `file:line` names."""
    file, colon, line = text.rpartition(":")
    return (file, int(line)) if colon and line.isdecimal() else None
