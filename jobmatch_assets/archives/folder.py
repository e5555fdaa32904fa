"""The folder of all archives (JOBMATCH_ARCHIVE_PATH): finding them, and writing new ones, each at once."""

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from jobmatch_assets.archives.archive import Archive, write_lines
from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.archives.manifest import MANIFEST, Manifest
from jobmatch_assets.contracts.control_tables import ArchiveKind
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.whole_files import write_whole

_UNFINISHED = ".unfinished"


class ArchiveFolder:
    """All archives of a platform.

    Attributes:
        root: The folder, which need not be there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def all(self) -> list[Archive]:
        """All archives, by name.

        Raises:
            ArchiveError: The manifest of one cannot be read.
        """
        return [Archive.of(folder) for folder in self.folders()]

    def folders(self) -> list[Path]:
        """The folders of all archives, by name, readable or not."""
        if not self.root.is_dir():
            return []
        return sorted(
            path for path in self.root.iterdir() if path.is_dir() and not path.name.endswith(_UNFINISHED)
        )

    def named(self, name: str) -> Archive:
        """An archive.

        Raises:
            ArchiveError: There is none of this name, or its manifest cannot be read.
        """
        return Archive.of(self.root / name)

    def write(self, kind: ArchiveKind, feed: Feed, day: dt.date, lines: pa.RecordBatchReader) -> Archive:
        """Write lines as a new archive, named by what it holds, which is there at once or not at all.

        The same lines give the same archive: one that is there already, whole, is left.

        Args:
            kind: Why they are put away.
            feed: The feed whose bronze table they come from.
            day: The day that their files were written for.
            lines: The lines, in the order of their files and numbers.

        Raises:
            ArchiveError: The folder cannot be written to.
        """
        with self._explained(), self._unfinished() as folder:
            file = write_lines(folder, lines.schema, iter(lines))
            manifest = Manifest(kind, feed.name, day, (file,))
            write_whole(folder / MANIFEST, manifest.text().encode())
            _sync(folder)
            place = self.root / f"{feed.name}-{kind}-{day}-{file.sha256[:12]}"
            if place.exists():
                if _is_whole(place, manifest):
                    return Archive(place, manifest)
                shutil.rmtree(place)
            folder.rename(place)
            _sync(self.root)
        return Archive(place, manifest)

    def remove(self, name: str) -> None:
        """Remove an archive whose lines are in bronze again; it need not be there.

        Raises:
            ArchiveError: It cannot be removed.
        """
        folder = self.root / name
        with self._explained():
            if folder.exists():
                # Without its manifest it is none any more, however far this comes.
                (folder / MANIFEST).unlink(missing_ok=True)
                shutil.rmtree(folder)

    @contextmanager
    def _unfinished(self) -> Iterator[Path]:
        self.root.mkdir(parents=True, exist_ok=True)
        for left_behind in self.root.glob(f".*{_UNFINISHED}"):
            shutil.rmtree(left_behind, ignore_errors=True)
        folder = self.root / f".{secrets.token_hex(8)}{_UNFINISHED}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ArchiveError(
                f"The archives in {self.root} cannot be written: {error.strerror or error}. "
                "JOBMATCH_ARCHIVE_PATH must be a folder with room that this user may write to. Nothing was "
                "taken out of the warehouse."
            ) from None


def _is_whole(place: Path, manifest: Manifest) -> bool:
    try:
        found = Archive.of(place)
        found.verify()
    except ArchiveError:
        return False
    return found.manifest == manifest


def _sync(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
