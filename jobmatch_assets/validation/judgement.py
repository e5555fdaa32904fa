"""Judging the lines of a file with the platform's own SQL, without its warehouse."""

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.quarantine import REJECTIONS
from jobmatch_assets.landing.lines import LINES_SCHEMA, read_lines
from jobmatch_assets.landing.root import LandingError, UnreadableFileError
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets.validation.explanations import Explanations
from jobmatch_assets.validation.source import open_source
from jobmatch_assets.warehouse.duckdb.scratch import ScratchDuckDB, scratch_duckdb


@dataclass(frozen=True)
class Fate:
    """What becomes of a rejected line.

    Attributes:
        line: Its number in the file, from 1; blank lines count.
        reason: Why it goes to quarantine.
        detail: What in it is wrong, None where the reason says it all.
        fix: What its producer can do.
        event_id: None where it has none that can be read.
    """

    line: int
    reason: str
    detail: str | None
    fix: str
    event_id: str | None


class Judgement:
    """What staging says of every line of a file.

    Attributes:
        valid: How many lines are events.
        rejected: How many lines go to quarantine, by reason, the most frequent first.
        repeated_ids: How many event_ids stand on more than one valid line.
        repeated_lines: On how many lines these stand.
    """

    def __init__(self, scratch: ScratchDuckDB, day: dt.date) -> None:
        self._scratch = scratch
        self._explanations = Explanations(scratch, day)
        counts = scratch.lines_by_reason()
        self.valid: int = counts.get(None, 0)
        self.rejected: Mapping[str, int] = {reason: n for reason, n in counts.items() if reason is not None}
        self.repeated_ids, self.repeated_lines = scratch.repeated_event_ids()

    @property
    def lines(self) -> int:
        """How many lines there are, blank ones left out."""
        return self.valid + sum(self.rejected.values())

    def fates(self, most: int | None) -> Iterator[Fate]:
        """Rejected lines in the order of the file, at most so many, or all."""
        for lines in self._scratch.rejected(most):
            for line, detail in zip(lines, self._explanations.of(lines), strict=True):
                fix = REJECTIONS[line.reason].fix
                yield Fate(line.number, line.reason, detail, fix, line.event_id)


@contextmanager
def judged(settings: Settings, name: str, day: dt.date) -> Iterator[Judgement]:
    """Judge a file, or standard input, as one that was written for the day.

    The SQL is that of the model `stg_events`, compiled for DuckDB with the settings in force. It runs in a
    temporary folder, which is gone when the block ends.

    Raises:
        LandingError: No file of this day is loaded.
        UnreadableFileError: The file cannot be read to its end.
        DbtError: dbt does not start.
    """
    _check_day(settings, day)
    with tempfile.TemporaryDirectory(prefix="jobmatch-validate-") as folder:
        # Under the warehouse's own name, with which dbt has parsed the project before.
        path = Path(folder) / settings.duckdb_path.name
        here = dataclasses.replace(settings, target="duckdb", duckdb_path=path)
        staging = DbtProject(here).compile(EVENTS.staged.name, [day])
        with scratch_duckdb(path, staging, day) as scratch:
            _judge(scratch, name)
            yield Judgement(scratch, day)


def _check_day(settings: Settings, day: dt.date) -> None:
    last = settings.partitions_end or dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    if day > last or (settings.partitions_start - day).days > 1:
        raise LandingError(
            f"No file of {day} is loaded, whatever its lines are: the days of files go from the one before "
            f"JOBMATCH_PARTITIONS_START={settings.partitions_start} to "
            f"JOBMATCH_PARTITIONS_END={settings.partitions_end or f'{last} (tomorrow, UTC)'}. Let the file's "
            "path, or --dt, name another day."
        )


def _judge(scratch: ScratchDuckDB, name: str) -> None:
    # DuckDB, which pulls the stream, wraps what it raises.
    problem: list[UnreadableFileError] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            with open_source(name) as source:
                yield from read_lines(source)
        except UnreadableFileError as error:
            problem.append(error)
            raise

    try:
        scratch.judge(pa.RecordBatchReader.from_batches(LINES_SCHEMA, batches()))
    except Exception:
        if problem:
            raise problem[0] from None
        raise
