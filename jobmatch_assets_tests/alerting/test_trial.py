"""`jobmatch alerts --test`: a message to each webhook, and what became of it, without a word of where they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.alerting.payloads import trial_payload
from jobmatch_assets_tests.bench import command
from jobmatch_assets_tests.bench.receivers import SECRET, Receiver, nobody
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    return workbench()


def try_alerts(bench: Workbench, folder: Path, webhooks: str) -> tuple[int, str, str]:
    result = command.run(bench, folder / "home", "alerts", "--test", JOBMATCH_ALERT_WEBHOOKS=webhooks)
    assert SECRET not in result[1] + result[2]
    return result


def test_each_webhook_gets_a_message_in_its_format(
    bench: Workbench, tmp_path: Path, first: Receiver, second: Receiver
) -> None:
    code, out, err = try_alerts(bench, tmp_path, f"slack+{first.url} json+{second.url}")
    assert (code, err) == (0, "")
    assert "Entry 1 of JOBMATCH_ALERT_WEBHOOKS, the slack webhook at 127.0.0.1: delivered" in out
    assert "Entry 2 of JOBMATCH_ALERT_WEBHOOKS, the json webhook at 127.0.0.1: delivered" in out
    (text,) = first.received
    assert text.keys() == {"text"}
    assert "Test message of jobmatch" in text["text"]
    (body,) = second.received
    assert (body["problems"], body["alerts"]) == (0, [])


def test_a_webhook_that_fails_is_named_with_the_reason_and_the_others_get_theirs(
    bench: Workbench, tmp_path: Path, first: Receiver, second: Receiver
) -> None:
    first.answers = [(404, {})]
    webhooks = f"discord+{first.url} discord+{second.url} json+{nobody().url}"
    code, out, err = try_alerts(bench, tmp_path, webhooks)
    assert code == 1
    assert (
        "Entry 1 of JOBMATCH_ALERT_WEBHOOKS, the discord webhook at 127.0.0.1: not delivered: HTTP 404" in err
    )
    assert "Check its URL" in err
    assert "Entry 2" in out
    assert "Entry 3" in err
    assert "connection refused" in err
    assert second.received == [trial_payload("discord", "http://127.0.0.1:3000")]


def test_without_webhooks_it_says_what_to_set(bench: Workbench, tmp_path: Path) -> None:
    error = command.error_of(try_alerts(bench, tmp_path, ""), 2)
    assert "JOBMATCH_ALERT_WEBHOOKS names no webhook" in error
    assert "slack+, discord+ or json+" in error
