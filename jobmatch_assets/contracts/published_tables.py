"""Tables of the published copy that no model builds: what it says of itself, and what readers must know.

Publication writes them; their names are taken, so that no model of gold may have them.
"""

from dataclasses import dataclass
from typing import Any

from jobmatch_assets.contracts.column import Column


@dataclass(frozen=True)
class PublishedTable:
    """A table that publication adds to the copy.

    Attributes:
        name: Its name in the schema of gold.
        description: Its grain, and what it is for.
        columns: Its columns.
    """

    name: str
    description: str
    columns: tuple[Column, ...]

    def row(self, *values: Any) -> dict[str, Any]:
        """A row, as {column: value}, of the values in the order of the columns."""
        return dict(zip((column.name for column in self.columns), values, strict=True))


PUBLICATION = PublishedTable(
    "publication",
    "One row about this copy: when it was made, and which dates of events it holds.",
    (
        Column("published_at", "timestamp", "When the copy was made, by the clock of the run."),
        Column("run_id", "string", "The Dagster run that made it. NULL: no run did.", nullable=True),
        Column("first_date", "date", "The first UTC date with events. NULL: there are none.", nullable=True),
        Column("last_date", "date", "The last UTC date with events. NULL: there are none.", nullable=True),
        Column("newest_event_ts", "timestamp", "The newest event. NULL: there are none.", nullable=True),
        Column(
            "complete_through",
            "date",
            "The last date whose cohorts are complete: there is an event two days after it, or later. Later "
            "dates may still gain conversions. NULL: there are no events.",
            nullable=True,
        ),
    ),
)

HELD_BACK = PublishedTable(
    "held_back",
    "Grain: event_date and stage. Dates whose rows are missing, or as before, since a check fails or what "
    "they are built from is not built; empty where nothing is held back.",
    (
        Column(
            "event_date",
            "date",
            "The date; of stage bronze the day of the file, of weekly the Monday. NULL: all rows of tables "
            "without a date.",
            nullable=True,
        ),
        Column(
            "stage",
            "string",
            "The stage whose tables lack the date: bronze, silver, gold, weekly, cumulative, whole or "
            "experiments.",
        ),
        Column(
            "check_name",
            "string",
            "The check that holds the date back; of several the one of the earliest stage. NULL: no check "
            "does, the date waits for others.",
            nullable=True,
        ),
        Column(
            "since",
            "timestamp",
            "When a run found first that the check fails. NULL: not known, or no check fails.",
            nullable=True,
        ),
        Column("message", "string", "What fails and what it means for the date, a sentence for people."),
    ),
)

FAILING = PublishedTable(
    "failing_checks",
    "Grain: asset, check_name and event_date. Every check of partitions that fails, whether it holds "
    "anything back or only warns.",
    (
        Column("asset", "string", "The table, as layer/table."),
        Column("check_name", "string", "The check."),
        Column(
            "event_date",
            "date",
            "The partition that fails. NULL: the check is of the table as a whole.",
            nullable=True,
        ),
        Column("is_blocking", "bool", "Whether the check holds back what is built from the partition."),
        Column(
            "since",
            "timestamp",
            "When a run found first that the partition fails. NULL: not known.",
            nullable=True,
        ),
        Column("message", "string", "What fails, a sentence for people, without any value of a row."),
    ),
)

PUBLISHED_TABLES = (PUBLICATION, HELD_BACK, FAILING)


def is_reserved(name: str) -> bool:
    """Whether publication writes a table of this name; engines take no notice of upper and lower case."""
    return name.lower() in {table.name for table in PUBLISHED_TABLES}
