"""What the jobs of an engine that bills are done for, and what they cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Jobs:
    """The jobs of a step of a run, so far.

    Attributes:
        labels: What they are done for, as {label: value}, e.g. asset, partition and run.
        count: How many there were.
        bytes_billed: Bytes billed for all of them together.
        slot_ms: Milliseconds of slots that they took together.
    """

    labels: dict[str, str] = field(default_factory=dict)
    count: int = 0
    bytes_billed: int = 0
    slot_ms: int = 0

    def add(self, bytes_billed: int | None, slot_ms: int | None) -> None:
        """Count one more job; engines leave out what they did not bill."""
        self.count += 1
        self.bytes_billed += bytes_billed or 0
        self.slot_ms += slot_ms or 0


_current: ContextVar[Jobs | None] = ContextVar("jobs", default=None)


@contextmanager
def jobs_for(**labels: str) -> Iterator[Jobs]:
    """Label and count the jobs that are sent in this block."""
    jobs = Jobs(labels)
    token = _current.set(jobs)
    try:
        yield jobs
    finally:
        _current.reset(token)


def current_jobs() -> Jobs:
    """The jobs of the innermost block; outside of one they have no labels and nobody counts them."""
    return _current.get() or Jobs()
