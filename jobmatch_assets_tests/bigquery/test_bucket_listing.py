"""What is found in a bucket: the rules of a folder, as far as objects can break them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest

from jobmatch_assets.contracts.feed import EVENTS as FEED
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.landing.bucket import BucketRoot
from jobmatch_assets.landing.content import Content
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.root import LandedFile, UnreadableFileError
from jobmatch_assets.pipeline.landing_checks import (
    ALL_FILES_ARE_LOADED,
    LANDING_IS_READABLE,
    landing_outcomes,
    look,
)
from jobmatch_assets_tests.bench.cloud import BUCKET, Cloud
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud

ALL_FILES_LOADED = CheckKey(FEED.raw, ALL_FILES_ARE_LOADED)
READABLE = CheckKey(FEED.raw, LANDING_IS_READABLE)

DEEP = "/".join(["dt=2026-03-01", *"abcdefghijklmnop", "x.ndjson"])


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with in_the_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def root(cloud: Cloud, tmp_path: Path) -> Callable[[dict[str, bytes]], BucketRoot]:
    """Objects below events/ of a prefix of the test's own."""

    def put(objects: dict[str, bytes]) -> BucketRoot:
        for name, content in objects.items():
            cloud.put(f"{tmp_path.name}/events/{name}", content)
        return BucketRoot(f"gs://{BUCKET}/{tmp_path.name}", "events", True, 5.0)

    return put


def test_files_of_all_names_are_found_and_everything_else_is_passed_over(
    root: Callable[[dict[str, bytes]], BucketRoot],
) -> None:
    good = [
        "01032026_a.JSONL",
        "dt=2026-03-01//b.ndjson",
        "dt=2026-03-01/c.ndjson.GZ",
        "dt=2026-03-01/hour=05/minute=01/d.ndjson.zst",
        DEEP.replace("p/", ""),
        "2026/03/01/e.ndjson",
    ]
    left = {
        "dt=2026-03-01/a.json": Why.OTHER_NAME,
        "dt=2026-03-01/hour=05/a.parquet": Why.OTHER_NAME,
        "dt=2026-03-02": Why.OTHER_NAME,
        "dt=2026-03-03/": Why.OTHER_NAME,
        DEEP: Why.TOO_DEEP,
    }
    unfinished = [
        "dt=2026-03-01/hour=05/_SUCCESS",
        "dt=2026-03-01/_temporary/a.ndjson",
        "dt=2026-03-01/.b.json",
        "a.ndjson.tmp",
    ]
    bucket = root(dict.fromkeys((*good, *left, *unfinished), b"{}\n"))
    root({"": b"", "dt=2026-03-01/": b"", "dt=2026-03-01/hour=05/": b""})
    found = list(bucket.files())
    assert sorted(file.source_file for file in found if isinstance(file, LandedFile)) == sorted(good)
    assert {entry.name: entry.why for entry in found if isinstance(entry, PassedOver)} == left
    days = {file.source_file: str(file.dt) for file in found if isinstance(file, LandedFile)}
    assert days.pop("2026/03/01/e.ndjson") == "None"
    assert set(days.values()) == {"2026-03-01"}


def test_a_zstd_object_is_unpacked_and_one_that_is_cut_off_is_named(
    root: Callable[[dict[str, bytes]], BucketRoot],
) -> None:
    text = b'{"event_id":"e"}\n' * 1000
    packed = bytes(pa.Codec("zstd").compress(text, asbytes=True))
    bucket = root({"dt=2026-03-01/h/a.ndjson.zst": packed, "dt=2026-03-01/h/cut.ndjson.zst": packed[:-1]})
    whole, cut = sorted(
        (file for file in bucket.files() if isinstance(file, LandedFile)), key=lambda file: file.source_file
    )
    with Content(bucket, whole) as content:
        assert b"".join(iter(content.read, b"")) == text
    with (
        Content(bucket, cut) as content,
        pytest.raises(UnreadableFileError, match=r"h/cut\.ndjson\.zst is cut off"),
    ):
        b"".join(iter(content.read, b""))


def test_the_checks_name_objects_that_are_left_out_and_a_bucket_that_is_gone(
    cloud: Cloud, root: Callable[[dict[str, bytes]], BucketRoot], tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    bucket = root({"dt=2026-03-01/a.ndjson": b"", "2026/03/01/b.ndjson": b"", "c.json": b""})

    def outcomes(landing: str) -> dict[CheckKey, tuple[bool, str]]:
        bench = CloudBench(tmp_path, instance, cloud, JOBMATCH_LANDING=landing)
        found = landing_outcomes(look(bench.platform), landing)
        return {outcome.key: (outcome.passed, outcome.description or "") for outcome in found}

    found = outcomes(bucket.url)
    assert found[READABLE] == (True, "")
    passed, told = found[ALL_FILES_LOADED]
    assert not passed
    assert f"2 left where they are in {bucket.url}/events. c.json: endings other than" in told
    assert "2026/03/01/b.ndjson: no valid date in the path" in told
    passed, told = outcomes("gs://gone/prefix")[READABLE]
    assert not passed
    assert "There is no bucket gone" in told
