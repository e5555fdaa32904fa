"""What a table and its columns mean, as whoever opens the warehouse finds it there."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TableDescription:
    """The meaning of a table.

    Attributes:
        schema: Its schema, or dataset.
        table: Its name.
        text: Its meaning; empty where nobody wrote one.
        columns: {column: its meaning}.
    """

    schema: str
    table: str
    text: str
    columns: Mapping[str, str]
