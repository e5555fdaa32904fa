import gzip
import hashlib
import random
from pathlib import Path

import pytest

from jobmatch_assets.landing.content import Content
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.root import LandedFile, UnreadableFileError

TEXT = b"".join(b'{"event_id":"e%d"}\n' % number for number in range(3000))


def read_all(folder: Path, name: str, data: bytes, size: int = 1000) -> tuple[bytes, str]:
    (folder / "events").mkdir(exist_ok=True)
    (folder / "events" / name).write_bytes(data)
    with Content(FolderRoot(str(folder)), LandedFile(name, len(data), "")) as content:
        found = b"".join(iter(lambda: content.read(size), b""))
        return found, content.sha256


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 24])
def test_plain_and_packed_files_give_the_same_bytes(tmp_path: Path, size: int) -> None:
    text = TEXT[:5000]
    assert read_all(tmp_path, "a.ndjson", text, size)[0] == text
    assert read_all(tmp_path, "a.ndjson.gz", gzip.compress(text), size)[0] == text


def test_the_hash_is_of_the_bytes_as_they_lie_there(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT)
    assert read_all(tmp_path, "a.ndjson", TEXT)[1] == hashlib.sha256(TEXT).hexdigest()
    assert read_all(tmp_path, "a.ndjson.gz", packed)[1] == hashlib.sha256(packed).hexdigest()


def test_members_of_a_gzip_file_follow_each_other(tmp_path: Path) -> None:
    members = [TEXT[:100], b"", TEXT[100:5000], TEXT[5000:]]
    packed = b"".join(map(gzip.compress, members))
    found, sha256 = read_all(tmp_path, "a.ndjson.gz", packed)
    assert found == TEXT
    assert sha256 == hashlib.sha256(packed).hexdigest()


def test_zeros_after_a_gzip_file_are_padding(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT) + bytes(512)
    found, sha256 = read_all(tmp_path, "a.ndjson.gz", packed)
    assert found == TEXT
    assert sha256 == hashlib.sha256(packed).hexdigest()


def test_a_packed_file_without_content_has_none(tmp_path: Path) -> None:
    assert read_all(tmp_path, "a.ndjson.gz", gzip.compress(b""))[0] == b""


def test_a_gz_file_without_a_byte_has_no_content(tmp_path: Path) -> None:
    assert read_all(tmp_path, "a.ndjson.gz", b"")[0] == b""


def test_a_gzip_file_that_is_cut_off_anywhere_is_an_error_that_names_it(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT[:3000]) + gzip.compress(TEXT[3000:])
    first = len(gzip.compress(TEXT[:3000]))
    rng = random.Random(3)
    cuts = {*range(1, 20), *rng.sample(range(20, len(packed)), 60), *range(len(packed) - 9, len(packed))}
    for cut in cuts - {first}:  # cut between members it is a whole file
        with pytest.raises(UnreadableFileError, match=r"events/a\.ndjson\.gz"):
            read_all(tmp_path, "a.ndjson.gz", packed[:cut])


def test_bytes_after_the_end_of_a_gzip_file_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"a\.ndjson\.gz is not a sound gzip file"):
        read_all(tmp_path, "a.ndjson.gz", gzip.compress(TEXT) + b"more")


def test_a_changed_byte_in_a_gzip_file_is_an_error(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT)
    for at in random.Random(4).sample(range(12, len(packed) - 8), 30):
        broken = bytearray(packed)
        broken[at] ^= 0x10
        with pytest.raises(UnreadableFileError, match=r"a\.ndjson\.gz"):
            read_all(tmp_path, "a.ndjson.gz", bytes(broken))


def test_a_plain_file_with_the_name_of_a_packed_one_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"not a sound gzip file.*rename it to \.ndjson"):
        read_all(tmp_path, "a.ndjson.gz", TEXT)


def test_a_packed_file_with_the_name_of_a_plain_one_is_read_as_it_is(tmp_path: Path) -> None:
    assert read_all(tmp_path, "a.ndjson", gzip.compress(TEXT, mtime=0))[0] == gzip.compress(TEXT, mtime=0)


def test_a_medium_that_fails_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = FolderRoot(str(tmp_path))

    class Failing:
        def read(self, _size: int) -> bytes:
            raise OSError(5, "Input/output error")

        def close(self) -> None:
            pass

    monkeypatch.setattr(root, "open", lambda _file: Failing())
    for name in ("a.ndjson", "a.ndjson.gz"):
        with (
            Content(root, LandedFile(name, 9, "")) as content,
            pytest.raises(UnreadableFileError, match=rf"{name} cannot be read: Input/output error"),
        ):
            content.read()
