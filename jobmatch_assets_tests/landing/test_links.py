"""Links in a landing folder: followed inside it, and never out of it, also where they change under way."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.passed_over import Why
from jobmatch_assets.landing.root import LandedFile, UnreadableFileError
from jobmatch_assets_tests.landing.folders import content_of, files_of, listed, passed_over, write


def test_links_within_the_root_are_followed(events: Path) -> None:
    write(events / "dt=2026-03-01/a.ndjson", b"1")
    write(events.parent / "archive/2026-03-02/hour=01/b.ndjson", b"2")
    (events / "dt=2026-03-02").symlink_to("../archive/2026-03-02")
    (events / "dt=2026-03-03").symlink_to(events / "dt=2026-03-01")
    (events / "01032026_link.ndjson").symlink_to(events / "dt=2026-03-01/a.ndjson")
    (events / "dt=2026-03-01/sub").symlink_to("../../archive/2026-03-02/hour=01")
    (events / "dt=2026-03-01/again.ndjson").symlink_to("sub/b.ndjson")
    expected = {
        "01032026_link.ndjson": b"1",
        "dt=2026-03-01/a.ndjson": b"1",
        "dt=2026-03-01/again.ndjson": b"2",
        "dt=2026-03-01/sub/b.ndjson": b"2",
        "dt=2026-03-02/hour=01/b.ndjson": b"2",
        "dt=2026-03-03/a.ndjson": b"1",
        "dt=2026-03-03/again.ndjson": b"2",
    }
    root = events.parent
    assert {name: content_of(root, name) for name in listed(root)} == expected
    assert passed_over(root) == {"dt=2026-03-03/sub/": Why.LINK_BELOW_LINK}


def test_links_that_leave_the_root_are_not_followed(events: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside / "secret.ndjson")
    root = tmp_path / "landing"
    root.mkdir()
    events = events.rename(root / "events")
    write(events / "01032026_good.ndjson")
    # Neither a name that only begins like the root's nor a way back and forth is within it.
    write(tmp_path / "landing-2/a.ndjson")
    (events / "dt=2026-03-01").symlink_to(outside)
    (root / "way_out").symlink_to(outside)
    for name, target in {
        "environ": "/proc/self/environ",
        "passwd": "/etc/passwd",
        "file": outside / "secret.ndjson",
        "nothing": outside / "nothing.ndjson",
        "near": tmp_path / "landing-2/a.ndjson",
        "back_and_forth": "../../landing/../outside/secret.ndjson",
        "by_link": "../way_out/secret.ndjson",
        "to_link": "01032026_file.ndjson",
    }.items():
        (events / f"01032026_{name}.ndjson").symlink_to(target)
    assert listed(root) == ["01032026_good.ndjson"]
    left = passed_over(root)
    assert set(left.values()) == {Why.LEAVES_ROOT}
    assert len(left) == 9


def test_the_root_and_events_may_be_links(events: Path, tmp_path: Path) -> None:
    write(events / "01032026_a.ndjson", b"1")
    (events / "01032026_link.ndjson").symlink_to(events / "01032026_a.ndjson")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/events").symlink_to(events)
    (tmp_path / "link").symlink_to(tmp_path / "root")
    for root in (tmp_path / "root", tmp_path / "link"):
        assert listed(root) == ["01032026_a.ndjson", "01032026_link.ndjson"]
        assert content_of(root, "01032026_link.ndjson") == b"1"
        assert passed_over(root) == {}
    # What lies beside the folder that events/ leads to is not in the root.
    write(tmp_path / "beside.ndjson")
    (events / "01032026_out.ndjson").symlink_to(tmp_path / "beside.ndjson")
    assert passed_over(tmp_path / "link") == {"01032026_out.ndjson": Why.LEAVES_ROOT}


def test_links_that_lead_nowhere_or_in_a_circle_stop_nothing(events: Path) -> None:
    write(events / "dt=2026-03-01/a.ndjson")
    for name, target in {
        "01032026_gone.ndjson": "gone.ndjson",
        "01032026_below_a_file.ndjson": "dt=2026-03-01/a.ndjson/b",
        "01032026_self.ndjson": "01032026_self.ndjson",
        "dt=2026-03-02": "dt=2026-03-02",
        "01032026_ping.ndjson": "01032026_pong.ndjson",
        "01032026_pong.ndjson": "01032026_ping.ndjson",
        "dt=2026-03-01/here": ".",
        "dt=2026-03-01/up": "..",
        "dt=2026-03-01/root": "../..",
        "01032026_folder.ndjson": "dt=2026-03-01",
    }.items():
        (events / name).symlink_to(target)
    assert listed(events.parent) == ["01032026_folder.ndjson/a.ndjson", "dt=2026-03-01/a.ndjson"]
    below = {f"01032026_folder.ndjson/{name}/": Why.LINK_LOOP for name in ("here", "up", "root")}
    assert passed_over(events.parent) == below | {
        "01032026_gone.ndjson": Why.LINK_TO_NOTHING,
        "01032026_below_a_file.ndjson": Why.LINK_TO_NOTHING,
        "01032026_self.ndjson": Why.LINK_LOOP,
        "dt=2026-03-02": Why.LINK_LOOP,
        "01032026_ping.ndjson": Why.LINK_LOOP,
        "01032026_pong.ndjson": Why.LINK_LOOP,
        "dt=2026-03-01/here/": Why.LINK_LOOP,
        "dt=2026-03-01/up/": Why.LINK_LOOP,
        "dt=2026-03-01/root/": Why.LINK_LOOP,
    }


def test_folders_that_link_to_each_other_are_listed_once_each_way(events: Path) -> None:
    days = [f"dt=2026-03-{day:02}" for day in range(1, 11)]
    for day in days:
        write(events / day / "a.ndjson")
        for other in set(days) - {day}:
            (events / day / other).symlink_to(f"../{other}")
    assert len(listed(events.parent)) == 10 + 10 * 9
    assert set(passed_over(events.parent).values()) == {Why.LINK_BELOW_LINK}


@pytest.fixture
def swap(events: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Puts a link that leads out in the place of something below events/; returns the root."""
    write(tmp_path / "outside/a.ndjson", b"secret")
    (tmp_path / "root").mkdir()
    events = events.rename(tmp_path / "root/events")
    write(events / "dt=2026-03-01/a.ndjson")

    def put(name: str) -> Path:
        place = events / name
        if name and not place.is_symlink():
            place.rename(events / "_before")
            place.symlink_to(tmp_path / "outside" / ("a.ndjson" if name.endswith("a.ndjson") else ""))
        return tmp_path / "root"

    return put


@pytest.mark.parametrize("swapped", ["dt=2026-03-01/a.ndjson", "dt=2026-03-01"])
def test_a_link_that_was_put_in_place_of_a_file_after_listing_is_not_followed(
    swap: Callable[[str], Path], swapped: str
) -> None:
    root = FolderRoot(str(swap("")), "events")
    (file,) = root.files()
    assert isinstance(file, LandedFile)
    swap(swapped)
    for reader in (root, FolderRoot(root.url, "events")):
        with pytest.raises(UnreadableFileError, match=r"a\.ndjson leads out of the landing root"):
            reader.open(file)


@pytest.mark.parametrize("swapped", ["dt=2026-03-01/a.ndjson", "dt=2026-03-01"])
def test_a_link_that_is_put_in_place_of_a_file_while_it_is_opened_is_not_followed(
    swap: Callable[[str], Path], swapped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = swap("") / "events"
    (events / "01032026_link.ndjson").symlink_to("dt=2026-03-01/a.ndjson")
    root = FolderRoot(str(events.parent), "events")
    file = next(file for file in files_of(events.parent) if file.source_file == "01032026_link.ndjson")
    with root.open(file) as stream:
        assert stream.read() == b"{}\n"
    real = os.path.realpath

    def realpath(path: Path) -> str:
        found = real(path)
        swap(swapped)
        return found

    monkeypatch.setattr(os.path, "realpath", realpath)
    with pytest.raises(UnreadableFileError, match=r"01032026_link\.ndjson was listed and is gone now"):
        root.open(file)
    assert (events / swapped).is_symlink()


def test_a_pipe_that_was_put_in_place_of_a_file_is_not_waited_for(events: Path) -> None:
    path = write(events / "01032026_a.ndjson")
    (file,) = files_of(events.parent)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnreadableFileError, match="is gone now"):
        FolderRoot(str(events.parent), "events").open(file)
