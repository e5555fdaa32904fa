import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest

from jobmatch_assets.landing.bucket import BucketRoot
from jobmatch_assets.landing.content import Content, sha256_of
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.root import LandedFile, LandingError, UnreadableFileError, landing_root
from jobmatch_assets_tests.golden import oracle
from jobmatch_assets_tests.rights import as_nobody, let_everyone_reach, mode
from jobmatch_assets_tests.workbench import GOLDEN


@pytest.fixture
def events(tmp_path: Path) -> Path:
    folder = tmp_path / "events"
    folder.mkdir()
    return folder


def listed(root: Path) -> list[str]:
    return sorted(file.source_file for file in FolderRoot(str(root)).files())


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
    files = {file.source_file: file for file in FolderRoot(str(events.parent)).files()}
    assert {name: file.dt for name, file in files.items()} == {
        "dt=2026-03-01/a.ndjson": dt.date(2026, 3, 1),
        "dt=2026-03-01/b.ndjson.gz": dt.date(2026, 3, 1),
        "02032026_c.ndjson": dt.date(2026, 3, 2),
        "no_date.ndjson": None,
    }
    assert {file.size for file in files.values()} == {3}


def test_the_golden_folder_is_listed_as_the_oracle_lists_it() -> None:
    expected = oracle.landing_files(GOLDEN / "landing")
    files = FolderRoot(str(GOLDEN / "landing")).files()
    assert sorted((file.source_file, file.dt) for file in files) == sorted(expected)


def test_unfinished_other_and_deeper_files_are_not_listed(events: Path) -> None:
    for name in (
        "dt=2026-03-01/.a.ndjson",
        "dt=2026-03-01/_a.ndjson",
        "dt=2026-03-01/a.ndjson.tmp",
        "dt=2026-03-01/a.ndjson.part",
        "dt=2026-03-01/a.json",
        "dt=2026-03-01/deeper/a.ndjson",
        ".dt=2026-03-01/a.ndjson",
        "_tmp/a.ndjson",
        "dt=2026-03-02.tmp/a.ndjson",
        "01032026_a.ndjson.tmp",
    ):
        path = events / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}\n")
    assert listed(events.parent) == []


def test_a_folder_that_is_named_like_a_file_is_no_file(events: Path) -> None:
    (events / "01032026_a.ndjson").mkdir()
    (events / "dt=2026-03-01" / "b.ndjson").mkdir(parents=True)
    assert listed(events.parent) == []


def test_a_file_that_is_named_like_a_day_is_no_folder(events: Path) -> None:
    (events / "dt=2026-03-01").write_bytes(b"{}\n")
    assert listed(events.parent) == []


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
    root = FolderRoot(str(events.parent))
    (file,) = root.files()
    assert file.source_file == f"dt=2026-03-01/{name}"
    with Content(root, file) as content:
        assert content.read() == b"[1]\n"


def test_a_name_that_is_not_utf8_is_an_error_that_shows_it(events: Path) -> None:
    Path(os.fsdecode(os.fsencode(events) + b"/01032026_\xe9.ndjson")).write_bytes(b"{}\n")
    with pytest.raises(LandingError, match=r"01032026_.*not UTF-8.*Rename"):
        listed(events.parent)


def test_links_to_files_and_folders_are_followed_and_broken_ones_left_out(
    events: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.ndjson").write_bytes(b"{}\n")
    (events / "dt=2026-03-01").symlink_to(elsewhere)
    (events / "01032026_link.ndjson").symlink_to(elsewhere / "a.ndjson")
    (events / "01032026_broken.ndjson").symlink_to(elsewhere / "gone.ndjson")
    assert listed(tmp_path) == ["01032026_link.ndjson", "dt=2026-03-01/a.ndjson"]


def test_a_link_to_itself_is_an_error_that_names_it(events: Path) -> None:
    (events / "01032026_loop.ndjson").symlink_to(events / "01032026_loop.ndjson")
    with pytest.raises(LandingError, match=r"01032026_loop\.ndjson cannot be listed: Too many levels"):
        listed(events.parent)


def test_a_missing_root_is_an_error_that_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"no folder .*gone/events.*JOBMATCH_LANDING"):
        listed(tmp_path / "gone")


def test_a_root_whose_events_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes(b"")
    with pytest.raises(LandingError, match="no folder"):
        listed(tmp_path)


def test_a_location_in_a_bucket_has_another_root() -> None:
    root = landing_root("gs://bucket/x", 1.0)
    assert isinstance(root, BucketRoot)
    assert root.url == "gs://bucket/x"


def test_a_file_that_vanishes_after_listing_is_unreadable(events: Path) -> None:
    path = events / "01032026_a.ndjson"
    path.write_bytes(b"{}\n")
    root = FolderRoot(str(events.parent))
    (file,) = root.files()
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
    root = FolderRoot(str(events.parent))
    (before,) = root.files()
    (again,) = root.files()
    assert again == before

    replacement = events / "_new"
    replacement.write_bytes(b"[]\n")
    stat = path.stat()
    os.utime(replacement, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    replacement.rename(path)
    (after,) = root.files()
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


@pytest.mark.parametrize(
    ("locked", "bits"),
    [(".", 0), ("events", 0), ("events/dt=2026-03-01", 0), ("events/dt=2026-03-01", 0o744)],
)
def test_a_folder_that_may_not_be_read_is_named(shared: Path, locked: str, bits: int) -> None:
    with mode(shared / locked, bits), as_nobody(), pytest.raises(LandingError) as raised:
        listed(shared)
    assert str(shared / locked) in str(raised.value)
    assert "cannot be listed: Permission denied. Give this user the right" in str(raised.value)


def test_a_file_that_may_not_be_read_is_named_and_listed_all_the_same(shared: Path) -> None:
    path = shared / "events/dt=2026-03-01/a.ndjson"
    with mode(path, 0), as_nobody():
        (file,) = FolderRoot(str(shared)).files()
        with pytest.raises(UnreadableFileError) as raised:
            FolderRoot(str(shared)).open(file)
    assert str(raised.value).startswith(
        f"{path} cannot be opened: Permission denied. Give this user the right"
    )


def test_the_hash_is_that_of_the_bytes_as_they_lie_there(events: Path) -> None:
    data = os.urandom(100_000)
    (events / "01032026_a.ndjson").write_bytes(data)
    root = FolderRoot(str(events.parent))
    assert sha256_of(root, LandedFile("01032026_a.ndjson", len(data), "")) == hashlib.sha256(data).hexdigest()
