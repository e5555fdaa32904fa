"""The records of one entity: when they were observed, which of them are the same, in which order they stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_assets_tests.replay.forms import Op
from jobmatch_assets_tests.replay.records import Record


@dataclass(frozen=True)
class Observed:
    """A record in its place, or an implied delete, which has no record."""

    observed_at: int
    op: Op
    record: Record | None = None

    @property
    def claimed_at(self) -> int | None:
        return self.record.claimed_at if self.record else None

    @property
    def place(self) -> tuple[Any, ...]:
        """By which it is ordered."""
        of = self.record
        claimed_at = -1 if self.claimed_at is None else self.claimed_at
        return (
            self.observed_at,
            of.stream.encode() if of else b"",
            of.position if of else (),
            of.rank if of else 0,
            (self.claimed_at is not None, claimed_at),
            self.op == "delete",
            of.raw.text if of else b"",
            of.raw.file.format if of else "",
        )


def observed(records: Sequence[Record]) -> list[Observed]:
    """All of them, without regard to which are the same, in no order."""
    logs = defaultdict(list)
    for record in records:
        if record.position:
            logs[record.stream].append((record.position, record.own_time))
    return [
        Observed(
            max(
                [record.own_time]
                + [time for place, time in logs[record.stream] if record.position and place < record.position]
            ),
            record.op,
            record,
        )
        for record in records
    ]


def told_once(records: Iterable[Record]) -> list[Record]:
    """Of records that say the same, the first."""
    groups = defaultdict(list)
    for record in records:
        groups[_meaning(record)].append(record)
    return [min(same, key=_preference) for same in groups.values()]


def _meaning(record: Record) -> tuple[Any, ...]:
    said = (record.rank, record.op, record.own_time, record.claimed_at, record.stream, record.position)
    return said if record.position else (*said, record.raw.text, record.raw.file.format)


def _preference(record: Record) -> tuple[Any, ...]:
    raw = record.raw
    return (raw.text, raw.file.format, raw.file.path.encode(), raw.number)
