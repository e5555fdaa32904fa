"""Users whom landed files name are erased when somebody says so, and no sooner; what cannot be read stops all."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.privacy.people import ANNA, BERT, platform_of_people

pytestmark = pytest.mark.rebuilds

NOBODY = "nobody-12z"
ASKED = "Landed files that ask for erasures: 2; users whom they name: 2"
BROKEN = [
    f'{{"user_id": "{BERT}"}}',
    "",
    f'{{"user_id": "{BERT}"',
    f'["{BERT}"]',
    '{"user_id": ""}',
    f'{{"id": "{BERT}"}}',
    '{"user_id": 1.5}',
    f'{{"user_id": "{BERT}\xe4"}}'.encode("latin-1"),
]


class Done(NamedTuple):
    """A platform with requests, and what was said of them before and after they were applied."""

    bench: Workbench
    home: Path
    ran: str
    doctor: str
    previewed: str
    applied: str


def said(bench: Workbench, home: Path, *arguments: str, **changes: str) -> str:
    code, out, err = run_here(bench, home, *arguments, **changes)
    assert (code, err) == (0, ""), (out, err)
    return out


def land_request(bench: Workbench, name: str, *users: str) -> Path:
    return bench.land_entities(
        f"erasure/{name}", [{"user_id": user, "asked": "2026-03-01"} for user in users]
    )


def left_of(bench: Workbench) -> list[tuple[str]]:
    """The persons in events."""
    return bench.query("select distinct user_id from job_matching_silver.events where user_id is not null")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with platform_of_people(tmp_path_factory.mktemp("landed_requests")) as (bench, home):
        packed = land_request(bench, "dt=2026-03-01/a.ndjson", ANNA)
        packed.with_name("a.ndjson.gz").write_bytes(gzip.compress(packed.read_bytes()))
        packed.unlink()
        land_request(bench, "source=crm/all.snapshot.jsonl", NOBODY, ANNA)
        land_request(bench, "unfinished.ndjson.tmp", BERT)
        ran = said(bench, home)
        doctor = said(bench, home, "doctor")
        previewed = said(bench, home, "erase", "--landed")
        applied = said(bench, home, "erase", "--landed", "--apply")
        yield Done(bench, home, ran, doctor, previewed, applied)


def test_requests_are_no_records_and_a_run_tells_that_they_wait(done: Done) -> None:
    assert "Left where they are" not in done.ran
    assert f"{ASKED}; not erased yet: 2. `jobmatch erase --landed`" in done.ran
    assert done.bench.query(
        "select count(*) from job_matching_bronze.entities_raw where contains(_source_file, 'erasure')"
    ) == [(0,)]
    assert f"note   erasure: {ASKED}; not erased yet: 2." in done.doctor
    assert "Left where they are" not in done.doctor


def test_a_preview_counts_and_an_erasure_takes_out_whom_they_name(done: Done) -> None:
    for told in (done.previewed, done.applied):
        assert f"{ASKED}." in told
        assert "Ids: 2 user, 1 candidate, 1 application, 1 device." in told
    assert "Nothing was changed." in done.previewed
    assert "Done: no table and no file of the platform holds the ids." in done.applied
    assert sorted(user.split("-")[0] for (user,) in left_of(done.bench)) == ["bert", "erased"]


def test_no_id_is_printed(done: Done) -> None:
    for told in (done.ran, done.doctor, done.previewed, done.applied):
        assert not [id_ for id_ in (ANNA, BERT, NOBODY) if id_ in told]


def test_what_was_applied_waits_no_more_and_stays_where_it_is(done: Done) -> None:
    assert ASKED not in said(done.bench, done.home)
    assert f"well   erasure: {ASKED}; all are erased." in said(done.bench, done.home, "doctor")
    again = said(done.bench, done.home, "erase", "--landed")
    assert "Ids: 2 user." in again
    assert "No row has one of them." in again
    folder = done.bench.landing / "entities" / "erasure"
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [
        "a.ndjson.gz",
        "all.snapshot.jsonl",
        "unfinished.ndjson.tmp",
    ]


def test_those_who_are_named_otherwise_come_along(done: Done, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text(f"{NOBODY}\nnobody-13z\n")
    told = said(done.bench, done.home, "erase", "--landed", "--user", BERT, "--ids-file", str(listed))
    assert "Ids: 4 user, 1 candidate, 1 application, 1 device." in told


@pytest.mark.parametrize("arguments", [(), ("--apply",), ("--apply", "--user", BERT)])
def test_lines_that_name_nobody_are_told_by_file_and_line_and_nothing_is_applied(
    done: Done, arguments: tuple[str, ...]
) -> None:
    path = done.bench.land_entities("erasure/dt=2026-03-02/broken.ndjson", BROKEN)
    before = done.bench.warehouse.read_bytes()
    try:
        result = run_here(done.bench, done.home, "erase", "--landed", *arguments)
        error = error_of(result, 1)
        ran = said(done.bench, done.home)
        code, doctor, _ = run_here(done.bench, done.home, "doctor")
    finally:
        path.unlink()
    assert done.bench.warehouse.read_bytes() == before
    for told in (error, ran, doctor):
        assert f"{path}, line 3 is not JSON; {path}, line 4 is not an object; " in told
        assert f"{path}, line 5 has an empty user_id; {path}, line 6 has no user_id; " in told
        assert "; and 1 more." in told
        assert BERT not in told
    assert code == 1
    assert (BERT,) in left_of(done.bench)


@pytest.mark.parametrize("name", ["erasure/list.csv", "erasure", "31022026_erasure.xml"])
def test_a_file_that_is_not_read_is_told_and_nothing_is_applied(done: Done, name: str) -> None:
    path = done.bench.landing / "entities" / name
    if name == "erasure":
        path = path / "erasure"
    path.write_text(f"user_id\n{BERT}\n")
    try:
        error = error_of(run_here(done.bench, done.home, "erase", "--landed", "--apply"), 1)
        assert "Left where they are" in said(done.bench, done.home)
    finally:
        path.unlink()
    assert f"{path} is left where it is" in error
    assert (BERT,) in left_of(done.bench)


def test_a_file_that_is_cut_off_is_told_and_nothing_is_applied(done: Done) -> None:
    path = land_request(done.bench, "cut.ndjson.gz", BERT)
    path.write_bytes(gzip.compress(path.read_bytes())[:-4])
    try:
        error = error_of(run_here(done.bench, done.home, "erase", "--landed", "--apply"), 1)
    finally:
        path.unlink()
    assert "cut.ndjson.gz is cut off" in error
    assert (BERT,) in left_of(done.bench)


def test_without_the_key_it_cannot_be_told_who_waits(done: Done) -> None:
    code, out, _ = run_here(done.bench, done.home, "doctor", JOBMATCH_ERASURE_KEY="")
    assert code == 1
    assert "wrong  erasure: JOBMATCH_ERASURE_KEY is empty" in out


def test_where_nothing_has_landed_nobody_is_erased(done: Done, tmp_path: Path) -> None:
    (tmp_path / "landing" / "events").mkdir(parents=True)
    for arguments in ((), ("--apply",)):
        out = said(
            done.bench, done.home, "erase", "--landed", *arguments, JOBMATCH_LANDING=str(tmp_path / "landing")
        )
        assert out.splitlines() == [
            "Landed files that ask for erasures: 0; users whom they name: 0.",
            "Nobody is to be erased.",
        ]


def test_a_landing_root_that_is_gone_is_told(done: Done, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    assert f"There is no folder {gone}" in error_of(
        run_here(done.bench, done.home, "erase", "--landed", JOBMATCH_LANDING=gone), 1
    )


def test_a_pseudonym_is_no_user(done: Done) -> None:
    ((pseudonym,),) = done.bench.query(
        "select distinct user_id from job_matching_silver.events where starts_with(user_id, 'erased-')"
    )
    error = error_of(run_here(done.bench, done.home, "erase", "--user", pseudonym, "--apply"), 1)
    assert "A pseudonym of an erased person is named as a user" in error
