"""What a step tells of the tables that it built and of what it looked at."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import TableKey


@dataclass(frozen=True)
class TableBuilt:
    """A table of which partitions were built.

    Attributes:
        key: The table.
        partitions: Metadata by partition; None of a table that has none.
        metadata: Metadata that concerns them all.
    """

    key: TableKey
    partitions: Mapping[dt.date, Mapping[str, Any]] | None
    metadata: Mapping[str, Any]


ROW_COUNT = "rows"
"""Metadata of a partition: how many rows it has."""

PREVIEW = "newest rows"
"""Metadata of the newest partition that was built: a few of its rows."""

StepEvent = TableBuilt | CheckOutcome
