"""What is read ahead comes in order, with its errors in their place, and leaves no thread behind."""

import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobmatch_assets.landing.ahead import hashes_of, read_ahead
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.line_layout import LINE_LAYOUT
from jobmatch_assets.landing.root import LandedFile, UnreadableFileError


def _all_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def _threads() -> list[str]:
    return [name for name in _all_threads() if name == "read_ahead"]


def test_all_items_come_in_their_order() -> None:
    with read_ahead(iter(range(1000)), 2) as items:
        assert list(items) == list(range(1000))
    assert _threads() == []


def test_some_are_ready_and_no_more() -> None:
    taken = []

    def source() -> Iterator[int]:
        for number in range(10):
            taken.append(number)
            yield number

    with read_ahead(source(), 2) as items:
        assert next(items) == 0
        while len(taken) < 4:
            time.sleep(0.01)
        time.sleep(0.3)
        # One was given out, two are ready, one waits for its place.
        assert taken == [0, 1, 2, 3]
    assert _threads() == []


def test_an_error_comes_where_the_item_would_have_come() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise UnreadableFileError("cut off")

    with pytest.raises(UnreadableFileError, match="cut off"), read_ahead(source(), 2) as items:
        assert [next(items), next(items)] == [1]
    assert _threads() == []


def test_who_stops_early_leaves_nothing_that_reads_on() -> None:
    def endless() -> Iterator[int]:
        while True:
            yield 0

    def takes_one() -> None:
        with read_ahead(endless(), 2) as items:
            raise RuntimeError(next(items))

    with pytest.raises(RuntimeError):
        takes_one()
    assert _threads() == []


def test_nothing_comes_after_the_block() -> None:
    with read_ahead(iter(range(1000)), 1) as items:
        next(items)
    assert len(list(items)) < 1000


def test_who_wants_no_more_hashes_does_not_wait_for_them(tmp_path: Path) -> None:
    folder = tmp_path / "events" / "dt=2026-03-01"
    folder.mkdir(parents=True)
    (folder / "0.ndjson").write_bytes(b"x")
    for number in range(1, 9):
        with (folder / f"{number}.ndjson").open("wb") as file:
            file.truncate(64 * 1024**3)
    root = FolderRoot(str(tmp_path), "events")
    files = sorted(
        (file for file in root.files() if isinstance(file, LandedFile)), key=lambda file: file.source_file
    )
    hashes = hashes_of(root, files)
    assert next(hashes) == hashlib.sha256(b"x").hexdigest()
    hashes.close()  # type: ignore[attr-defined]
    assert [name for name in _all_threads() if "ThreadPool" in name] == []


@pytest.mark.parametrize("count", [0, 1, 7])
def test_hashes_are_those_of_the_files_in_their_order(count: int, tmp_path: Path) -> None:
    folder = tmp_path / "events" / "dt=2026-03-01"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.ndjson").write_bytes(b"x" * number)
    root = FolderRoot(str(tmp_path), "events")
    files = sorted(
        (file for file in root.files() if isinstance(file, LandedFile)), key=lambda file: file.source_file
    )
    gone = LandedFile("dt=2026-03-01/gone.ndjson", 1, "", layout=LINE_LAYOUT)
    hashes = list(hashes_of(root, [*files, gone]))
    assert hashes[:-1] == [hashlib.sha256(b"x" * number).hexdigest() for number in range(count)]
    assert isinstance(hashes[-1], UnreadableFileError)
