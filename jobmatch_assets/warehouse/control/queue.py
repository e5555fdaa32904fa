"""The rebuild queue: which dates wait, for which stage, and because of what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from jobmatch_assets.contracts.control_tables import REBUILD_QUEUE
from jobmatch_assets.warehouse.port import Row, Warehouse

_OWED = "owed: "


@dataclass(frozen=True, order=True)
class QueuedDate:
    """A date that waits to be built again, the date of silver that is the cause, and who asked for it.

    Attributes:
        event_date: The date; for what adds up all dates before, the first that changes.
        cause_date: The date of silver.
        request_id: Who asked.
        feed: The feed whose lines have changed.
        experiment_id: For A/B results: whose results change, or None for those of every experiment that
            reaches over the date.
    """

    event_date: dt.date
    cause_date: dt.date
    request_id: str
    feed: str
    experiment_id: str | None = None

    @classmethod
    def owed_to(cls, entity_table: str, date: dt.date, feed: str) -> "QueuedDate":
        """What is left to be built of a table of entities when its history can be trusted again."""
        return cls(date, date, f"{_OWED}{entity_table}", feed)

    @property
    def owed(self) -> str | None:
        """The table of entities whose history an entry waits for."""
        return self.request_id.removeprefix(_OWED) if self.request_id.startswith(_OWED) else None


class Queue:
    """What waits in a warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def entries(self, stage: str) -> list[QueuedDate]:
        """What waits for a stage, by date."""
        return _sorted(self._warehouse.records(REBUILD_QUEUE, stage=stage))

    def by_stage(self) -> dict[str, list[QueuedDate]]:
        """{stage: what waits for it, by date}, read at once; stages for which nothing waits are left out."""
        found: dict[str, list[Row]] = {}
        for row in self._warehouse.records(REBUILD_QUEUE):
            found.setdefault(str(row["stage"]), []).append(row)
        return {stage: _sorted(rows) for stage, rows in found.items()}

    def finish(
        self,
        stage: str,
        built: Sequence[QueuedDate],
        rest: Sequence[QueuedDate] = (),
        then: str | None = None,
    ) -> None:
        """Take these entries off the queue; a later request for the same date stays.

        Args:
            stage: What was done.
            built: The entries.
            rest: Entries that come in their place, for what of them could not be done yet.
            then: A stage that waits for what was done from now on.
        """
        if not (built or rest):
            return
        follow = [QueuedDate(e.event_date, e.cause_date, stage, e.feed) for e in built] if then else []
        self._warehouse.change(
            REBUILD_QUEUE,
            remove=[_row(stage, entry) for entry in built],
            add=[
                *(_row(stage, entry) for entry in rest),
                *(_row(str(then), entry) for entry in dict.fromkeys(follow)),
            ],
        )

    def add(self, entries: Sequence[tuple[str, QueuedDate]]) -> None:
        """Put (stage, entry) on the queue."""
        if not entries:
            return
        self._warehouse.change(REBUILD_QUEUE, add=[_row(stage, entry) for stage, entry in entries])

    def clear(self, stage: str, entries: Sequence[QueuedDate]) -> None:
        """Take entries of a stage off the queue."""
        if not entries:
            return
        self._warehouse.change(REBUILD_QUEUE, remove=[_row(stage, entry) for entry in entries])


_FIELDS = tuple(QueuedDate.__dataclass_fields__)


def _sorted(rows: Iterable[Row]) -> list[QueuedDate]:
    found = {QueuedDate(**{name: row[name] for name in _FIELDS}) for row in rows}
    return sorted(found, key=lambda entry: (*_order(entry), entry.experiment_id or ""))


def _order(entry: QueuedDate) -> tuple[dt.date, dt.date, str, str]:
    return entry.event_date, entry.cause_date, entry.request_id, entry.feed


def _row(stage: str, entry: QueuedDate) -> dict[str, object]:
    return {"stage": stage, **asdict(entry)}
