"""From a broken file to a webhook through a running `dagster dev`, whose daemon does all of it."""

import re
from pathlib import Path

import pytest

from jobmatch_assets_tests.bench.dagster_dev import DagsterDev
from jobmatch_assets_tests.bench.receivers import SECRET, receiver

DAY = "2026-03-02"


@pytest.mark.proof
def test_a_broken_file_is_told_once_while_the_receiver_fails_first(tmp_path: Path) -> None:
    nothing_unsent = re.compile("[1-9] open incidents?, 0 unsent messages")
    folder = tmp_path / "landing" / "events" / f"dt={DAY}"
    folder.mkdir(parents=True)
    (folder / "broken.ndjson").write_text("{}\n" * 1200)
    with receiver() as slack, receiver() as other:
        slack.answers = [(500, {})]
        settings = {
            "JOBMATCH_LANDING": str(tmp_path / "landing"),
            "JOBMATCH_DUCKDB_PATH": str(tmp_path / "warehouse.duckdb"),
            "JOBMATCH_ALERT_WEBHOOKS": f"slack+{slack.url} json+{other.url}",
        }
        with DagsterDev(tmp_path / "home", settings) as ui:
            ui.wait_for(lambda: slack.received and other.received, 300, "no alert came")
            # One look more, which has nothing to add.
            ui.wait_for(lambda: nothing_unsent.search(ui.log.read_text()), 60, "the sensor does not go on")
        blocked = [alert for alert in other.received[0]["alerts"] if alert["severity"] == "error"]
    assert [(alert["check"], alert["partitions"]) for alert in blocked] == [("quarantine_share", DAY)]
    assert (slack.requests, other.requests) == (2, 1)
    assert "quarantine_share" in str(slack.received[0])
    holding = [
        path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert holding == []
