import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pytest

from jobmatch_assets.archives.archive import Archive
from jobmatch_assets.archives.comparing import are_same
from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.archives.folder import ArchiveFolder
from jobmatch_assets.contracts.feed import EVENTS

DAY = dt.date(2026, 1, 5)


def reader(texts: list[str], rows: int = 2) -> pa.RecordBatchReader:
    """Lines in batches of so many rows."""
    table = pa.table({"raw_line": texts, "_source_line": pa.array(range(1, len(texts) + 1), pa.int64())})
    return table.to_reader(rows)


def written(root: Path, texts: list[str]) -> Archive:
    return ArchiveFolder(root).write("retained", EVENTS, DAY, reader(texts))


def texts_of(archive: Archive) -> list[str]:
    with archive.lines() as lines:
        found: list[str] = lines.read_all()["raw_line"].to_pylist()
    return found


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    texts = ["a", '{"b":"ü\\u0000"}', "c" * 100_000, "d\n", ""]
    archive = written(tmp_path / "archive", texts)
    (found,) = ArchiveFolder(tmp_path / "archive").all()
    assert texts_of(found) == texts
    assert (found.name, found.manifest) == (archive.name, archive.manifest)
    assert (found.manifest.feed, found.manifest.kind, found.manifest.day) == ("events", "retained", DAY)
    assert found.manifest.rows == 5


def test_the_same_lines_give_the_same_archive(tmp_path: Path) -> None:
    assert written(tmp_path, ["a", "b"]) == written(tmp_path, ["a", "b"])
    other = written(tmp_path, ["a", "c"])
    assert len(ArchiveFolder(tmp_path).all()) == 2
    # One that a crash of the disk has spoilt is written anew.
    (other.folder / other.manifest.files[0].name).write_bytes(b"")
    assert texts_of(written(tmp_path, ["a", "c"])) == ["a", "c"]


def test_what_a_killed_writer_leaves_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / ".0123.unfinished").mkdir()
    (tmp_path / ".0123.unfinished" / ".lines.parquet").write_bytes(b"half")
    assert ArchiveFolder(tmp_path).all() == []
    archive = written(tmp_path, ["a"])
    assert [path.name for path in tmp_path.iterdir()] == [archive.name]


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_file_is_named_and_nothing_of_it_is_read(tmp_path: Path, damage: str) -> None:
    archive = written(tmp_path, ["a", "b"])
    path = archive.folder / archive.manifest.files[0].name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ArchiveError, match=path.name), archive.lines():
        pass


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file"),
        ("{", "is not one that jobmatch has written"),
        ("[" * 100_000, "is not one that jobmatch has written"),
        ("{}", "is not one that jobmatch has written"),
        (json.dumps({"format": 2}), "has format 2"),
        (
            json.dumps({"format": 1, "kind": "lost", "feed": "events", "day": "2026-01-05", "files": []}),
            "is of the kind 'lost'",
        ),
        (
            json.dumps(
                {
                    **{"format": 1, "kind": "retained", "feed": "events", "day": "2026-01-05"},
                    "files": [{"name": "../lines.parquet", "rows": 1, "sha256": ""}],
                }
            ),
            "names files outside of its folder",
        ),
    ],
)
def test_a_manifest_that_is_none_is_named(tmp_path: Path, text: str | None, why: str) -> None:
    archive = written(tmp_path, ["a"])
    manifest = archive.folder / "manifest.json"
    manifest.unlink() if text is None else manifest.write_text(text)
    with pytest.raises(ArchiveError, match=why) as raised:
        ArchiveFolder(tmp_path).all()
    assert str(archive.folder) in str(raised.value)


def test_an_archive_is_rewritten_in_its_place(tmp_path: Path) -> None:
    archive = written(tmp_path, ["of ann", "of bob", "of ann again"])

    def without_ann(lines: pa.RecordBatch) -> pa.RecordBatch:
        texts = [text.replace("ann", "x") for text in lines["raw_line"].to_pylist()]
        return lines.set_column(0, "raw_line", pa.array(texts))

    archive.rewrite(without_ann)
    (found,) = ArchiveFolder(tmp_path).all()
    assert found.name == archive.name
    assert texts_of(found) == ["of x", "of bob", "of x again"]
    assert {path.name for path in found.folder.iterdir()} == {"manifest.json", found.manifest.files[0].name}


def test_a_rewrite_that_loses_lines_is_refused(tmp_path: Path) -> None:
    archive = written(tmp_path, ["a", "b"])
    with pytest.raises(ArchiveError, match="would have 1 lines in the place of 2"):
        archive.rewrite(lambda lines: lines.slice(1))
    assert texts_of(ArchiveFolder(tmp_path).named(archive.name)) == ["a", "b"]


def test_an_archive_is_removed(tmp_path: Path) -> None:
    archive = written(tmp_path, ["a"])
    folder = ArchiveFolder(tmp_path)
    folder.remove(archive.name)
    folder.remove(archive.name)
    assert folder.all() == []


def test_a_root_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="JOBMATCH_ARCHIVE_PATH must be a folder"):
        written(tmp_path / "file", ["a"])


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (["a", "b", "c", "d", "e"], ["a", "b", "c", "d", "e"], True),
        (["a", "b", "c"], ["a", "b", "x"], False),
        (["a", "b", "c"], ["a", "b"], False),
        (["a", "b"], ["a", "b", "c"], False),
        (["a", "b"], ["b", "a"], False),
        ([], [], True),
        ([], ["a"], False),
    ],
)
def test_lines_are_compared_however_they_are_batched(left: list[str], right: list[str], same: bool) -> None:
    assert are_same(reader(left, 2), reader(right, 3)) is same


def test_other_columns_are_another_content() -> None:
    table = pa.table({"raw_line": ["a"], "other": pa.array([1], pa.int64())})
    assert not are_same(reader(["a"]), table.to_reader())
