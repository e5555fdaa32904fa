"""Reading that goes on beside what is done with the bytes.

Hashing, cutting lines and waiting for a bucket leave Python to others most of the time.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

from jobmatch_assets.landing.content import sha256_of
from jobmatch_assets.landing.root import LandedFile, LandingRoot, UnreadableFileError

_HASHED_AT_ONCE = 4
_SECONDS_BETWEEN_LOOKS = 0.1

T = TypeVar("T")


def hashes_of(root: LandingRoot, files: Collection[LandedFile]) -> Iterator[str | UnreadableFileError]:
    """The SHA-256 of each file in their order, or why it cannot be read; some are read at the same time."""
    unwanted = Event()

    def hashed(file: LandedFile) -> str | UnreadableFileError:
        try:
            return sha256_of(root, file, unwanted)
        except UnreadableFileError as error:
            return error

    if len(files) < 2:
        yield from map(hashed, files)
        return
    threads = ThreadPoolExecutor(_HASHED_AT_ONCE)
    try:
        yield from threads.map(hashed, files)
    finally:
        # Who is interrupted does not wait for files that nobody wants any more.
        unwanted.set()
        threads.shutdown(cancel_futures=True)


@contextmanager
def read_ahead(items: Iterator[T], most: int) -> Iterator[Iterator[T]]:
    """The same items, so many of which a thread has ready before they are asked for.

    Errors come where the item would have come. At the end of the block the thread has ended.
    """
    reading = _Reading(items, most)
    try:
        yield reading.items()
    finally:
        reading.end()


@dataclass(frozen=True)
class _Failed:
    error: BaseException


class _Last:
    """There is no further item."""


class _Reading(Generic[T]):
    """A thread that takes items from an iterator into a queue."""

    def __init__(self, items: Iterator[T], most: int) -> None:
        self._source = items
        self._ready: Queue[T | _Failed | _Last] = Queue(most)
        self._unwanted = Event()
        self._thread = Thread(target=self._read, name="read_ahead", daemon=True)
        self._thread.start()

    def items(self) -> Iterator[T]:
        while not isinstance(item := self._next(), _Last):
            if isinstance(item, _Failed):
                raise item.error
            yield item

    def end(self) -> None:
        self._unwanted.set()
        self._thread.join()

    def _next(self) -> T | _Failed | _Last:
        while True:
            try:
                return self._ready.get(timeout=_SECONDS_BETWEEN_LOOKS)
            except Empty:
                if self._unwanted.is_set():
                    return _Last()

    def _read(self) -> None:
        try:
            for item in self._source:
                if not self._put(item):
                    return
            self._put(_Last())
        except BaseException as error:
            self._put(_Failed(error))

    def _put(self, item: T | _Failed | _Last) -> bool:
        """Whether the item is still wanted."""
        while not self._unwanted.is_set():
            try:
                self._ready.put(item, timeout=_SECONDS_BETWEEN_LOOKS)
            except Full:
                continue
            return True
        return False
