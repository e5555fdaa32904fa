"""The bytes of a landed file: hashed as they lie there, unpacked where the name ends with .gz."""

import gzip
import hashlib
import io
import zlib
from typing import IO, Protocol

from jobmatch_assets.landing.root import LandedFile, LandingRoot, UnreadableFileError

_BLOCK = 4 * 1024 * 1024


class Readable(Protocol):
    """Anything that gives bytes, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes."""
        ...


class _HashingReader(io.RawIOBase):
    """Passes bytes on and takes their SHA-256 on the way."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._source.read(len(buffer))
        self.sha256.update(data)
        buffer[: len(data)] = data
        return len(data)


class Content:
    """One pass over a file. Use as a context manager; `read` until it returns no bytes.

    Errors name the file by its place, where it does not lie below the root's events/.
    """

    def __init__(self, root: LandingRoot, file: LandedFile, place: str | None = None) -> None:
        self._place = place or f"{root.url}/events/{file.source_file}"
        self._raw = root.open(file)
        self._hashing = _HashingReader(self._raw)
        buffered = io.BufferedReader(self._hashing, _BLOCK)
        self._stream: Readable = (
            gzip.GzipFile(fileobj=buffered, mode="rb") if file.source_file.endswith(".gz") else buffered
        )

    def __enter__(self) -> "Content":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._raw.close()

    def read(self, size: int = _BLOCK) -> bytes:
        """Up to `size` unpacked bytes, none at the end.

        Raises:
            UnreadableFileError: The file ends too early, is no gzip file, or the medium fails.
        """
        try:
            return self._stream.read(size)
        except EOFError:
            raise UnreadableFileError(
                f"{self._place} is cut off: its gzip stream has no end. Nothing of it was loaded. "
                "Send the whole file again (under any name), and run again."
            ) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFileError(
                f"{self._place} is not a sound gzip file ({error}). Nothing of it was loaded. "
                "Send it again, or rename it to .ndjson if it is not packed."
            ) from None
        except OSError as error:
            raise UnreadableFileError(
                f"{self._place} cannot be read: {error.strerror or error}. "
                "Nothing of it was loaded. Run again."
            ) from None

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes read so far; of the file once everything has been read."""
        return self._hashing.sha256.hexdigest()


def sha256_of(root: LandingRoot, file: LandedFile) -> str:
    """SHA-256 (hex) of the file's bytes as they lie there.

    Raises:
        UnreadableFileError: The file cannot be read to its end.
    """
    digest = hashlib.sha256()
    with root.open(file) as stream:
        try:
            while block := stream.read(_BLOCK):
                digest.update(block)
        except OSError as error:
            raise UnreadableFileError(
                f"{root.url}/events/{file.source_file} cannot be read: {error.strerror or error}. Run again."
            ) from None
    return digest.hexdigest()
