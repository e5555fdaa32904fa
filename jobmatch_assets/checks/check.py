"""A check on rows: what it promises, and how it looks."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobmatch_assets.checks.accepted_quarantine import Accepted
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.column import Column
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis


@dataclass(frozen=True)
class Look:
    """What checks look at.

    Attributes:
        backend: The tables, as Ibis expressions.
        query: The one row that a query of our own has, as {column: value}, in a list.
        settings: The thresholds in force.
        days: The partitions to look at.
        now: The time that ages are measured at.
        columns_of: The columns that a table shall have.
        lines_that_count: Of a bronze table the lines that count; not all of them do on every engine.
        accepted: What somebody accepted of quarantined lines.
        queries_of: The queries of a contract; written where none are kept for what they are asked of. There
            are none where nothing was written.
    """

    backend: "ibis.BaseBackend"
    query: Callable[[str], list[dict[str, Any]]]
    settings: Settings
    days: Collection[dt.date]
    now: dt.datetime
    columns_of: Callable[[TableContract], Sequence[Column]]
    lines_that_count: "Callable[[TableContract, ibis.Table], ibis.Table]"
    accepted: Callable[[], Accepted]
    queries_of: Callable[[TableContract, str, Callable[[], Sequence[str]]], Sequence[str]]


@dataclass(frozen=True)
class Check:
    """A check.

    Attributes:
        spec: What people read of it.
        run: Looks, and tells what it found.
    """

    spec: CheckSpec
    run: Callable[[Look], CheckOutcome]

    @property
    def key(self) -> CheckKey:
        """Which check it is."""
        return self.spec.key
