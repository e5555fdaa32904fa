"""A person who is erased is gone from every file of the platform, and counts stay; a stopped erasure goes on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from jobmatch_assets.cli.verbs import erase as verb
from jobmatch_assets.errors import PlatformError
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.privacy.people import (
    ANNA,
    BERT,
    candidate_of,
    device_of,
    events_of,
    platform_of_people,
    written_by,
)

pytestmark = pytest.mark.rebuilds

OF_ANNA = (ANNA, device_of(ANNA), candidate_of(ANNA), written_by(ANNA))
BUILT = ("job_matching_silver", "job_matching_gold")


class Done(NamedTuple):
    """A platform from which Anna was erased, and what was there before and said meanwhile."""

    bench: Workbench
    home: Path
    counts: dict[str, tuple[int, ...]]
    previewed: str
    stopped: str
    applied: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with platform_of_people(tmp_path_factory.mktemp("erase")) as (bench, home):
        code, out, err = run_here(bench, home)
        assert code == 0, (out, err)
        counts = counts_of(bench)
        bytes_before = bench.warehouse.read_bytes()
        code, previewed, err = run_here(bench, home, "erase", "--user", ANNA)
        assert code == 0, err
        assert bench.warehouse.read_bytes() == bytes_before

        def stop(*_: object) -> list[str]:
            raise PlatformError("stopped half-way")

        with pytest.MonkeyPatch.context() as stopping:
            stopping.setattr(verb, "_rebuilt", stop)
            stopped = error_of(run_here(bench, home, "erase", "--user", ANNA, "--apply"), 1)
        code, applied, err = run_here(bench, home, "erase", "--user", ANNA, "--apply")
        assert code == 0, (applied, err)
        yield Done(bench, home, counts, previewed, stopped, applied)


def counts_of(bench: Workbench) -> dict[str, tuple[int, ...]]:
    """{table: its rows, and how many different persons stand in it}."""
    found = {}
    for table in bench.tables(("job_matching_bronze", *BUILT)):
        columns = {name for (name,) in bench.query(f"select column_name from (describe {table})")}
        persons = sorted(columns & {"unit_id", "user_id", "anonymous_id", "candidate_id"})
        distinct = "".join(f", count(distinct {name})" for name in persons)
        if not table.endswith((".erased", ".used_settings", "_staged_before", ".files")):
            (found[table],) = bench.query(f"select count(*){distinct} from {table}")
    return found


def holding(folder: Path, texts: tuple[str, ...]) -> list[str]:
    """Files below a folder, but for those that have landed, whose bytes or rows hold one of the texts."""
    spelled = [*texts, *(json.dumps(json.dumps(text))[3:-3] for text in texts)]
    pattern = "|".join(map(re.escape, spelled))
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (folder / "landing") not in path.parents
    ]
    found = [str(path) for path in files if re.search(pattern.encode(), path.read_bytes())]
    for path in files:
        if path.suffix not in (".duckdb", ".parquet"):
            continue
        with duckdb.connect() as connection:
            if path.suffix == ".duckdb":
                connection.execute(f"attach '{path}' as held (read_only)")
                tables = connection.execute(
                    "select format('held.{}.{}', schema_name, table_name) from duckdb_tables() where database_name = 'held'"
                ).fetchall()
            else:
                tables = [(f"'{path}'",)]
            assert tables
            for (table,) in tables:
                rows = f"select count(*) from {table} as given where regexp_matches(cast(given as varchar), $pattern)"
                if connection.execute(rows, {"pattern": pattern}).fetchall() != [(0,)]:
                    found.append(f"{path}: {table}")
    return found


def test_what_would_change_is_listed_and_nothing_changes(done: Done) -> None:
    assert "Ids: 1 user, 1 candidate, 1 application, 1 device." in done.previewed
    for told in (
        "bronze/events_raw: 13 would change",
        "bronze/entities_raw: 6 would change",
        "silver/events: 6",
    ):
        assert told in done.previewed
    assert "Nothing was changed." in done.previewed
    assert ANNA not in done.previewed.replace(f"--user {ANNA}", "")


def test_an_erasure_that_was_stopped_goes_on(done: Done) -> None:
    assert "stopped half-way" in done.stopped
    assert "Done: no table and no file of the platform holds the ids." in done.applied


def test_no_file_of_the_platform_holds_the_person(done: Done) -> None:
    assert holding(done.bench.folder, OF_ANNA) == []
    assert holding(done.bench.folder, (BERT,)) != [], "whoever was not erased is found by the same search"


def test_counts_stay_and_the_person_is_one_as_before(done: Done) -> None:
    assert counts_of(done.bench) == done.counts
    names = done.bench.query("select distinct unit_id from job_matching_silver.events order by 1")
    # Each is a user and, before signing in, a device.
    assert [name.split("-")[0] for (name,) in names] == ["bert", "cookie", "erased", "erased"]


def test_each_line_is_rejected_for_the_reason_that_it_had(done: Done) -> None:
    reasons = done.bench.query("select reason from job_matching_silver.events_quarantine order by 1")
    assert [reason for (reason,) in reasons] == sorted(
        [
            "not_json",
            "not_json",
            "not_json",
            "not_an_object",
            "not_utf8",
            "line_too_long",
            "unknown_event_name",
        ]
    )


def test_lines_that_come_again_bring_nobody_back(done: Done) -> None:
    done.bench.land("dt=2026-03-02/again.ndjson", [*events_of(ANNA), *events_of(BERT)])
    code, out, err = run_here(done.bench, done.home)
    assert code == 0, (out, err)
    assert holding(done.bench.folder, OF_ANNA) == []
    rows = done.bench.query("select count(*), count(distinct unit_id) from job_matching_silver.events")
    events, *_ = done.counts["job_matching_silver.events"]
    assert rows == [(events, 4)]


@pytest.mark.parametrize(
    ("key", "told"), [("", "is empty"), ("another key than the first", "is not the key")]
)
def test_without_the_key_nobody_is_erased_and_nothing_is_loaded(done: Done, key: str, told: str) -> None:
    error = error_of(
        run_here(done.bench, done.home, "erase", "--user", BERT, "--apply", JOBMATCH_ERASURE_KEY=key), 1
    )
    assert "JOBMATCH_ERASURE_KEY" in error
    assert told in error
