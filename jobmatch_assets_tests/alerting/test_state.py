"""What is remembered is read back as it was."""

import json

import pytest

from jobmatch_assets.alerting.incidents import FailedAttempts, Incidents
from jobmatch_assets.alerting.messages import message_of_reports
from jobmatch_assets.alerting.outbox import Queue
from jobmatch_assets.alerting.reports import ReadyReport, ToldReports
from jobmatch_assets.alerting.state import AlertState, StateError, from_text, to_text
from jobmatch_assets_tests.alerting.samples import NOON, asset, check, ended, evaluated, job, message, notice

REPORT = ReadyReport("2026-W10", "/reports/weekly-2026-W10.pdf", False, "abc", "run", NOON)

FULL = AlertState(
    position=17,
    caught_up=True,
    incidents=Incidents(
        open=tuple(
            notice(subject).incident for subject in (check(), job("a", "x", "y", first="2026-03-01"), asset())
        ),
        unfinished=(evaluated(check("ünfinished"), False),),
        attempts=(FailedAttempts(ended(job(), "failure", retries_left=2, error="boom"), 2),),
    ),
    outbox={
        "a": Queue((message(notice(), notice(until=NOON)), message_of_reports([REPORT])), 3, NOON, True),
        "b": Queue(),
    },
    reports=ToldReports(9, {REPORT.path: REPORT.content}),
)


@pytest.mark.parametrize("state", [AlertState(), FULL])
def test_the_state_survives(state: AlertState) -> None:
    assert from_text(to_text(state)) == state


def test_a_state_from_before_there_were_reports_is_read() -> None:
    text = json.loads(to_text(FULL))
    del text["reports"]
    for queue in text["outbox"].values():
        for waiting in queue["messages"]:
            del waiting["reports"]
    read = from_text(json.dumps(text))
    assert (read.reports, read.incidents) == (ToldReports(), FULL.incidents)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", "null", '{"version":2}', json.dumps(json.loads(to_text(FULL)) | {"outbox": 1})],
)
def test_what_no_version_has_written_is_an_error(text: str) -> None:
    with pytest.raises(StateError):
        from_text(text)
