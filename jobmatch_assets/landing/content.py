"""The bytes of a landed file: hashed as they lie there, unpacked where the name says that they are packed."""

import gzip
import hashlib
import io
import zlib
from threading import Event
from typing import IO

import pyarrow as pa

from jobmatch_assets.landing.names import Packing
from jobmatch_assets.landing.readable import Readable
from jobmatch_assets.landing.root import LandedFile, LandingRoot, UnreadableFileError

_BLOCK = 4 * 1024 * 1024
# Arrow has one type of error for all that may be wrong with a packed stream.
_ARROW_CUT_OFF = "Truncated compressed stream"
_ARROW_WINDOW = "requires too much memory"


class _HashingReader(io.RawIOBase):
    """Passes bytes on and takes their SHA-256 on the way.

    Attributes:
        sha256: The digest so far.
        has_failed: Whether the medium did, which an error of who unpacks does not tell.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()
        self.has_failed = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._source.read(len(buffer))
        except OSError:
            self.has_failed = True
            raise
        self.sha256.update(data)
        buffer[: len(data)] = data
        return len(data)


def _unpacked(stream: IO[bytes], packing: Packing | None) -> Readable:
    if packing == "gzip":
        return gzip.GzipFile(fileobj=stream, mode="rb")
    if packing == "zstd":
        unpacked: Readable = pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")
        return unpacked
    return stream


class Content:
    """One pass over a file. Use as a context manager; `read` until it returns no bytes.

    Errors name the file by its place, where it does not lie below a feed's folder.
    """

    def __init__(self, root: LandingRoot, file: LandedFile, place: str | None = None) -> None:
        self._place = place or f"{root.folder}/{file.source_file}"
        self._raw = root.open(file)
        self._hashing = _HashingReader(self._raw)
        buffered: IO[bytes] = io.BufferedReader(self._hashing, _BLOCK)
        self._packing = file.layout.packing_of(file.source_file)
        self._plain_name = file.layout.plain_name
        self._stream = _unpacked(buffered, self._packing)

    def __enter__(self) -> "Content":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._raw.close()

    def read(self, size: int = _BLOCK) -> bytes:
        """Up to `size` unpacked bytes, none at the end.

        Raises:
            UnreadableFileError: The file ends too early, is not packed as its name says, or the medium fails.
        """
        try:
            return self._stream.read(size)
        except (EOFError, OSError, zlib.error) as error:
            raise UnreadableFileError(self._told(error)) from None

    def _told(self, error: Exception) -> str:
        """What is wrong with the file, and what to do."""
        if self._hashing.has_failed or self._packing is None:
            reason = getattr(error, "strerror", None) or error
            return f"{self._place} cannot be read: {reason}. Nothing of it was loaded. Run again."
        if isinstance(error, EOFError) or str(error) == _ARROW_CUT_OFF:
            return (
                f"{self._place} is cut off: its {self._packing} stream has no end. Nothing of it was loaded. "
                "Send the whole file again (under any name), and run again."
            )
        if _ARROW_WINDOW in str(error):
            return (
                f"{self._place} needs more memory to unpack than a zstd file may. Nothing of it was loaded. "
                "Pack it with a window of at most 128 MiB (zstd without --ultra and --long), and run again."
            )
        return (
            f"{self._place} is not a sound {self._packing} file ({error}). Nothing of it was loaded. "
            f"Send it again, or rename it to {self._plain_name} if it is not packed."
        )

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes read so far; of the file once everything has been read."""
        return self._hashing.sha256.hexdigest()


def sha256_of(root: LandingRoot, file: LandedFile, unwanted: Event | None = None) -> str:
    """SHA-256 (hex) of the file's bytes as they lie there.

    Args:
        root: Where it lies.
        file: The file.
        unwanted: Once it is set nobody asks for the hash any more, and the rest is not read.

    Raises:
        UnreadableFileError: The file cannot be read to its end.
    """
    digest = hashlib.sha256()
    with root.open(file) as stream:
        try:
            while (block := stream.read(_BLOCK)) and not (unwanted and unwanted.is_set()):
                digest.update(block)
        except OSError as error:
            raise UnreadableFileError(
                f"{root.folder}/{file.source_file} cannot be read: {error.strerror or error}. Run again."
            ) from None
    return digest.hexdigest()
