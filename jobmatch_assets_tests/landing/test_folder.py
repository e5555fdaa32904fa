import datetime as dt
import errno
import hashlib
import os
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from jobmatch_assets.landing.bucket import BucketRoot
from jobmatch_assets.landing.content import Content, sha256_of
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.passed_over import Why
from jobmatch_assets.landing.root import LandedFile, LandingError, UnreadableFileError, landing_root
from jobmatch_assets_tests.bench.golden import GOLDEN
from jobmatch_assets_tests.bench.rights import as_nobody, let_everyone_reach, mode
from jobmatch_assets_tests.golden import oracle
from jobmatch_assets_tests.landing.folders import content_of, files_of, listed, passed_over, write


def test_files_of_both_layouts_are_listed(events: Path) -> None:
    for name in (
        "dt=2026-03-01/a.ndjson",
        "dt=2026-03-01/b.ndjson.gz",
        "02032026_c.ndjson",
        "no_date.ndjson",
    ):
        path = events / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"{}\n")
    files = {file.source_file: file for file in files_of(events.parent)}
    assert {name: file.dt for name, file in files.items()} == {
        "dt=2026-03-01/a.ndjson": dt.date(2026, 3, 1),
        "dt=2026-03-01/b.ndjson.gz": dt.date(2026, 3, 1),
        "02032026_c.ndjson": dt.date(2026, 3, 2),
        "no_date.ndjson": None,
    }
    assert {file.size for file in files.values()} == {3}


def test_the_golden_folder_is_listed_as_the_oracle_lists_it() -> None:
    expected = oracle.landing_files(GOLDEN / "landing")
    files = files_of(GOLDEN / "landing")
    assert sorted((file.source_file, file.dt) for file in files) == sorted(expected)


def test_files_in_folders_of_a_day_belong_to_the_day(events: Path) -> None:
    names = [
        "dt=2026-03-01/hour=05/a.ndjson",
        "dt=2026-03-01/b.ndjson/part-0.jsonl",
        "dt=2026-03-01/x/y/z/c.NDJSON",
    ]
    for name in names:
        write(events / name)
    assert {(file.source_file, file.dt) for file in files_of(events.parent)} == {
        (name, dt.date(2026, 3, 1)) for name in names
    }
    assert content_of(events.parent, names[2]) == b"{}\n"


def test_unfinished_names_are_not_looked_at_at_any_depth(events: Path) -> None:
    for name in (
        "dt=2026-03-01/.a.ndjson",
        "dt=2026-03-01/_a.ndjson",
        "dt=2026-03-01/a.ndjson.tmp",
        "dt=2026-03-01/a.ndjson.part",
        "dt=2026-03-01/hour=05/_SUCCESS",
        "dt=2026-03-01/_temporary/0/a.ndjson",
        "dt=2026-03-01/hour=05.part/a.ndjson",
        ".dt=2026-03-01/a.ndjson",
        "_tmp/a.ndjson",
        "dt=2026-03-02.tmp/a.ndjson",
        "01032026_a.ndjson.tmp",
    ):
        write(events / name)
    assert list(FolderRoot(str(events.parent), "events").files()) == []


def test_everything_else_is_passed_over_by_name(events: Path) -> None:
    for name in (
        "dt=2026-03-01/a.json",
        "dt=2026-03-01/h/a.parquet",
        "README.md",
        "dt=2026-03-01.ndjson.bak",
    ):
        write(events / name)
    write(events / "dt=2026-03-02")
    write(events / "/".join(["dt=2026-03-01", *"abcdefghijklmno", "a.ndjson"]))
    write(events / "/".join(["dt=2026-03-01", *"abcdefghijklmno", "p", "deep.ndjson"]))
    os.mkfifo(events / "01032026_pipe.ndjson")
    with socket.socket(socket.AF_UNIX) as unix, chdir(events):
        unix.bind("01032026_socket.ndjson")
    assert passed_over(events.parent) == {
        "dt=2026-03-01/a.json": Why.OTHER_NAME,
        "dt=2026-03-01/h/a.parquet": Why.OTHER_NAME,
        "README.md": Why.OTHER_NAME,
        "dt=2026-03-01.ndjson.bak": Why.OTHER_NAME,
        "dt=2026-03-02": Why.OTHER_NAME,
        "dt=2026-03-01/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/": Why.TOO_DEEP,
        "01032026_pipe.ndjson": Why.NO_FILE,
        "01032026_socket.ndjson": Why.NO_FILE,
    }
    assert listed(events.parent) == ["dt=2026-03-01/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/a.ndjson"]


def test_a_folder_that_is_named_like_a_file_is_no_file(events: Path) -> None:
    (events / "01032026_a.ndjson").mkdir()
    (events / "dt=2026-03-01" / "b.ndjson").mkdir(parents=True)
    assert list(FolderRoot(str(events.parent), "events").files()) == []


def test_an_empty_folder_has_no_files(events: Path) -> None:
    (events / "dt=2026-03-01").mkdir()
    assert listed(events.parent) == []


@pytest.mark.parametrize(
    "name",
    [
        "with space.ndjson",
        "ünï 日本 😀.ndjson",
        "quo'te\".ndjson",
        "new\nline.ndjson",
        "back\\slash.ndjson",
        "{{ x }}$1%s;--.ndjson",
    ],
)
def test_odd_names_are_listed_and_read(events: Path, name: str) -> None:
    folder = events / "dt=2026-03-01"
    folder.mkdir()
    (folder / name).write_bytes(b"[1]\n")
    root = FolderRoot(str(events.parent), "events")
    (file,) = files_of(events.parent)
    assert file.source_file == f"dt=2026-03-01/{name}"
    with Content(root, file) as content:
        assert content.read() == b"[1]\n"


def test_a_name_that_is_not_utf8_is_passed_over_and_the_others_go_on(events: Path) -> None:
    names = [
        b"01032026_\xe9.ndjson",
        b"dt=2026-03-01/\xff.ndjson",
        b"dt=2026-03-01/\xff/a.ndjson",
        b"\xe9.txt",
    ]
    for name in names:
        write(events / os.fsdecode(name))
    write(events / "dt=2026-03-01/a.ndjson")
    assert listed(events.parent) == ["dt=2026-03-01/a.ndjson"]
    assert passed_over(events.parent) == {
        os.fsdecode(name): Why.NOT_UTF8 for name in (*names[:2], b"dt=2026-03-01/\xff", b"\xe9.txt")
    }


def test_a_missing_root_is_an_error_that_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"no folder .*gone/events.*JOBMATCH_LANDING"):
        listed(tmp_path / "gone")


def test_a_root_whose_events_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes(b"")
    with pytest.raises(LandingError, match="no folder"):
        listed(tmp_path)


def test_a_root_that_is_a_link_in_a_circle_is_an_error_that_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "events").symlink_to("events")
    with pytest.raises(LandingError, match=r"no folder .*events.*JOBMATCH_LANDING"):
        listed(tmp_path)


def test_a_medium_that_fails_is_told_without_advice_on_rights(
    events: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = write(events / "dt=2026-03-01/a.ndjson").parent
    write(events / "dt=2026-03-02/b.ndjson")
    real: Callable[[object], object] = os.scandir

    def scandir(path: object) -> object:
        if path == broken:
            raise OSError(errno.EIO, "Input/output error", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    problems = {file.source_file: file.problem for file in files_of(events.parent)}
    assert problems == {
        "dt=2026-03-01/": f"{broken} cannot be listed: Input/output error. Run again; if it stays so, look at the "
        "disk, or the network, that it lies on.",
        "dt=2026-03-02/b.ndjson": "",
    }


def test_a_location_in_a_bucket_has_another_root() -> None:
    root = landing_root("gs://bucket/x", "events", True, 1.0)
    assert isinstance(root, BucketRoot)
    assert root.url == "gs://bucket/x"


def test_a_file_that_vanishes_after_listing_is_unreadable(events: Path) -> None:
    path = events / "01032026_a.ndjson"
    path.write_bytes(b"{}\n")
    root = FolderRoot(str(events.parent), "events")
    (file,) = files_of(events.parent)
    path.unlink()
    for read in (lambda: root.open(file), lambda: sha256_of(root, file), lambda: Content(root, file)):
        with pytest.raises(UnreadableFileError, match=r"01032026_a\.ndjson was listed and is gone"):
            read()


def test_a_folder_that_vanishes_while_listing_is_left_out(
    events: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (events / "dt=2026-03-01").mkdir()
    (events / "01032026_a.ndjson").write_bytes(b"{}\n")
    real = os.scandir

    def scandir(path: str | Path) -> object:
        found = real(path)
        if Path(path) == events and (events / "dt=2026-03-01").exists():
            entries = list(real(path))
            (events / "dt=2026-03-01").rmdir()
            found = _Entries(entries)
        return found

    monkeypatch.setattr(os, "scandir", scandir)
    assert listed(events.parent) == ["01032026_a.ndjson"]


class _Entries(list[os.DirEntry[str]]):
    def __enter__(self) -> "_Entries":
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass


def test_the_fingerprint_changes_when_a_file_is_replaced_and_else_stays(events: Path) -> None:
    path = events / "01032026_a.ndjson"
    path.write_bytes(b"{}\n")
    (before,) = files_of(events.parent)
    (again,) = files_of(events.parent)
    assert again == before

    replacement = events / "_new"
    replacement.write_bytes(b"[]\n")
    stat = path.stat()
    os.utime(replacement, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    replacement.rename(path)
    (after,) = files_of(events.parent)
    assert after.size == before.size
    assert after.fingerprint != before.fingerprint


@pytest.fixture
def shared(events: Path) -> Path:
    """A landing root that another user can read, with one file."""
    (events / "dt=2026-03-01").mkdir()
    (events / "dt=2026-03-01" / "a.ndjson").write_bytes(b"{}\n")
    let_everyone_reach(events / "dt=2026-03-01")
    with as_nobody():
        assert listed(events.parent) == ["dt=2026-03-01/a.ndjson"]
    return events.parent


@pytest.mark.parametrize(("locked", "bits"), [(".", 0), ("events", 0), ("events", 0o744)])
def test_a_root_that_may_not_be_read_is_named(shared: Path, locked: str, bits: int) -> None:
    write(shared / "events/01032026_a.ndjson")
    with mode(shared / locked, bits), as_nobody(), pytest.raises(LandingError) as raised:
        listed(shared)
    assert str(shared / locked) in str(raised.value)
    assert "cannot be listed: Permission denied. Give this user the right" in str(raised.value)


@pytest.mark.parametrize("folder", ["dt=2026-03-01", "dt=2026-03-01/hour=05", "dt=2026-03-01/linked"])
@pytest.mark.parametrize("bits", [0, 0o744])
def test_a_folder_that_may_not_be_read_stands_for_its_files_and_the_others_go_on(
    shared: Path, folder: str, bits: int
) -> None:
    locked = shared / "events" / folder
    if folder.endswith("linked"):
        locked = shared / "elsewhere/linked"
        locked.mkdir(parents=True)
        (shared / "events" / folder).symlink_to(locked)
    write(locked / "b.ndjson")
    write(shared / "events/02032026_c.ndjson")
    let_everyone_reach(locked)
    with mode(locked, bits), as_nobody():
        files = {file.source_file: file for file in files_of(shared)}
        (problem,) = [name for name in files if name.endswith("/")]
        assert problem == f"{folder}/"
        assert files[problem].dt == dt.date(2026, 3, 1)
        with pytest.raises(UnreadableFileError) as raised:
            FolderRoot(str(shared), "events").open(files[problem])
        assert content_of(shared, "02032026_c.ndjson") == b"{}\n"
    assert str(raised.value).startswith(
        f"{shared / 'events' / folder} cannot be listed: Permission denied. Give this user the right"
    )
    assert f"{folder}/b.ndjson" in listed(shared)


def test_a_link_to_what_may_not_be_looked_at_is_named(shared: Path) -> None:
    write(shared / "locked/b.ndjson")
    (shared / "events/01032026_b.ndjson").symlink_to("../locked/b.ndjson")
    with mode(shared / "locked", 0), as_nobody():
        (file,) = [file for file in files_of(shared) if file.problem]
        with pytest.raises(
            UnreadableFileError, match=r"01032026_b\.ndjson cannot be opened: Permission denied"
        ):
            FolderRoot(str(shared), "events").open(file)
    assert content_of(shared, "01032026_b.ndjson") == b"{}\n"


def test_a_root_that_may_only_be_passed_through_is_enough(shared: Path) -> None:
    with mode(shared, 0o711), as_nobody():
        assert content_of(shared, "dt=2026-03-01/a.ndjson") == b"{}\n"


def test_a_file_that_may_not_be_read_is_named_and_listed_all_the_same(shared: Path) -> None:
    path = shared / "events/dt=2026-03-01/a.ndjson"
    with mode(path, 0), as_nobody():
        (file,) = files_of(shared)
        with pytest.raises(UnreadableFileError) as raised:
            FolderRoot(str(shared), "events").open(file)
    assert str(raised.value).startswith(
        f"{path} cannot be opened: Permission denied. Give this user the right"
    )


def test_the_hash_is_that_of_the_bytes_as_they_lie_there(events: Path) -> None:
    data = os.urandom(100_000)
    (events / "01032026_a.ndjson").write_bytes(data)
    root = FolderRoot(str(events.parent), "events")
    assert sha256_of(root, LandedFile("01032026_a.ndjson", len(data), "")) == hashlib.sha256(data).hexdigest()
