import base64
import gzip
import hashlib
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from jobmatch_assets.landing.content import Content
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.root import LandedFile, UnreadableFileError

TEXT = b"".join(b'{"event_id":"e%d"}\n' % number for number in range(3000))

CHECKED = base64.b64decode("KLUv/QRYQQAAb25lCnR3bwrmpg5A")
"""Two lines as the command line of zstd packs them: with a checksum, which Arrow leaves out."""

TWO_GIGABYTE_WINDOW = b"\x28\xb5\x2f\xfd\x04\xa8" + bytes(16)
"""How a frame begins that `zstd --ultra --long=31` has packed."""


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


Pack = Callable[[bytes], bytes]
PACKED = [("a.ndjson.gz", gzip.compress), ("a.ndjson.zst", zstd)]
packed_names = pytest.mark.parametrize(("name", "pack"), PACKED)


def read_all(folder: Path, name: str, data: bytes, size: int = 1000) -> tuple[bytes, str]:
    (folder / "events").mkdir(exist_ok=True)
    (folder / "events" / name).write_bytes(data)
    with Content(FolderRoot(str(folder), "events"), LandedFile(name, len(data), "")) as content:
        found = b"".join(iter(lambda: content.read(size), b""))
        return found, content.sha256


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 24])
def test_plain_and_packed_files_give_the_same_bytes(tmp_path: Path, size: int) -> None:
    text = TEXT[:5000]
    assert read_all(tmp_path, "a.ndjson", text, size)[0] == text
    for name, pack in PACKED:
        assert read_all(tmp_path, name, pack(text), size)[0] == text
        assert read_all(tmp_path, name.replace("ndjson", "jsonl").upper(), pack(text), size)[0] == text


def test_the_hash_is_of_the_bytes_as_they_lie_there(tmp_path: Path) -> None:
    assert read_all(tmp_path, "a.ndjson", TEXT)[1] == hashlib.sha256(TEXT).hexdigest()
    for name, pack in PACKED:
        assert read_all(tmp_path, name, pack(TEXT))[1] == hashlib.sha256(pack(TEXT)).hexdigest()


@packed_names
def test_members_of_a_packed_file_follow_each_other(tmp_path: Path, name: str, pack: Pack) -> None:
    members = [b"", TEXT[:100], b"", TEXT[100:5000], TEXT[5000:]]
    packed = b"".join(map(pack, members))
    found, sha256 = read_all(tmp_path, name, packed)
    assert found == TEXT
    assert sha256 == hashlib.sha256(packed).hexdigest()


def test_zeros_after_a_gzip_file_are_padding(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT) + bytes(512)
    found, sha256 = read_all(tmp_path, "a.ndjson.gz", packed)
    assert found == TEXT
    assert sha256 == hashlib.sha256(packed).hexdigest()


def test_a_skippable_frame_of_a_zstd_file_is_skipped(tmp_path: Path) -> None:
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"index"
    packed = zstd(TEXT[:100]) + skippable + zstd(TEXT[100:]) + skippable
    found, sha256 = read_all(tmp_path, "a.ndjson.zst", packed)
    assert found == TEXT
    assert sha256 == hashlib.sha256(packed).hexdigest()


@packed_names
def test_a_packed_file_without_content_has_none(tmp_path: Path, name: str, pack: Pack) -> None:
    assert read_all(tmp_path, name, pack(b""))[0] == b""
    assert read_all(tmp_path, name, b"")[0] == b""


@packed_names
def test_a_packed_file_that_is_cut_off_anywhere_is_an_error_that_names_it(
    tmp_path: Path, name: str, pack: Pack
) -> None:
    packed = pack(TEXT[:3000]) + pack(TEXT[3000:])
    first = len(pack(TEXT[:3000]))
    rng = random.Random(3)
    cuts = {*range(1, 20), *rng.sample(range(20, len(packed)), 60), *range(len(packed) - 9, len(packed))}
    for cut in cuts - {first}:  # cut between members it is a whole file
        with pytest.raises(UnreadableFileError, match=rf"events/{name} is (cut off|not a sound)"):
            read_all(tmp_path, name, packed[:cut])
    with pytest.raises(UnreadableFileError, match=r"is cut off: .*Send the whole file again"):
        read_all(tmp_path, name, packed[:-1])


@packed_names
def test_bytes_after_the_end_of_a_packed_file_are_an_error(tmp_path: Path, name: str, pack: Pack) -> None:
    with pytest.raises(UnreadableFileError, match=rf"{name} is not a sound (gzip|zstd) file"):
        read_all(tmp_path, name, pack(TEXT) + b"more")


@pytest.mark.parametrize(
    ("name", "packed", "head", "tail"),
    [("a.ndjson.gz", gzip.compress(TEXT), 12, 8), ("a.ndjson.zst", CHECKED, 6, 0)],
    ids=["gzip", "zstd"],
)
def test_a_changed_byte_in_a_packed_file_is_an_error(
    tmp_path: Path, name: str, packed: bytes, head: int, tail: int
) -> None:
    read_all(tmp_path, name, packed)
    places = range(head, len(packed) - tail)
    for at in random.Random(4).sample(places, min(30, len(places))):
        broken = bytearray(packed)
        broken[at] ^= 0x10
        with pytest.raises(UnreadableFileError, match=name):
            read_all(tmp_path, name, bytes(broken))


@packed_names
def test_a_plain_file_with_the_name_of_a_packed_one_is_an_error_that_says_what_to_do(
    tmp_path: Path, name: str, pack: Pack
) -> None:
    for text in (TEXT, dict(PACKED)["a.ndjson.zst" if name.endswith("gz") else "a.ndjson.gz"](TEXT)):
        with pytest.raises(UnreadableFileError, match=r"not a sound .* file.*rename it to \.ndjson"):
            read_all(tmp_path, name, text)


@packed_names
def test_a_packed_file_with_the_name_of_a_plain_one_is_read_as_it_is(
    tmp_path: Path, name: str, pack: Pack
) -> None:
    packed = pack(TEXT)
    assert read_all(tmp_path, name.rpartition(".")[0], packed)[0] == packed


@packed_names
def test_a_file_that_unpacks_to_much_is_read_piece_by_piece(tmp_path: Path, name: str, pack: Pack) -> None:
    size = 64 * 1024 * 1024
    packed = pack(bytes(size))
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / name).write_bytes(packed)
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    try:
        with Content(FolderRoot(str(tmp_path), "events"), LandedFile(name, len(packed), "")) as content:
            most, unpacked = 0, 0
            while block := content.read(100_000):
                unpacked += len(block)
                most = max(most, pa.total_allocated_bytes() - before)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert unpacked == size
    assert most + peak < size / 4


def test_a_zstd_file_that_needs_gigabytes_of_memory_is_an_error_that_says_how_to_pack(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"a\.ndjson\.zst needs more memory .*without --ultra"):
        read_all(tmp_path, "a.ndjson.zst", TWO_GIGABYTE_WINDOW)


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"])
def test_a_medium_that_fails_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = FolderRoot(str(tmp_path), "events")

    class Failing:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def read(self, _size: int) -> bytes:
            raise self.error

        def close(self) -> None:
            pass

    for error, message in (
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
        (OSError("503 of a bucket"), "cannot be read: 503 of a bucket"),
        (UnreadableFileError(f"{name} is gone now"), "is gone now"),
    ):
        monkeypatch.setattr(root, "open", lambda _file, error=error: Failing(error))
        with (
            Content(root, LandedFile(name, 9, "")) as content,
            pytest.raises(UnreadableFileError, match=f"{name} {message}"),
        ):
            content.read()
