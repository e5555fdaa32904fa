"""A landing root that is a local folder."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO

from jobmatch_assets.landing.layout import FileLayout
from jobmatch_assets.landing.line_layout import LINE_LAYOUT
from jobmatch_assets.landing.names import MOST_FOLDERS, is_finished, is_utf8
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.root import LandedFile, LandingError, UnreadableFileError

_R_AND_X = " (a folder needs r and x)"
# A folder that is only passed through need not be readable, where the system can do without.
_FOLDER = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
# What opening a link says that is not to be followed: as the last part of a path, and as a folder.
_IS_LINK = (errno.ELOOP, errno.ENOTDIR)
_IS_NO_FOLDER = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)

Found = LandedFile | PassedOver


class FolderRoot:
    """Files below the folder of a feed, e.g. `<root>/events/`.

    Links are followed to what lies in the root, or in what the feed's folder is a link to, and no further:
    who may write here need not have the right to read what this process can.

    Attributes:
        url: The root.
        folder: The folder of the feed.
        layout: How its files are named and read.
    """

    def __init__(
        self, root: str, feed: str, is_required: bool = True, layout: FileLayout = LINE_LAYOUT
    ) -> None:
        self.url = root
        self.folder = f"{root.rstrip('/')}/{feed}"
        self._feed = feed
        self._is_required = is_required
        self.layout = layout
        self._top = Path(root) / feed

    def files(self) -> Iterator[Found]:
        """What has a finished name in the folder and in the folders below it."""
        if not self._is_required and Path(self.url).is_dir() and not os.path.lexists(self._top):
            return
        try:
            yield from self._folder("", is_linked=False)
        except OSError as error:
            if error.errno not in _IS_NO_FOLDER:
                place = error.filename or self._top
                raise LandingError(_told(f"{place} cannot be listed", error, _R_AND_X)) from None
            raise LandingError(
                f"There is no folder {self._top}. Set JOBMATCH_LANDING to the folder that holds "
                f"{self._feed}/, "
                f"with files in it as {self.layout.looked_for}, or make some with `jobmatch generate`. "
                "Where only other feeds land, make this folder and leave it empty."
            ) from None

    def open(self, file: LandedFile) -> IO[bytes]:
        """The file's bytes."""
        if file.problem:
            raise UnreadableFileError(file.problem)
        path = self._top / file.source_file
        try:
            return self._opened(file.source_file)
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno in _IS_LINK:
                raise UnreadableFileError(
                    f"{path} was listed and is gone now. Nothing of it was loaded; if it was renamed or sent "
                    "again, the next run takes it."
                ) from None
            raise UnreadableFileError(_told(f"{path} cannot be opened", error)) from None

    def _folder(self, folder: str, *, is_linked: bool) -> Iterator[Found]:
        """What is in a folder and below it.

        Args:
            folder: Path below the feed's folder that ends with a slash; empty for that itself.
            is_linked: Whether the path leads through a link.

        Raises:
            OSError: The feed's folder itself cannot be listed.
        """
        try:
            with os.scandir(self._top / folder) as entries:
                finished = [entry for entry in entries if is_finished(entry.name)]
            for entry in finished:
                if entry.is_file(follow_symlinks=False):
                    yield from self._file(folder + entry.name, entry)
                else:
                    yield from self._other(folder, entry, is_linked=is_linked)
        except OSError as error:
            if not folder:
                raise
            # One that is gone was removed since its parent was listed.
            if not isinstance(error, FileNotFoundError):
                problem = _told(f"{self._top / folder} cannot be listed", error, _R_AND_X)
                yield LandedFile(folder, 0, "", problem, self.layout.of(folder))

    def _file(self, name: str, entry: os.DirEntry[str]) -> Iterable[Found]:
        if why := self._why_not(name):
            return [PassedOver(name, why)]
        try:
            return [self._landed(name, entry.stat(follow_symlinks=False))]
        except FileNotFoundError:
            return []  # removed since the folder was listed

    def _other(self, folder: str, entry: os.DirEntry[str], *, is_linked: bool) -> Iterator[Found]:
        name = folder + entry.name
        if not is_utf8(name):
            yield PassedOver(name, Why.NOT_UTF8)
        elif entry.is_symlink():
            yield from self._link(name, is_linked=is_linked)
        elif entry.is_dir(follow_symlinks=False):
            yield from self._subfolder(f"{name}/", is_linked=is_linked)
        else:
            yield PassedOver(name, Why.NO_FILE)

    def _subfolder(self, folder: str, *, is_linked: bool) -> Iterator[Found]:
        if folder.count("/") > MOST_FOLDERS:
            yield PassedOver(folder, Why.TOO_DEEP)
        else:
            yield from self._folder(folder, is_linked=is_linked)

    def _link(self, name: str, *, is_linked: bool) -> Iterator[Found]:
        target = os.path.realpath(self._top / name)
        if self._base_of(target) is None:
            yield PassedOver(name, Why.LEAVES_ROOT)
            return
        try:
            found = Path(target).stat()
        except (FileNotFoundError, NotADirectoryError):
            yield PassedOver(name, Why.LINK_TO_NOTHING)
        except OSError as error:
            if error.errno == errno.ELOOP:
                yield PassedOver(name, Why.LINK_LOOP)
            else:
                problem = _told(f"{self._top / name} cannot be opened", error)
                yield LandedFile(name, 0, "", problem, self.layout.of(name))
        else:
            yield from self._target(name, target, found, is_linked=is_linked)

    def _target(self, name: str, target: str, found: os.stat_result, *, is_linked: bool) -> Iterator[Found]:
        """What a link inside the root leads to."""
        if stat.S_ISDIR(found.st_mode):
            if _is_within(os.path.realpath((self._top / name).parent), target):
                yield PassedOver(f"{name}/", Why.LINK_LOOP)
            elif is_linked:
                # Folders that link to each other would be as many paths as they have orders.
                yield PassedOver(f"{name}/", Why.LINK_BELOW_LINK)
            else:
                yield from self._subfolder(f"{name}/", is_linked=True)
        elif not stat.S_ISREG(found.st_mode):
            yield PassedOver(name, Why.NO_FILE)
        elif why := self._why_not(name):
            yield PassedOver(name, why)
        else:
            yield self._landed(name, found)

    def _why_not(self, name: str) -> Why | None:
        """Why a file of this name is not loaded; None where it is."""
        return self.layout.of(name).why_not(name) if is_utf8(name) else Why.NOT_UTF8

    def _landed(self, source_file: str, found: os.stat_result) -> LandedFile:
        # ctime changes when a file is renamed or replaced, also where mtime was set back
        fingerprint = f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}-{found.st_ino}"
        return LandedFile(source_file, found.st_size, fingerprint, layout=self.layout.of(source_file))

    @cached_property
    def _bases(self) -> tuple[str, str]:
        """What may be read lies in one of these: the feed's folder and the root, without links."""
        return os.path.realpath(self._top), os.path.realpath(self.url)

    def _base_of(self, target: str) -> str | None:
        """The base that a path without links lies in; None where it lies in neither."""
        return next((base for base in self._bases if _is_within(target, base)), None)

    def _opened(self, source_file: str) -> IO[bytes]:
        """Open a file and no other that a link was put for since it was looked at.

        Raises:
            OSError: It cannot be opened, is no file any more, or has become a link just now.
            UnreadableFileError: It lies outside of the root.
        """
        try:
            return _open_without_links(self._bases[0], source_file)
        except OSError as error:
            if error.errno not in _IS_LINK:
                raise
        path = self._top / source_file
        target = os.path.realpath(path)
        base = self._base_of(target)
        if base is None:
            raise UnreadableFileError(
                f"{path} leads out of the landing root {self.url} by a link, which is not followed. "
                "Put the file itself here, and run again."
            )
        return _open_without_links(base, os.path.relpath(target, base))


def _open_without_links(base: str, path: str) -> IO[bytes]:
    """Open a file below a folder.

    Raises:
        FileNotFoundError: It is not there, or is no file.
        OSError: It cannot be opened, or a part of the path is a link (see `_IS_LINK`).
    """
    *folders, name = path.split("/")
    descriptor = os.open(base, _FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        # Without waiting for a writer, should it have become a pipe.
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=descriptor)
    finally:
        os.close(descriptor)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return os.fdopen(file, "rb")
    os.close(file)
    raise FileNotFoundError(path)


def _told(problem: str, error: OSError, needs: str = "") -> str:
    """The problem, its cause and what to do."""
    advice = (
        f"Give this user the right to read it{needs}, and run again."
        if isinstance(error, PermissionError)
        else "Run again; if it stays so, look at the disk, or the network, that it lies on."
    )
    return f"{problem}: {error.strerror}. {advice}"


def _is_within(path: str, folder: str) -> bool:
    """Whether an absolute path is the folder or lies below it; neither has links or dots."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
