"""What bronze keeps of a feed's files, by how these are named and read."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_assets.contracts.column import Column
from jobmatch_assets.contracts.control_tables import ENTITY_FILES, ControlTable
from jobmatch_assets.contracts.entities.quarantine import MAX_RECORD_BYTES
from jobmatch_assets.contracts.landed_lines import MAX_LINE_BYTES, RAW_LINES_COLUMNS


@dataclass(frozen=True, eq=False)
class FeedLayout:
    """How the files of a feed are laid out.

    Attributes:
        name: What landing/layouts.py has it under.
        columns: The columns of the feed's bronze table.
        most_bytes: A longer line or record is kept by its beginning only.
        files: The table of bronze with what names of files say; None where the lines have all of it.
        names_days: Whether a file is named after its day alone, in its first folder or before its name.
    """

    name: str
    columns: Sequence[Column]
    most_bytes: int
    files: ControlTable | None = None
    names_days: bool = True


LINES = FeedLayout("lines", RAW_LINES_COLUMNS, MAX_LINE_BYTES)
"""Lines of JSON, in folders by day."""

_RECORD_COLUMNS = (
    Column("entity_table", "string", "The table that the record is of."),
    Column("source", "string", "Who it comes from."),
    Column("record_format", "string", "How it was written: ndjson, json, csv or xml."),
    Column("taken_at", "timestamp", "When the state was as the file says, from its name."),
    Column("is_snapshot", "bool", "Whether the file is a full dump, or a part of one."),
)
_LOAD_COLUMNS = ("_load_id", "ingested_at")

ENTITIES = FeedLayout(
    "entities",
    (
        *(column for column in RAW_LINES_COLUMNS if column.name not in _LOAD_COLUMNS),
        *_RECORD_COLUMNS,
        *(column for column in RAW_LINES_COLUMNS if column.name in _LOAD_COLUMNS),
    ),
    MAX_RECORD_BYTES,
    ENTITY_FILES,
    names_days=False,
)
"""Records of entities, in folders by table, source and day."""
