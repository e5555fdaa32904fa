"""Taking new files from the landing root into bronze: which are new, in what order, in which transactions."""

import datetime as dt
import hashlib
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pyarrow as pa

from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.landing.ahead import hashes_of, read_ahead
from jobmatch_assets.landing.content import Content
from jobmatch_assets.landing.lines import LINES_SCHEMA
from jobmatch_assets.landing.passed_over import PassedOver
from jobmatch_assets.landing.root import LandedFile, LandingRoot, UnreadableFileError
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.privacy.batches import without_erased
from jobmatch_assets.privacy.lines import Eraser
from jobmatch_assets.warehouse.control.ledger import LOAD, FileRecord
from jobmatch_assets.warehouse.port import Warehouse

_log = logging.getLogger(__name__)

# A transaction closes at whichever comes first: many small files share one, a large file has its own.
_TRANSACTION_BYTES = 256 * 1024 * 1024
_TRANSACTION_FILES = 500
_SECONDS_BETWEEN_LOG_LINES = 5.0
_BATCHES_AHEAD = 2  # of up to 8 MiB

_SOURCE_FIELDS = (
    pa.field("_source_file", pa.string(), nullable=False),
    pa.field("_source_dt", pa.date32(), nullable=False),
    pa.field("_source_sha256", pa.string(), nullable=False),
)


@dataclass
class LoadReport:
    """What a load did.

    Attributes:
        loaded: Files that came in.
        same_content: Files left out because another name of their day has the same bytes.
        touched: Files that were loaded before, and whose bytes are the same under another time.
        known: How many files were loaded before and have not changed.
        unreadable: What went wrong, by file; nothing of these files was loaded.
        days: The days that those were written for, by file.
    """

    loaded: list[FileRecord] = field(default_factory=list)
    same_content: list[FileRecord] = field(default_factory=list)
    touched: list[FileRecord] = field(default_factory=list)
    known: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)

    @property
    def unreadable_days(self) -> frozenset[dt.date]:
        """The days that files which could not be read were written for."""
        return frozenset(self.days[name] for name in self.unreadable)

    def of_day(self, day: dt.date) -> "LoadReport":
        """The part that concerns the files of one day."""
        return LoadReport(
            loaded=[record for record in self.loaded if record.dt == day],
            same_content=[record for record in self.same_content if record.dt == day],
            unreadable={name: problem for name, problem in self.unreadable.items() if self.days[name] == day},
            days=self.days,
        )

    def leave_out(self, source_file: str, day: dt.date, problem: UnreadableFileError) -> None:
        """Note that a file could not be read."""
        self.unreadable[source_file] = str(problem)
        self.days[source_file] = day


def load_new_files(
    session: Session,
    feed: Feed,
    days: Collection[dt.date],
    found: Collection[LandedFile | PassedOver] | None = None,
) -> LoadReport:
    """Load the files of these days that are not in bronze yet.

    A file that cannot be read is reported and left out; the others come in. Repeating it changes nothing.

    Args:
        session: The warehouse.
        feed: Whose files.
        days: The days that they were written for.
        found: What lies in the landing root, where somebody has looked already.

    Raises:
        LandingError: The root itself cannot be read.
        WarehouseError: The warehouse cannot be used.
        ErasureKeyError: Somebody was erased, and the key is not that of then.
    """
    root, warehouse = session.landing(feed), session.warehouse
    # Of two names of the same bytes the smaller in byte order is loaded.
    files = sorted(
        (
            (file, file.dt)
            for file in (root.files() if found is None else found)
            if isinstance(file, LandedFile) and file.dt is not None and file.dt in days
        ),
        key=lambda dated: dated[0].source_file.encode(),
    )
    report = LoadReport()
    known = session.ledger.known_files(feed, days)
    wanted = _new_files(root, feed, files, known, report)
    eraser = session.eraser() if wanted else None
    load = _Load(root, warehouse, feed, dt.datetime.now(dt.UTC), _Progress(len(wanted)), eraser)
    for batch in _transactions(wanted):
        report.loaded += load.batch(batch, report)
    # A second name counts as known only where the first one came in.
    in_bronze = {_content_of(root, record) for record in (*known, *report.loaded)}
    report.same_content = [record for record in report.same_content if _content_of(root, record) in in_bronze]
    if report.touched or report.same_content:
        with warehouse.load(feed) as transaction:
            transaction.renew_fingerprints(report.touched)
            transaction.add_files(report.same_content, load.ingested_at)
    return report


def _new_files(
    root: LandingRoot,
    feed: Feed,
    files: Collection[tuple[LandedFile, dt.date]],
    known: list[FileRecord],
    report: LoadReport,
) -> list[tuple[LandedFile, FileRecord]]:
    """Files to load; the rest goes into the report."""
    fingerprints = {(record.source_file, record.fingerprint) for record in known}
    by_name = {(record.source_file, record.sha256): record for record in known}
    # What was withdrawn does not come back under another name.
    loaded = {_content_of(root, record): record for record in known if record.outcome != "same_content"}
    wanted = []
    new = [(file, day) for file, day in files if (file.source_file, file.fingerprint) not in fingerprints]
    report.known += len(files) - len(new)
    for (file, day), sha256 in zip(new, hashes_of(root, [file for file, _ in new]), strict=True):
        if isinstance(sha256, UnreadableFileError):
            report.leave_out(file.source_file, day, sha256)
            continue
        earlier = by_name.get((file.source_file, sha256))
        if earlier:
            report.known += 1
            report.touched.append(replace(earlier, fingerprint=file.fingerprint))
            continue
        content = (day, sha256, *root.layout.identity(file.source_file))
        same = loaded.get(content)
        record = FileRecord(
            feed=feed.name,
            source_file=file.source_file,
            sha256=sha256,
            dt=day,
            fingerprint=file.fingerprint,
            outcome="same_content" if same else "loaded",
            same_as=same.source_file if same else None,
            lines=0,
            bytes=file.size,
            load_id=_load_id([content]),
        )
        if same:
            report.same_content.append(record)
        else:
            loaded[content] = record
            wanted.append((file, record))
    return wanted


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


@dataclass(frozen=True)
class _Load:
    """A load under way: from where, to where, since when."""

    root: LandingRoot
    warehouse: Warehouse
    feed: Feed
    ingested_at: dt.datetime
    progress: "_Progress"
    eraser: Eraser | None

    def batch(self, batch: list[tuple[LandedFile, FileRecord]], report: LoadReport) -> list[FileRecord]:
        """Load the files of one transaction; one that breaks is left out and the others tried again."""
        while batch:
            load_id = _load_id(_content_of(self.root, record) for _, record in batch)
            content = _BatchContent(self.root, batch, self.progress, self._erased)
            try:
                with (
                    read_ahead(content.batches(), _BATCHES_AHEAD) as lines,
                    self.warehouse.load(self.feed) as transaction,
                ):
                    reader = pa.RecordBatchReader.from_batches(content.schema, lines)
                    transaction.add_lines(reader, load_id, self.ingested_at)
                    loaded = [
                        replace(record, load_id=load_id, lines=content.lines[record.source_file])
                        for _, record in batch
                    ]
                    self._add_named_files(loaded)
                    # Last: where no transaction spans all of it, this is what makes it count.
                    transaction.add_files(loaded, self.ingested_at)
            except Exception:
                if content.problem is None:
                    raise
                broken, problem = content.problem
                report.leave_out(broken.source_file, broken.dt or dt.date.min, problem)
                batch = [(file, record) for file, record in batch if file != broken]
                continue
            return loaded
        return []

    def _erased(self, lines: pa.RecordBatch) -> pa.RecordBatch:
        """Lines without persons that were erased: a file that comes again does not bring them back."""
        return without_erased(lines, self.eraser, self.feed.layout.most_bytes) if self.eraser else lines

    def _add_named_files(self, loaded: list[FileRecord]) -> None:
        """What the names of the files say, into the feed's own table of files."""
        if self.feed.layout.files is None:
            return
        rows = [
            {
                "_source_file": record.source_file,
                "_source_sha256": record.sha256,
                "_source_dt": record.dt,
                **self.root.layout.file_row(record.source_file),
                "_load_id": record.load_id,
            }
            for record in loaded
        ]
        known = [{name: row[name] for name in ("_source_file", "_source_sha256")} for row in rows]
        self.warehouse.change(self.feed.layout.files, remove=known, add=rows)


class _BatchContent:
    """The lines of several files as one stream, so that they come in with one statement.

    Attributes:
        schema: The columns of bronze that come from the file.
        lines: How many lines each file has that was read to its end.
        problem: The file that could not be read, and why. An engine that pulls the stream wraps what it
            raises, so the reason is kept here.
    """

    def __init__(
        self,
        root: LandingRoot,
        batch: list[tuple[LandedFile, FileRecord]],
        progress: "_Progress",
        erased: Callable[[pa.RecordBatch], pa.RecordBatch],
    ) -> None:
        self._root = root
        self.schema = pa.schema([*LINES_SCHEMA, *_SOURCE_FIELDS, *root.layout.fields])
        self._batch = batch
        self._progress = progress
        self._erased = erased
        self.lines: dict[str, int] = {}
        self.problem: tuple[LandedFile, UnreadableFileError] | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All lines, with the columns of bronze that come from the file."""
        for file, record in self._batch:
            count = 0
            try:
                for lines in self._lines_of(file, record):
                    count += lines.num_rows
                    yield self._erased(self._with_source(lines, record))
            except UnreadableFileError as problem:
                self.problem = (file, problem)
                raise
            self.lines[record.source_file] = count
            self._progress.advance(file.size, count)

    def _lines_of(self, file: LandedFile, record: FileRecord) -> Iterator[pa.RecordBatch]:
        source = _LandedSource(self._root, file, record.sha256)
        return file.layout.read(source, file.source_file)

    def _with_source(self, lines: pa.RecordBatch, record: FileRecord) -> pa.RecordBatch:
        """The lines with the file that they come from."""
        cells = (
            *(record.source_file, record.dt, record.sha256),
            *self._root.layout.cells(record.source_file),
        )
        fields = (*_SOURCE_FIELDS, *self._root.layout.fields)
        columns = [
            pa.repeat(pa.scalar(value, field.type), lines.num_rows)
            for value, field in zip(cells, fields, strict=True)
        ]
        return pa.RecordBatch.from_arrays([*lines.columns, *columns], schema=self.schema)


@dataclass(frozen=True)
class _LandedSource:
    """A file of which it is known what its bytes are."""

    root: LandingRoot
    file: LandedFile
    sha256: str

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"{self.root.folder}/{self.file.source_file}"

    @contextmanager
    def opened(self) -> Iterator[Content]:
        """Its bytes; at the end it must still be the file that it was."""
        with Content(self.root, self.file) as content:
            yield content
            while content.read():
                pass
            if content.sha256 != self.sha256:
                raise UnreadableFileError(
                    f"{self.place} changed while it was read. "
                    "Nothing of it was loaded. Producers should write under another name and "
                    "rename; run again."
                )


def _content_of(root: LandingRoot, record: FileRecord) -> tuple[object, ...]:
    """What is the same of two names of one file."""
    return record.dt, record.sha256, *root.layout.identity(record.source_file)


def _load_id(contents: Iterable[tuple[object, ...]]) -> str:
    """The name of a load: the same files give the same one."""
    digest = hashlib.sha256()
    for text in sorted(" ".join(map(str, content)) for content in contents):
        digest.update(f"{text}\n".encode())
    return f"{LOAD}{digest.hexdigest()[:16]}"


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
