"""What a check found, whoever ran it: a dbt test, a contract, a comparison with other days."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.dates import shown


class Markdown(str):
    """Metadata that is shown as Markdown."""

    __slots__ = ()


class Records(tuple[dict[str, str], ...]):
    """Metadata that is shown as a table: a dictionary a row."""

    __slots__ = ()


FAILING_PARTITIONS = "failing partitions"
"""Metadata of a failed check: the partitions as ranges, since Dagster keeps no partition of a check."""

HOLDS_BACK = (
    "A date that fails is held back: nothing is built from it, nor published, in this run and in later ones. "
    "All other dates go on; hence Dagster, where a blocking check stops every date, calls this one "
    "non-blocking."
)
"""Part of the description of every check that blocks."""


@dataclass(frozen=True)
class CheckOutcome:
    """The result of one check over a window of dates.

    Attributes:
        key: The asset check.
        passed: Whether nothing was found.
        blocking: Whether what is downstream of the failing dates must not be built; not so of `warned`.
        serious: Whether it is an error although nothing is held back by it.
        dates: The partition dates that fail; empty where the check cannot tell, which means all it looked at.
        description: For a failed check one line: what is wrong, where, and an example.
        metadata: Counts, thresholds and examples: numbers, text, `Markdown`, or `Records`.
        warned: Those of the dates that hold nothing back, although the check blocks others.
        of_partitions: Whether it is about partitions; of any other check only the last result counts.
    """

    key: CheckKey
    passed: bool
    blocking: bool
    dates: frozenset[dt.date] = frozenset()
    description: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    serious: bool = False
    warned: frozenset[dt.date] = frozenset()
    of_partitions: bool = True

    @property
    def held_back(self) -> frozenset[dt.date]:
        """The dates that nothing may be built from."""
        return self.dates - self.warned if self.blocking and not self.passed else frozenset()

    @property
    def shown_metadata(self) -> dict[str, Any]:
        """The metadata with the partitions that fail."""
        if not self.dates:
            return dict(self.metadata)
        if not self.held_back or self.held_back == self.dates:
            return {**self.metadata, FAILING_PARTITIONS: shown(self.dates)}
        # An error names the dates that are in error.
        only_warn = {"partitions that only warn": shown(self.dates - self.held_back)}
        return {**self.metadata, FAILING_PARTITIONS: shown(self.held_back), **only_warn}

    @property
    def is_error(self) -> bool:
        """Whether it is an error: it blocks or is serious; else it is a warning."""
        return self.blocking or self.serious
