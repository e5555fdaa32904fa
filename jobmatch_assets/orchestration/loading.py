"""Taking new files from the landing root into bronze: which are new, in what order, in which transactions."""

import datetime as dt
import hashlib
import logging
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

import pyarrow as pa

from jobmatch_assets.landing.content import Content, sha256_of
from jobmatch_assets.landing.lines import LINES_SCHEMA, read_lines
from jobmatch_assets.landing.root import LandedFile, LandingRoot, UnreadableFileError
from jobmatch_assets.warehouse.port import FileRecord, LoadTransaction, Warehouse

_log = logging.getLogger(__name__)

# A transaction closes at whichever comes first: many small files share one, a large file has its own.
_TRANSACTION_BYTES = 256 * 1024 * 1024
_TRANSACTION_FILES = 500
_SECONDS_BETWEEN_LOG_LINES = 5.0


@dataclass
class LoadReport:
    """What a load did.

    Attributes:
        loaded: Files that came in.
        same_content: Files left out because another name of their day has the same bytes.
        known: How many files were loaded before and have not changed.
        unreadable: What went wrong, by file; nothing of these files was loaded.
    """

    loaded: list[FileRecord] = field(default_factory=list)
    same_content: list[FileRecord] = field(default_factory=list)
    known: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)

    def of_day(self, day: dt.date) -> "LoadReport":
        """The part that concerns the files of one day."""
        return LoadReport(
            loaded=[record for record in self.loaded if record.dt == day],
            same_content=[record for record in self.same_content if record.dt == day],
            unreadable={
                name: problem
                for name, problem in self.unreadable.items()
                if LandedFile(name, 0, "").dt == day
            },
        )


def load_new_files(root: LandingRoot, warehouse: Warehouse, days: Collection[dt.date]) -> LoadReport:
    """Load the files of these days that are not in bronze yet.

    A file that cannot be read is reported and left out; the others come in. Repeating it changes nothing.

    Raises:
        LandingError: The root itself cannot be read.
        WarehouseError: The warehouse cannot be used.
    """
    # Of two names of the same bytes the smaller in byte order is loaded.
    files = sorted(
        ((file, file.dt) for file in root.files() if file.dt is not None and file.dt in days),
        key=lambda dated: dated[0].source_file.encode(),
    )
    report = LoadReport()
    wanted, touched = _new_files(root, files, warehouse.known_files(days), report)
    load = _Load(root, warehouse, dt.datetime.now(dt.UTC), _Progress(len(wanted)))
    if touched or report.same_content:
        with warehouse.load() as transaction:
            for record in touched:
                transaction.renew_fingerprint(record)
            for record in report.same_content:
                transaction.add_file(record, load.ingested_at)
    for batch in _transactions(wanted):
        report.loaded += load.batch(batch, report.unreadable)
    return report


def _new_files(
    root: LandingRoot,
    files: Iterable[tuple[LandedFile, dt.date]],
    known: list[FileRecord],
    report: LoadReport,
) -> tuple[list[tuple[LandedFile, FileRecord]], list[FileRecord]]:
    """(files to load, known files to note a new fingerprint of); the rest goes into the report."""
    fingerprints = {(record.source_file, record.fingerprint) for record in known}
    by_name = {(record.source_file, record.sha256): record for record in known}
    loaded = {(record.dt, record.sha256): record for record in known if record.outcome == "loaded"}
    wanted, touched = [], []
    for file, day in files:
        if (file.source_file, file.fingerprint) in fingerprints:
            report.known += 1
            continue
        try:
            sha256 = sha256_of(root, file)
        except UnreadableFileError as error:
            report.unreadable[file.source_file] = str(error)
            continue
        earlier = by_name.get((file.source_file, sha256))
        if earlier:
            report.known += 1
            touched.append(replace(earlier, fingerprint=file.fingerprint))
            continue
        same = loaded.get((day, sha256))
        record = FileRecord(
            source_file=file.source_file,
            sha256=sha256,
            dt=day,
            fingerprint=file.fingerprint,
            outcome="same_content" if same else "loaded",
            same_as=same.source_file if same else None,
            lines=0,
            bytes=file.size,
            load_id=_load_id([(day, sha256)]),
        )
        if same:
            report.same_content.append(record)
        else:
            loaded[day, sha256] = record
            wanted.append((file, record))
    return wanted, touched


def _transactions(
    wanted: list[tuple[LandedFile, FileRecord]],
) -> Iterator[list[tuple[LandedFile, FileRecord]]]:
    batch: list[tuple[LandedFile, FileRecord]] = []
    size = 0
    for file, record in wanted:
        if batch and (size + file.size > _TRANSACTION_BYTES or len(batch) == _TRANSACTION_FILES):
            yield batch
            batch, size = [], 0
        batch.append((file, record))
        size += file.size
    if batch:
        yield batch


class _BrokenFileError(Exception):
    """Rolls back the transaction that the file was part of."""

    def __init__(self, source_file: str, problem: str) -> None:
        super().__init__(problem)
        self.source_file = source_file
        self.problem = problem


@dataclass(frozen=True)
class _Load:
    """A load under way: from where, to where, since when."""

    root: LandingRoot
    warehouse: Warehouse
    ingested_at: dt.datetime
    progress: "_Progress"

    def batch(
        self, batch: list[tuple[LandedFile, FileRecord]], unreadable: dict[str, str]
    ) -> list[FileRecord]:
        """Load the files of one transaction; one that breaks is left out and the others tried again."""
        while batch:
            load_id = _load_id([(record.dt, record.sha256) for _, record in batch])
            loaded = []
            try:
                with self.warehouse.load() as transaction:
                    for file, record in batch:
                        named = replace(record, load_id=load_id)
                        lines = self._add_lines(transaction, file, named)
                        loaded.append(replace(named, lines=lines))
                        transaction.add_file(loaded[-1], self.ingested_at)
                        self.progress.advance(file.size, lines)
            except _BrokenFileError as broken:
                unreadable[broken.source_file] = broken.problem
                batch = [(file, record) for file, record in batch if file.source_file != broken.source_file]
                continue
            return loaded
        return []

    def _add_lines(self, transaction: LoadTransaction, file: LandedFile, record: FileRecord) -> int:
        problems: list[UnreadableFileError] = []

        # An engine that pulls batches wraps what they raise, so the reason is kept aside.
        def batches() -> Iterator[pa.RecordBatch]:
            try:
                with Content(self.root, file) as content:
                    yield from read_lines(content)
                    if content.sha256 != record.sha256:
                        raise UnreadableFileError(
                            f"{self.root.url}/events/{file.source_file} changed while it was read. "
                            "Nothing of it was loaded. Producers should write under another name and "
                            "rename; run again."
                        )
            except UnreadableFileError as problem:
                problems.append(problem)
                raise

        try:
            return transaction.add_lines(
                record, pa.RecordBatchReader.from_batches(LINES_SCHEMA, batches()), self.ingested_at
            )
        except Exception:
            if problems:
                raise _BrokenFileError(file.source_file, str(problems[0])) from None
            raise


def _load_id(contents: Iterable[tuple[dt.date, str]]) -> str:
    """The name of a load: the same files give the same one."""
    digest = hashlib.sha256()
    for day, sha256 in sorted(contents):
        digest.update(f"{day} {sha256}\n".encode())
    return f"load-{digest.hexdigest()[:16]}"


class _Progress:
    """Log lines with counts and rate while a long load runs."""

    def __init__(self, files: int) -> None:
        self._files = files
        self._done = self._lines = self._bytes = 0
        self._started = self._told = time.monotonic()

    def advance(self, size: int, lines: int) -> None:
        self._done += 1
        self._lines += lines
        self._bytes += size
        now = time.monotonic()
        if now - self._told < _SECONDS_BETWEEN_LOG_LINES:
            return
        self._told = now
        seconds = now - self._started
        _log.info(
            "loaded %s of %s files: %s lines, %.0f MB, %s lines/s",
            f"{self._done:,}",
            f"{self._files:,}",
            f"{self._lines:,}",
            self._bytes / 1e6,
            f"{self._lines / seconds:,.0f}",
        )
