"""A check on rows: what it promises, and how it looks."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
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
        open_backend: Gives the tables, as Ibis expressions; only called where a check asks for them.
        query: The first rows of a query of our own, so many at most, as {column: value}.
        shape_of: The columns of a table and their types, as the engine writes them; None: it is not there.
        settings: The thresholds in force.
        days: The partitions to look at.
        now: The time that ages are measured at.
        columns_of: The columns that a table shall have.
        counts: A condition on the rows of a table: they count; not all lines of bronze do on every engine.
        changed: A condition on the rows of a table: of these alone, and of all that share their grain, it is
            not known that they pass their contract; empty where that may be any.
        accepted: What somebody accepted of quarantined lines.
        queries_of: The queries of a contract; written where none are kept for what they are asked of. There
            are none where nothing was written.
    """

    open_backend: "Callable[[], ibis.BaseBackend]"
    query: Callable[[str, int], list[dict[str, Any]]]
    shape_of: Callable[[TableContract], str | None]
    settings: Settings
    days: Collection[dt.date]
    now: dt.datetime
    columns_of: Callable[[TableContract], Sequence[Column]]
    counts: Callable[[TableContract], str]
    changed: Callable[[TableContract], str]
    accepted: Callable[[], Accepted]
    queries_of: Callable[[TableContract, str, Callable[[], Sequence[str]]], Sequence[str]]

    @cached_property
    def backend(self) -> "ibis.BaseBackend":
        """The tables, as Ibis expressions."""
        return self.open_backend()


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
