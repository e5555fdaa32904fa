"""The checks on the landing root: each kind of thing that is not loaded fails one of them, by name."""

import os
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.checks.outcome import CheckOutcome, Records
from jobmatch_assets.contracts.feed import ENTITIES, FEEDS, Feed
from jobmatch_assets.contracts.feed import EVENTS as FEED
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.landing.passed_over import Why
from jobmatch_assets.orchestration.asset_events import asset_check_key
from jobmatch_assets.orchestration.landing_checks import unrecorded
from jobmatch_assets.pipeline.landing_checks import (
    ALL_FILES_ARE_LOADED,
    LANDING_IS_READABLE,
    landing_outcomes,
    look,
)
from jobmatch_assets_tests.bench.workbench import Workbench

ALL_FILES_LOADED = CheckKey(FEED.raw, ALL_FILES_ARE_LOADED)
READABLE = CheckKey(FEED.raw, LANDING_IS_READABLE)

LINE = '{"event_id":"e","event_name":"search","event_ts":"2026-03-01T10:00:00Z","user_id":"u"}'


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    made = workbench()
    made.land("dt=2026-03-01/good.ndjson", [LINE])
    return made


def outcomes(bench: Workbench) -> dict[CheckKey, CheckOutcome]:
    found = landing_outcomes(look(bench.platform), bench.settings.landing)
    return {outcome.key: outcome for outcome in found}


def test_a_root_of_good_files_passes(bench: Workbench) -> None:
    found = outcomes(bench)
    assert set(found) == {
        CheckKey(feed.raw, name) for feed in FEEDS for name in (LANDING_IS_READABLE, ALL_FILES_ARE_LOADED)
    }
    assert all(outcome.passed and not outcome.blocking for outcome in found.values())


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def folders_that_link(events: Path) -> None:
    link(events / "dt=2026-03-02/b", "../dt=2026-03-01")
    link(events / "dt=2026-03-03", "dt=2026-03-02")


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LINE)


VIOLATIONS: dict[Why, tuple[Callable[[Path], None], str]] = {
    Why.LEAVES_ROOT: (lambda events: link(events / "01032026_x.ndjson", "/etc/hosts"), "01032026_x.ndjson"),
    Why.LINK_TO_NOTHING: (lambda events: link(events / "01032026_x.ndjson", "gone"), "01032026_x.ndjson"),
    Why.LINK_LOOP: (lambda events: link(events / "dt=2026-03-01/up", ".."), "dt=2026-03-01/up/"),
    Why.LINK_BELOW_LINK: (folders_that_link, "dt=2026-03-03/b/"),
    Why.NOT_UTF8: (
        lambda events: write(events / os.fsdecode(b"01032026_\xff.ndjson")),
        r"01032026_\xff.ndjson",
    ),
    Why.NO_FILE: (lambda events: os.mkfifo(events / "01032026_x.ndjson"), "01032026_x.ndjson"),
    Why.TOO_DEEP: (lambda events: write(events / ("a/" * 17) / "x.ndjson"), "a/" * 17),
    Why.OTHER_NAME: (
        lambda events: write(events / "dt=2026-03-01/x\x1b[31m.json"),
        r"dt=2026-03-01/x\x1b[31m.json",
    ),
    Why.UNDATED: (lambda events: write(events / "2026/03/01/x.ndjson"), "2026/03/01/x.ndjson"),
    Why.OUTSIDE: (lambda events: write(events / "dt=1999-01-01/x.ndjson"), "dt=1999-01-01/x.ndjson"),
}


OF_ENTITIES = {
    Why.OTHER_LAYOUT: "job/dt=2026-03-01/deeper/x.ndjson",
    Why.UNKNOWN_TABLE: "jobz/dt=2026-03-01/x.ndjson",
    Why.BAD_SOURCE: "job/source=ATS/dt=2026-03-01/x.ndjson",
    Why.UNKNOWN_FORMAT: "job/dt=2026-03-01/x.parquet",
    Why.BAD_PART: "job/dt=2026-03-01/x.snapshot-1-of-1234567890.ndjson",
    Why.TAKEN_ELSEWHERE: "job/dt=2026-03-01/x_20260310T000000Z.ndjson",
}


def test_every_reason_has_a_violation() -> None:
    assert VIOLATIONS.keys() | OF_ENTITIES.keys() == set(Why)


@pytest.mark.parametrize("why", VIOLATIONS)
def test_what_is_left_out_is_a_warning_that_names_it_and_says_what_to_do(bench: Workbench, why: Why) -> None:
    plant, name = VIOLATIONS[why]
    plant(bench.landing / "events")
    is_told(bench, FEED, why, name)


@pytest.mark.parametrize("why", OF_ENTITIES)
def test_what_is_left_out_of_entities_is_a_warning_too(bench: Workbench, why: Why) -> None:
    write(bench.landing / "entities" / OF_ENTITIES[why])
    is_told(bench, ENTITIES, why, OF_ENTITIES[why])


def is_told(bench: Workbench, feed: Feed, why: Why, name: str) -> None:
    found = outcomes(bench)
    assert found[CheckKey(feed.raw, LANDING_IS_READABLE)].passed
    outcome = found[CheckKey(feed.raw, ALL_FILES_ARE_LOADED)]
    assert not outcome.passed
    assert not outcome.is_error
    assert outcome.description == (
        f"Check all_files_are_loaded of {feed.raw}: 1 left where they are in {bench.landing}/{feed.name}. "
        f"{name}: {why.value}."
    )
    assert outcome.metadata["left out"] == 1
    assert outcome.metadata["which"] == Records([{"name": name, "left out": why.value}])


def test_of_many_the_first_are_named_and_all_are_counted(bench: Workbench) -> None:
    for number in range(1000):
        (bench.landing / "events" / f"{number:04}-{'x' * 150}.json").touch()
    outcome = outcomes(bench)[ALL_FILES_LOADED]
    assert "1,000 left where they are" in (outcome.description or "")
    assert "0002-xxx" in (outcome.description or "")
    assert "… and 997 more: " in (outcome.description or "")
    assert len(outcome.description or "") < 1000
    assert outcome.metadata["left out"] == 1000
    assert len(outcome.metadata["which"]) == 200


def test_a_root_that_is_gone_is_an_error_and_says_nothing_of_its_files(bench: Workbench) -> None:
    (bench.landing / "events").rename(bench.landing / "moved")
    found = outcomes(bench)
    assert ALL_FILES_LOADED not in found
    outcome = found[READABLE]
    assert not outcome.passed
    assert outcome.is_error
    assert "There is no folder" in (outcome.description or "")


def test_a_run_records_them_and_fails_where_the_root_is_gone(bench: Workbench) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        bench.instance = instance
        events = bench.landing / "events"
        away = events.rename(bench.landing / "moved")
        (problem,) = bench.try_run().problems
        assert problem.startswith(f"There is no folder {events}")
        assert recorded(instance) == {READABLE: False}
        away.rename(events)
        write(events / "x.json")
        bench.run()
        assert recorded(instance) == {READABLE: True, ALL_FILES_LOADED: False}
        assert unrecorded(instance, list(outcomes(bench).values())) == []
        (events / "x.json").unlink()
        (news,) = unrecorded(instance, list(outcomes(bench).values()))
        assert (news.asset_check_key, news.passed) == (asset_check_key(ALL_FILES_LOADED), True)


def test_they_can_be_run_by_themselves(bench: Workbench) -> None:
    write(bench.landing / "events/x.json")
    with dg.DagsterInstance.ephemeral() as instance:
        definitions = bench.definitions()
        job = definitions.resolve_implicit_global_asset_job_def().get_subset(
            asset_check_selection={
                asset_check_key(CheckKey(feed.raw, name))
                for feed in FEEDS
                for name in (LANDING_IS_READABLE, ALL_FILES_ARE_LOADED)
            }
        )
        assert job.execute_in_process(instance=instance).success
        assert recorded(instance) == {READABLE: True, ALL_FILES_LOADED: False}


def recorded(instance: dg.DagsterInstance) -> dict[CheckKey, bool]:
    records = {
        key: instance.get_latest_asset_check_evaluation_record(asset_check_key(key))
        for key in (READABLE, ALL_FILES_LOADED)
    }
    evaluations = {
        key: record.event.asset_check_evaluation for key, record in records.items() if record and record.event
    }
    return {key: evaluation.passed for key, evaluation in evaluations.items() if evaluation}
