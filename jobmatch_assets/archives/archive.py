"""One archive: its manifest, and its lines, read only from files that are what the manifest says."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.archives.manifest import MANIFEST, ArchivedFile, Manifest
from jobmatch_assets.whole_files import write_whole, written_whole

_BATCH_ROWS = 16_384


@dataclass(frozen=True)
class Archive:
    """An archive on the disk.

    Attributes:
        folder: Its folder, whose name is the name of the archive.
        manifest: What is in it.
    """

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """What control tables call it."""
        return self.folder.name

    @classmethod
    def of(cls, folder: Path) -> "Archive":
        """The archive in a folder; its files are not looked at.

        Raises:
            ArchiveError: There is none, or its manifest cannot be read.
        """
        try:
            return cls(folder, Manifest.of_text((folder / MANIFEST).read_text(encoding="utf-8")))
        except OSError as error:
            raise ArchiveError(
                f"The archive {folder} cannot be read: {error.strerror} ({MANIFEST}). Put it back from a "
                "backup, or set JOBMATCH_ARCHIVE_PATH to where it is."
            ) from None
        except ValueError as error:
            raise ArchiveError(
                f"The archive {folder} cannot be read: its manifest {error}. Put it back from a backup."
            ) from None

    def verify(self) -> None:
        """See that each file holds the bytes that it was written with.

        Raises:
            ArchiveError: One does not, or is missing.
        """
        for file in self.manifest.files:
            path = self.folder / file.name
            try:
                found = sha256_of(path)
            except OSError as error:
                raise ArchiveError(
                    f"{path} of an archive cannot be read: {error.strerror}. Put it back from a backup."
                ) from None
            if found != file.sha256:
                raise ArchiveError(
                    f"{path} is damaged: its SHA-256 is {found}, and {MANIFEST} beside it has {file.sha256}. "
                    "Put it back from a backup."
                )

    @contextmanager
    def lines(self) -> Iterator[pa.RecordBatchReader]:
        """All lines, in the order in which they were written, with the columns of bronze.

        Raises:
            ArchiveError: A file is missing or damaged; nothing of the archive is read then.
        """
        import pyarrow.parquet as pq

        self.verify()
        schema = pq.read_schema(self.folder / self.manifest.files[0].name)
        yield pa.RecordBatchReader.from_batches(schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq

        for file in self.manifest.files:
            with pq.ParquetFile(self.folder / file.name) as parquet:
                yield from parquet.iter_batches(_BATCH_ROWS, use_threads=False)

    def rewrite(self, change: Callable[[pa.RecordBatch], pa.RecordBatch]) -> "Archive":
        """Write all lines anew, as a change makes them, in the place of those that are there.

        New files come beside the old ones, then the manifest names them, then the old ones go: a process that
        is killed leaves the archive as it was or as it should be, and `tidy` removes what it left behind.

        Args:
            change: Makes of some lines as many, with the same columns.

        Raises:
            ArchiveError: The archive is damaged; it was left as it is.
            OSError: It cannot be written.
        """
        with self.lines() as lines:
            file = write_lines(self.folder, lines.schema, map(change, lines))
        if file.rows != self.manifest.rows:
            (self.folder / file.name).unlink()
            raise ArchiveError(
                f"The archive {self.folder} would have {file.rows:,} lines in the place of "
                f"{self.manifest.rows:,}. It was left as it is."
            )
        rewritten = replace(self, manifest=replace(self.manifest, files=(file,)))
        write_whole(self.folder / MANIFEST, rewritten.manifest.text().encode())
        rewritten.tidy()
        return rewritten

    def tidy(self) -> None:
        """Remove files that are no part of the archive.

        Raises:
            OSError: One cannot be removed.
        """
        kept = {MANIFEST, *(file.name for file in self.manifest.files)}
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()


def write_lines(folder: Path, schema: pa.Schema, lines: Iterator[pa.RecordBatch]) -> ArchivedFile:
    """Write lines to a Parquet file that is called after its content.

    Raises:
        OSError: It cannot be written.
    """
    import pyarrow.parquet as pq

    rows = 0
    unfinished = folder / ".lines.parquet"
    with written_whole(unfinished) as path, pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in lines:
            writer.write_batch(batch)
            rows += batch.num_rows
    sha256 = sha256_of(unfinished)
    name = f"lines-{sha256[:12]}.parquet"
    unfinished.replace(folder / name)
    return ArchivedFile(name, rows, sha256)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
