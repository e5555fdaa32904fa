"""Files that name who is to be erased are told from records by their path, and follow the rules of all folders."""

from pathlib import Path

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.landing.entity_layout import ENTITY_LAYOUT
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.request_layout import REQUEST_LAYOUT, is_of_requests
from jobmatch_assets.pipeline.landed import Landed
from jobmatch_assets_tests.landing.folders import write
from jobmatch_assets_tests.replay.histories.moments import DAYS

PARTITIONS = DateRange(DAYS[0], DAYS[-1])


def landed(root: Path) -> Landed:
    found = FolderRoot(str(root), "entities", is_required=False, layout=ENTITY_LAYOUT).files()
    return Landed.of(found, PARTITIONS)


@pytest.mark.parametrize(
    "path",
    [
        "erasure/a.ndjson",
        "erasure/dt=2026-03-01/a.jsonl.gz",
        "erasure/source=crm/dt=1999-01-01/all.snapshot-1-of-2.ndjson",
        "erasures/2026/03/a.NDJSON.zst",
        "Erasure/a.ndjson",
        "01032026_erasure.ndjson",
        "01032026_erasure.snapshot.ndjson.gz",
        "dt=2026-03-01/erasure.ndjson",
    ],
)
def test_requests_may_lie_as_records_do_and_need_no_day(path: str) -> None:
    assert is_of_requests(path)
    assert ENTITY_LAYOUT.of(path) is REQUEST_LAYOUT
    assert REQUEST_LAYOUT.why_not(path) is None
    assert REQUEST_LAYOUT.day_of(path) is None


@pytest.mark.parametrize(
    "path", ["user/erasure.ndjson", "user/erasure/a.ndjson", "erasure_log/a.ndjson", "01032026_users.ndjson"]
)
def test_other_paths_are_those_of_records(path: str) -> None:
    assert not is_of_requests(path)
    assert ENTITY_LAYOUT.of(path) is ENTITY_LAYOUT


def test_what_has_landed_is_sorted_into_requests_and_what_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "entities" / "erasure"
    for name in (
        "b.ndjson",
        "dt=2026-03-01/a.ndjson.gz",
        "_unfinished/x.ndjson",
        "x.ndjson.tmp",
        ".x.ndjson",
    ):
        write(folder / name)
    write(folder / "list.csv")
    write(tmp_path / "entities" / "01032026_erasures.ndjson")
    elsewhere = write(tmp_path / "elsewhere.ndjson")
    (tmp_path / "root").mkdir()
    (tmp_path / "entities").rename(tmp_path / "root" / "entities")
    (tmp_path / "root" / "entities" / "erasure" / "link.ndjson").symlink_to(elsewhere)
    found = landed(tmp_path / "root")
    assert [file.source_file for file in found.requests] == [
        "01032026_erasures.ndjson",
        "erasure/b.ndjson",
        "erasure/dt=2026-03-01/a.ndjson.gz",
    ]
    assert (found.files, found.undated, found.outside) == ([], [], [])
    assert sorted(found.passed_over, key=lambda entry: entry.name) == [
        PassedOver("erasure/link.ndjson", Why.LEAVES_ROOT),
        PassedOver("erasure/list.csv", Why.OTHER_NAME),
    ]
