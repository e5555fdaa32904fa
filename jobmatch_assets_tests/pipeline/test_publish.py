"""Publication: when a copy is made, what it tells of dates that are held back, and how its failure is told."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jobmatch_assets.contracts.control_tables import FAILING_CHECKS
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.pipeline import publish as publishing
from jobmatch_assets.pipeline.plan import Plan, PlanError
from jobmatch_assets.pipeline.publish import Readers, publish
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.published.copy import opened
from jobmatch_assets.published.failure import failure_file, failure_of
from jobmatch_assets.warehouse.control.findings import FailingCheck
from jobmatch_assets_tests.bench.events import lines, unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

NOW = dt.datetime(2026, 3, 7, 6, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)
KEY = CheckKey(TableKey("gold", "funnel_daily"), "planted")


def read(bench: Workbench, query: str) -> list[tuple[Any, ...]]:
    with opened(bench.settings.published_path) as connection:
        return connection.execute(query).fetchall()


def fail(session: Session, now: dt.datetime, is_blocking: bool = False, text: str = "user-17 is odd") -> None:
    found = FailingCheck("gold", str(KEY.table), KEY.name, DAY, is_blocking, text)
    session.findings.note([KEY], [DAY], [found], now)


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    return workbench(JOBMATCH_QUARANTINE_MIN_LINES="10", JOBMATCH_QUARANTINE_BLOCK_SHARE="0.2")


@pytest.fixture
def session(workbench: Callable[..., Workbench]) -> Session:
    """A warehouse with nothing in it, published."""
    session = workbench().prepared()
    assert publish(session, NOW)
    return session


def in_copy(session: Session, query: str) -> list[tuple[Any, ...]]:
    with opened(session.settings.published_path) as connection:
        return connection.execute(query).fetchall()


def test_of_no_data_the_copy_says_so(session: Session) -> None:
    assert in_copy(session, "from publication") == [(NOW, None, None, None, None, None)]
    assert in_copy(session, "from held_back union all by name from failing_checks") == []


def test_nothing_that_is_new_is_published_again(session: Session) -> None:
    before = session.settings.published_path.stat()
    assert not publish(session, NOW + dt.timedelta(hours=1))
    assert session.settings.published_path.stat().st_ino == before.st_ino
    assert in_copy(session, "select published_at from publication") == [(NOW,)]


def test_a_check_that_only_warns_is_told_when_it_begins_and_when_it_ends(session: Session) -> None:
    later = NOW + dt.timedelta(hours=1)
    fail(session, NOW)
    assert publish(session, later)
    ((asset, name, date, is_blocking, since, message),) = in_copy(session, "from failing_checks")
    assert (asset, name, date, is_blocking, since) == ("gold/funnel_daily", "planted", DAY, False, NOW)
    assert "user-17" not in message
    assert in_copy(session, "from held_back") == []
    assert in_copy(session, "select published_at from publication") == [(later,)]
    assert not publish(session)
    session.findings.note([KEY], [DAY], [])
    assert publish(session)
    assert in_copy(session, "from failing_checks") == []


def test_since_stays_while_a_check_fails_and_begins_anew_when_it_fails_again(session: Session) -> None:
    later = NOW + dt.timedelta(days=1)

    def since() -> dt.datetime | None:
        (check,) = session.findings.failing_checks()
        return check.since

    fail(session, NOW)
    fail(session, later, is_blocking=True, text="worse")
    assert since() == NOW
    session.findings.note([KEY], [DAY], [])
    fail(session, later)
    assert since() == later
    with session.warehouse.transaction():
        session.warehouse.update(FAILING_CHECKS, {"since": None}, check_name=KEY.name)
    fail(session, later, text="as ever")
    assert since() is None, "nobody knows since when it has failed"


def test_a_date_of_gold_that_fails_is_told_with_its_check(session: Session) -> None:
    fail(session, NOW, is_blocking=True)
    assert publish(session)
    ((date, stage, check, since, message),) = in_copy(session, "from held_back")
    assert (date, stage, check, since) == (DAY, "gold", "planted", NOW)
    assert message == (
        f"The rows published before stay until the date passes: planted of gold/funnel_daily fails for {DAY}."
    )


def test_a_date_of_what_does_not_wait_for_checks_is_told_as_failing_only(session: Session) -> None:
    key = CheckKey(TableKey("gold", "data_health_daily"), "planted")
    found = FailingCheck("health", str(key.table), key.name, DAY, True, "lines are lost")
    session.findings.note([key], [DAY], [found], NOW)
    assert publish(session)
    assert in_copy(session, "select asset, is_blocking from failing_checks") == [(str(key.table), True)]
    assert in_copy(session, "from held_back") == []


def test_dates_that_wait_for_one_that_fails_are_told_too(bench: Workbench) -> None:
    broken = [f'{{"user_id":"user-{n}","event_name"' for n in range(15)]
    for day in range(1, 6):
        date = f"2026-03-0{day}"
        good = [unit_line(f"{date}-{n}", date, "control") for n in range(20)]
        bench.land(f"dt={date}/a.ndjson", [*good, *(broken if day == 3 else ())])
    started = dt.datetime.now(dt.UTC)
    assert not bench.try_run().succeeded
    held = read(
        bench, "select event_date, stage, check_name, since, message from held_back order by stage, 1"
    )
    third, second = dt.date(2026, 3, 3), dt.date(2026, 3, 2)
    assert [row[:2] for row in held] == [
        # Results add up all dates: what comes after one that waits waits, too.
        *((dt.date(2026, 3, day), "experiments") for day in (2, 3, 4, 5)),
        (second, "gold"),
        (third, "gold"),
        (third, "silver"),
        # What counts all dates.
        (None, "subjects"),
        # The week of both.
        (second, "weekly"),
    ]
    assert {row[2] for row in held} == {"quarantine_share"}
    assert all(row[3] >= started for row in held)
    assert all("quarantine_share of silver/events_quarantine fails for 2026-03-03" in row[4] for row in held)
    failing = read(bench, "select asset, check_name, event_date from failing_checks where is_blocking")
    assert failing == [("silver/events_quarantine", "quarantine_share", third)]
    messages = read(bench, "select message from failing_checks union all select message from held_back")
    assert not any("user-" in text or "a.ndjson" in text for (text,) in messages)
    since = held[0][3]
    bench.land("dt=2026-03-06/a.ndjson", [unit_line("late", "2026-03-06", "control")])
    bench.try_run()
    assert {row[0] for row in read(bench, "select since from held_back")} == {since}
    assert read(bench, "select max(event_date) from held_back") == [(dt.date(2026, 3, 6),)]
    bench.land("dt=2026-03-03/b.ndjson", [unit_line(f"more{n}", "2026-03-03", "control") for n in range(100)])
    bench.run()
    assert read(bench, "from held_back") == []
    assert read(bench, "from failing_checks where is_blocking") == []
    run_id = read(bench, "select run_id from publication")[0][0]
    assert run_id in {run.run_id for run in bench.instance.get_runs()}


def test_a_publication_that_fails_is_noted_beside_the_copy_until_one_succeeds(bench: Workbench) -> None:
    path = bench.settings.published_path
    folder = path.parent / "gold"
    folder.touch()
    bench.land("dt=2026-03-01/a.ndjson", lines("2026-03-01", 3, 0))
    (problem,) = bench.try_run().problems
    assert "gold is no folder" in problem
    noted = failure_of(path)
    assert noted
    assert noted.message in problem
    folder.unlink()
    bench.run()
    assert failure_of(path) is None
    assert read(bench, "select sum(searches) from funnel_daily where platform = '__all__'") != [(None,)]


def test_the_note_about_an_unexpected_error_has_nothing_of_the_data(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("user-17 cannot be converted")

    path = session.settings.published_path
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "says_the_same", broken)
        with pytest.raises(ValueError, match="user-17"):
            publish(session, NOW)
    noted = json.loads(failure_file(path).read_text())
    assert re.fullmatch(r"Publishing ended with an unexpected ValueError: .*", noted["message"])
    assert not publish(session)
    assert failure_of(path) is None


def test_readers_have_news_when_the_note_comes_and_when_it_goes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = Readers()
    readers.publish(session)
    assert not readers.have_news
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "says_the_same", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            readers.publish(session)
    assert readers.have_news
    readers.publish(session)
    assert readers.have_news, "pages say that publishing failed, and it does not any more"
    readers.publish(session)
    assert not readers.have_news


def test_a_copy_of_the_version_before_is_replaced_though_nothing_waits(session: Session) -> None:
    path = session.settings.published_path
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema job_matching_gold")
        connection.execute("create table job_matching_gold.funnel_daily as select 1 as searches")
    assert publish(session)
    assert in_copy(session, "select count(*) from publication") == [(1,)]


def test_a_model_cannot_have_the_name_of_a_table_that_publication_adds(session: Session) -> None:
    manifest = json.loads(json.dumps(session.dbt.manifest))
    (funnel,) = (node for node in manifest["nodes"].values() if node["name"] == "funnel_daily")
    funnel["name"] = "held_back"
    with pytest.raises(PlanError, match=r"The model held_back has the name .*contracts/published_tables\.py"):
        Plan.of(manifest)


def test_the_log_says_how_much_was_published(
    session: Session, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    fail(session, NOW)
    with caplog.at_level("INFO"):
        publish(session)
        publish(session)
    (told,) = [record.getMessage() for record in caplog.records if "publication" in record.getMessage()]
    path = re.escape(str(tmp_path / "gold.duckdb"))
    assert re.fullmatch(
        rf"publication: 3 tables with 2 rows in {path}, 2 Parquet files beside it, in \d+\.\d s", told
    )
