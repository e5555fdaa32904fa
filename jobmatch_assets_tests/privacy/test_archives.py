"""Archives lose an erased person, too; those of old days come back, since tables are made of their lines."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.archives.folder import ArchiveFolder
from jobmatch_assets.contracts.control_tables import ArchiveKind
from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.pipeline.erasure import erase, preview
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.steps.loading import load_new_files
from jobmatch_assets_tests.bench.command import run_here
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.privacy.people import ANNA, BERT, SETTINGS, events_of, land_people

pytestmark = pytest.mark.rebuilds

DAY = dt.date(2026, 3, 1)
NOW = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
RAW = "select raw_line from job_matching_bronze.events_raw order by _source_line"


def archived(bench: Workbench, kind: ArchiveKind) -> tuple[Session, ArchiveFolder]:
    """Lines of two persons in bronze, nothing staged of them, and the same in an archive."""
    bench.land(f"dt={DAY}/a.ndjson", [*events_of(ANNA), *events_of(BERT)])
    session = bench.prepared()
    load_new_files(session, EVENTS, {DAY})
    folder = ArchiveFolder(bench.settings.archive_path)
    with session.warehouse.raw_lines(EVENTS) as lines:
        folder.write(kind, EVENTS, DAY, lines)
    return session, folder


def texts(folder: ArchiveFolder) -> list[str]:
    (archive,) = folder.all()
    with archive.lines() as batches:
        return [text for batch in batches for text in batch.column("raw_line").to_pylist()]


def test_lines_that_were_withdrawn_are_rewritten_in_their_archive(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench(**SETTINGS)
    session, folder = archived(bench, "withdrawn")
    before = texts(folder)
    told = preview(session, {ANNA}).rows
    assert texts(folder) == before
    done = erase(session, {ANNA}, [], NOW)
    assert done.rows == told
    # The line before signing in names the device alone, which silver would tell, and nothing is staged here.
    assert sorted(told.values()) == [5, 5]
    assert texts(folder) == [text for (text,) in bench.query(RAW)]
    assert [ANNA in text for text in texts(folder)] == [False] * len(before)
    assert [BERT in text for text in texts(folder)] == [BERT in text for text in before]


def test_old_days_with_lines_of_a_person_come_back_to_bronze(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    """What is made of them is built again, so that nobody finds the person in a table or an archive."""
    bench = workbench(**SETTINGS)
    land_people(bench)
    home = tmp_path / "home"
    assert run_here(bench, home)[0] == 0
    assert run_here(bench, home, "retain", "--days", "0")[0] == 0
    (archive,) = ArchiveFolder(bench.settings.archive_path).all()
    assert archive.manifest.day == DAY
    assert bench.query(f"select * from job_matching_bronze.events_raw where _source_dt = '{DAY}'") == []

    code, out, err = run_here(bench, home, "erase", "--user", ANNA, "--apply")

    assert code == 0, (out, err)
    assert ArchiveFolder(bench.settings.archive_path).all() == []
    ((lines,),) = bench.query(
        f"select count(*) from job_matching_bronze.events_raw where _source_dt = '{DAY}'"
    )
    assert lines == archive.manifest.rows
    assert people(bench) == {ANNA: 0, BERT: len(events_of(BERT)) - 1}


def people(bench: Workbench) -> dict[str, int]:
    """{user: events of theirs in silver}."""
    counted = "select count(*) from job_matching_silver.events where user_id = '{}'"
    return {user: bench.query(counted.format(user))[0][0] for user in (ANNA, BERT)}
