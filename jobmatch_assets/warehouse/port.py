"""What the platform asks of a warehouse, whichever engine it is."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pyarrow as pa

from jobmatch_assets.errors import PlatformError, RequestError

if TYPE_CHECKING:
    import ibis

    from jobmatch_assets.warehouse.selection import Preview, Selection

BuiltLayer = Literal["silver", "gold", "experiments"]
QueuedLayer = Literal["silver", "gold", "experiments", "publication"]


class WarehouseError(PlatformError):
    """The warehouse cannot be used; the message says why and what to do."""


class SelectionError(RequestError):
    """Rows or columns are asked for that the table cannot have."""


class WarehouseBusyError(WarehouseError):
    """Somebody else is at work on the warehouse, and the caller did not want to wait."""


class WarehouseHeldError(WarehouseBusyError):
    """A program of somebody else has the warehouse open, who knows for how long.

    Attributes:
        what: The warehouse.
        holder: Who has it, as far as the system tells.
    """

    def __init__(self, message: str, what: str, holder: str) -> None:
        super().__init__(message)
        self.what = what
        self.holder = holder


@dataclass(frozen=True)
class FileRecord:
    """A file that a load has seen: a row of bronze.files."""

    source_file: str
    sha256: str
    dt: dt.date
    fingerprint: str
    outcome: Literal["loaded", "same_content"]
    same_as: str | None
    lines: int
    bytes: int
    load_id: str


@dataclass(frozen=True)
class QueuedDate:
    """A date that waits to be built again, the date of silver that is the cause, and who asked for it.

    Attributes:
        event_date: The date; of an experiment the first that changes.
        cause_date: The date of silver.
        request_id: Who asked.
        experiment_id: For the layer experiments: whose results change, or None for those of every experiment
            that reaches over the date.
    """

    event_date: dt.date
    cause_date: dt.date
    request_id: str
    experiment_id: str | None = None


@dataclass(frozen=True)
class FailingCheck:
    """A partition that fails a check: a row of bronze.failing_checks."""

    layer: str
    asset: str
    check_name: str
    partition_date: dt.date
    is_blocking: bool
    description: str


@dataclass(frozen=True)
class AcceptedQuarantine:
    """A date that is built with so many quarantined lines, and who said so: a row of a table of bronze."""

    partition_date: dt.date
    quarantined_lines: int
    lines: int
    accepted_by: str
    accepted_at: dt.datetime


def request_of(load_ids: Sequence[str]) -> str:
    """Names what several loads ask for together; one load asks under its own name."""
    if len(load_ids) == 1:
        return load_ids[0]
    return f"loads-{hashlib.sha256('+'.join(load_ids).encode()).hexdigest()[:16]}"


def job_cost(jobs: int, bytes_billed: int | None, slot_ms: int | None) -> dict[str, float]:
    """What jobs cost, as metadata of what they were done for; engines leave out what they did not bill."""
    return {"jobs": jobs, "bytes billed": bytes_billed or 0, "slot seconds": (slot_ms or 0) / 1000}


class LoadTransaction(Protocol):
    """Files that come into bronze together or not at all."""

    def add_lines(self, lines: pa.RecordBatchReader, load_id: str, ingested_at: dt.datetime) -> None:
        """Append lines in one pass.

        Args:
            lines: The columns of bronze.events_raw but _load_id and ingested_at.
            load_id: The load that brings them.
            ingested_at: When the load began.
        """
        ...

    def add_files(self, records: Sequence[FileRecord], ingested_at: dt.datetime) -> None:
        """Note files that the ledger does not hold yet."""
        ...

    def renew_fingerprints(self, records: Sequence[FileRecord]) -> None:
        """Note that known files were touched without a change of their content."""
        ...


class Warehouse(Protocol):
    """Bronze loads, what waits and what fails, and counts. dbt writes all other tables."""

    def exclusive(self, wait: bool = True) -> AbstractContextManager[None]:
        """Keeps other processes out, where the engine has room for one only.

        A thread that has it may take it again, and waits for nobody inside.

        Args:
            wait: Wait for processes of the platform, however long their work takes, and for programs of
                others as long as the settings say. Otherwise for nobody: an error within a second.

        Raises:
            WarehouseBusyError: Another process of the platform has it, and `wait` is false.
            WarehouseHeldError: A program of somebody else keeps it.
        """
        ...

    def prepare(self) -> None:
        """Make datasets and bronze tables, and columns of them, where they are missing.

        Raises:
            LayoutError: The warehouse is of a version that is too new, or too old, for this one; nothing was
                changed.
        """
        ...

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Charge the next jobs to partitions of a table, or of a layer, where the engine bills jobs."""
        ...

    def charged(self) -> dict[str, float]:
        """What the jobs since the last `charge` cost, as `job_cost` names it; nothing where jobs are free."""
        ...

    def known_files(self, days: Collection[dt.date]) -> list[FileRecord]:
        """The ledger's entries for files of these days."""
        ...

    def load(self) -> AbstractContextManager[LoadTransaction]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        ...

    def unstaged_days(self) -> list[dt.date]:
        """Days with loaded files whose lines are not staged yet, ascending."""
        ...

    def keep_staged(self, days: Collection[dt.date]) -> None:
        """Before days are staged: keep what is staged of them, and mark their files as not staged."""
        ...

    def queue_staged(self, days: Collection[dt.date]) -> None:
        """Mark the files of these days as staged and queue every date that their lines touch, at once.

        Lines that say what they said when they were staged before touch nothing; of the others, both count.
        """
        ...

    def queued(self, layer: QueuedLayer) -> list[QueuedDate]:
        """What waits, by date."""
        ...

    def failing_checks(self) -> list[FailingCheck]:
        """Every partition that fails a check, by asset, check and date."""
        ...

    def finish_checks(
        self,
        checks: Collection[tuple[str, str]],
        dates: Collection[dt.date],
        failing: Sequence[FailingCheck],
    ) -> None:
        """Note what a look at these partitions found, in the place of what was found before.

        Args:
            checks: What was looked at, as (asset, check name).
            dates: The partitions.
            failing: Those that fail.
        """
        ...

    def accepted_quarantine(self) -> list[AcceptedQuarantine]:
        """What was accepted, by date, the most lines of a date last."""
        ...

    def accept_quarantine(self, accepted: Sequence[AcceptedQuarantine]) -> None:
        """Keep that these dates were accepted, beside what was accepted before."""
        ...

    def finish_build(
        self, layer: BuiltLayer, built: Sequence[QueuedDate], rest: Sequence[QueuedDate] = ()
    ) -> None:
        """Take these entries off the queue; a later request for the same date stays.

        What gold and experiments have built waits for publication from now on.

        Args:
            layer: What was built.
            built: The entries.
            rest: Entries that come in their place, for what of them could not be built yet.
        """
        ...

    def withdraw_rows(self, first: dt.date, queued: Mapping[BuiltLayer, Sequence[QueuedDate]]) -> None:
        """Queue entries and delete every row of silver and gold, but of staging, from a date on."""
        ...

    def used_settings(self, layer: str) -> dict[dt.date, dict[str, str]]:
        """{partition of a layer: {setting: the value that it was built with}}."""
        ...

    def note_settings(self, layer: str, dates: Collection[dt.date], values: Mapping[str, str]) -> None:
        """Note the settings that partitions of a layer were built with, in the place of earlier ones."""
        ...

    def loaded_files(self) -> dict[str, int]:
        """{name of every file that was loaded: its size in bytes, as it was loaded last}."""
        ...

    def experiments_compared(self) -> dict[str, str | None]:
        """{experiment: its entry of the registry when its results were computed; None: not known}."""
        ...

    def note_compared(self, registered: Mapping[str, str]) -> None:
        """Note the registry's entries that the results of these experiments were computed with."""
        ...

    def dates_of_experiments(
        self, layer: str, table: str, first: dt.date, last: dt.date, experiments: Collection[str] | None
    ) -> dict[str, set[dt.date]]:
        """{experiment: partition dates on which a table has rows of it}; nothing where the table is missing.

        Args:
            layer: Schema of the table.
            table: A table with a column experiment_id.
            first: The first date to look at.
            last: The last.
            experiments: Whose dates; None for those of all.
        """
        ...

    def publish(self) -> bool:
        """Give readers a copy of gold that no build disturbs, where the engine needs one and it is due.

        Returns:
            Whether a new copy was made.
        """
        ...

    def has_table(self, layer: str, table: str) -> bool:
        """Whether a table of the layer's schema is there."""
        ...

    def rows(self, layer: str, table: str, first: dt.date, last: dt.date) -> pa.Table:
        """All rows of a small table whose partition date lies from `first` to `last`."""
        ...

    def replace_rows(self, layer: str, table: str, first: dt.date, last: dt.date, rows: pa.Table) -> None:
        """Put `rows` in the place of all rows of these dates, at once; the table is made if it is missing."""
        ...

    def dates_with_rows(self, first: dt.date, last: dt.date) -> set[dt.date]:
        """Dates of a range on which staged lines, or rows of daily tables, lie."""
        ...

    def list_dates(self, dates: Collection[dt.date]) -> set[dt.date]:
        """These dates, and every other that an event of one of their result lists lies on.

        Raises:
            WarehouseError: No file was staged yet.
        """
        ...

    def rows_by_date(self, layer: str, table: str, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of a table by its partition date, from `first` to `last`; dates without rows are left out."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Looks without a trace: within the block nothing is written, no file made, no folder.

        Processes of the platform are waited for, programs of others are not.

        Raises:
            WarehouseHeldError: A program of somebody else keeps it.
            LayoutError: It is of a version that is too new, or too old, for this one.
            WarehouseError: There is no warehouse.
        """
        ...

    def preview(self, selection: "Selection") -> "Preview":
        """Rows of a silver or gold table, newest date first.

        Raises:
            SelectionError: The table has no such column, or a value is none of its column's type.
            WarehouseError: There is no such table.
        """
        ...

    def gold_rows_by_date(self, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of all gold tables together, by date."""
        ...

    def query(self, query: str, most: int) -> list[dict[str, Any]]:
        """The first rows of a query of our own (a dbt test), at most `most`, as {column: value}."""
        ...

    def loaded_lines(self, events_raw: "ibis.Table", days: Collection[dt.date]) -> "ibis.Table":
        """The lines of bronze.events_raw that count: of loads with files of these days in the ledger."""
        ...

    def ibis(self) -> AbstractContextManager["ibis.BaseBackend"]:
        """The tables as Ibis expressions, in UTC, on a connection that is closed when the block ends."""
        ...
