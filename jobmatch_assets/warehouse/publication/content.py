"""What a published copy says beside the tables of gold, and whether one says it already."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobmatch_assets.contracts.published_tables import (
    FAILING,
    HELD_BACK,
    PUBLISHED_TABLES,
)
from jobmatch_assets.warehouse.port import Row
from jobmatch_assets.warehouse.publication.look import as_told, look_into
from jobmatch_assets.warehouse.publication.parquet import parquet_file, parquet_folder


@dataclass(frozen=True)
class Content:
    """What a copy holds beside rows of gold, and which of these are not taken over.

    Attributes:
        published_at: When it is made.
        run_id: The run that makes it; empty where none does.
        held_back: The rows of its table of this name.
        failing: The rows of its table of checks that fail.
        kept: {table: partitions whose new rows fail a check}; of these the rows published before stay, and
            all rows of a table without dates.
    """

    published_at: dt.datetime
    run_id: str
    held_back: Sequence[Row] = ()
    failing: Sequence[Row] = ()
    kept: Mapping[str, Collection[dt.date]] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, list[str]]:
        """What readers are told, to compare with what a copy tells them."""
        tables = ((HELD_BACK, self.held_back), (FAILING, self.failing))
        return {table.name: sorted(as_told(table, row) for row in rows) for table, rows in tables}


def says_the_same(path: Path, content: Content) -> bool:
    """Whether a copy is there, whole, that tells its readers of the same dates and checks."""
    if not path.exists():
        return False
    seen = look_into(path.resolve())
    # A copy of an earlier version lacks tables.
    return (
        {table.name for table in PUBLISHED_TABLES} <= seen.tables
        and seen.told == content.told
        and all(parquet_file(parquet_folder(path), table).exists() for table in seen.tables)
    )
