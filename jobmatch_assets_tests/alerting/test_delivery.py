"""Messages against receivers that take them, refuse them, keep silent or are not there."""

import email.utils
import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from jobmatch_assets.alerting import delivery, http_post
from jobmatch_assets.alerting.delivery import MOST_PER_TICK, deliver
from jobmatch_assets.alerting.http_post import Outcome, post
from jobmatch_assets.alerting.outbox import MOST_WAITING, Queue, addressed
from jobmatch_assets.settings import Webhook
from jobmatch_assets_tests.alerting.samples import NOON, UI, check, message, notice
from jobmatch_assets_tests.bench.receivers import SECRET, Receiver, nobody

HOUR = 3_600.0


class Sending:
    """Webhooks and what waits for them, over several ticks."""

    def __init__(self, *webhooks: Webhook) -> None:
        self.webhooks = webhooks
        self.now = NOON
        self.reports: list[tuple[int, str]] = []
        self.outbox = {webhook.fingerprint: Queue() for webhook in webhooks}

    def add(self, *names: str) -> None:
        for name in names:
            self.outbox = {
                key: queue.with_message(message(notice(check(name)))) for key, queue in self.outbox.items()
            }

    def tick(self, later: float = 0.0, seconds: float = 20.0) -> None:
        self.now += later
        self.outbox, self.reports = deliver(self.outbox, self.webhooks, UI, self.now, seconds=seconds)
        assert SECRET not in str(self.reports)

    @property
    def waiting(self) -> list[int]:
        return [len(queue.messages) for queue in self.outbox.values()]

    @property
    def levels(self) -> list[int]:
        return [level for level, _ in self.reports]


def titles(*names: str) -> list[str]:
    return [f"Check failed: {name} on gold/funnel_daily" for name in names]


def test_what_waits_is_sent_in_its_order_and_once(first: Receiver) -> None:
    sending = Sending(first.webhook())
    sending.add("a", "b")
    sending.tick()
    sending.tick()
    assert first.titles() == titles("a", "b")
    assert (sending.waiting, sending.reports) == ([0], [])


def test_each_receiver_gets_its_format(first: Receiver, second: Receiver) -> None:
    sending = Sending(first.webhook("slack"), second.webhook("discord"))
    sending.add("a")
    sending.tick()
    assert [body["text"] for body in first.received] == ["🔴 Check failed: a on gold/funnel_daily"]
    assert [body["content"] for body in second.received] == ["🔴 Check failed: a on gold/funnel\\_daily"]


def test_an_error_of_the_receiver_loses_nothing(first: Receiver) -> None:
    first.answers = [(500, {}), (503, {})]
    sending = Sending(first.webhook())
    sending.add("a", "b")
    sending.tick()
    assert sending.reports == [
        (
            logging.WARNING,
            "Entry 1 of JOBMATCH_ALERT_WEBHOOKS, the json webhook at 127.0.0.1, took no alert: "
            "HTTP 500 Internal Server Error. 2 messages waiting; next try 2026-03-02 12:00 UTC.",
        )
    ]
    sending.tick(14)
    assert first.requests == 1
    sending.tick(1)
    assert (first.requests, sending.waiting) == (2, [2])
    sending.tick(29)
    assert first.requests == 2
    sending.tick(1)
    assert first.titles() == titles("a", "b")
    assert sending.reports == [
        (
            logging.INFO,
            "Entry 1 of JOBMATCH_ALERT_WEBHOOKS, the json webhook at 127.0.0.1, takes alerts again.",
        )
    ]


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    queue, pauses = Queue((message(),)), []
    for _ in range(9):
        queue = queue.after(Outcome("HTTP 500"), NOON)
        pauses.append(queue.not_before - NOON)
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert replace(queue, failures=10_000).after(Outcome("HTTP 500"), NOON).not_before == NOON + 900


def test_a_receiver_that_is_not_there_loses_nothing_and_holds_up_no_other(first: Receiver) -> None:
    sending = Sending(nobody(), first.webhook())
    sending.add("a")
    sending.tick()
    assert first.titles() == titles("a")
    assert sending.waiting == [1, 0]
    assert [line for _, line in sending.reports if "connection refused" in line]


def test_a_receiver_that_does_not_answer_is_not_waited_for(
    first: Receiver, second: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    first.silent = threading.Event()
    monkeypatch.setattr(delivery, "post", lambda url, body: post(url, body, 0.2))
    sending = Sending(first.webhook(), second.webhook())
    sending.add("a", "b")
    sending.outbox, sending.reports = deliver(
        sending.outbox, sending.webhooks, UI, NOON, send=lambda url, body: post(url, body, 0.2)
    )
    assert second.titles() == titles("a", "b")
    assert sending.waiting == [2, 0]
    assert "no answer within" in sending.reports[0][1]


def test_a_receiver_that_never_ends_its_answer_does_not_hold_up_the_tick(
    first: Receiver, second: Receiver
) -> None:
    """Each byte of a slow answer is in time; only the limit of the whole delivery stops it."""
    first.silent = threading.Event()
    sending = Sending(first.webhook(), second.webhook())
    sending.add("a")
    sending.tick(seconds=0.5)
    assert second.titles() == titles("a")
    assert sending.waiting == [1, 0]
    first.silent.set()
    first.silent = None
    sending.tick(15)
    assert first.titles() == titles("a")


def test_too_many_requests_are_answered_with_the_pause_that_is_asked_for(first: Receiver) -> None:
    first.answers = [(429, {"Retry-After": "120"})]
    sending = Sending(first.webhook())
    sending.add("a")
    sending.tick()
    sending.tick(119)
    assert first.requests == 1
    sending.tick(1)
    assert first.titles() == titles("a")


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("0.5", 0.5, 0.5),
        ("Fri, 31 Dec 2999 23:59:59 GMT", 1e9, 1e12),
        (email.utils.formatdate(0, usegmt=True), 0, 0),
        ("soon", 0, 0),
        ("-3", 0, 0),
        ("", 0, 0),
    ],
    # An id with the time in it would differ between the processes of a run.
    ids=["seconds", "in the future", "in the past", "no number", "negative", "empty"],
)
def test_the_pause_is_seconds_or_a_date(first: Receiver, text: str, least: float, most: float) -> None:
    first.answers = [(503, {"Retry-After": text})]
    assert least <= post(first.url, {}).retry_after <= most


@pytest.mark.parametrize("text", ["nan", "inf", "1e30"])
def test_a_pause_without_end_ends(text: str) -> None:
    queue = Queue((message(),)).after(Outcome("HTTP 429", retry_after=float(text)), NOON)
    assert NOON + 15 <= queue.not_before <= NOON + 6 * HOUR


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_wrong_url_is_an_error_in_the_log_and_tried_every_hour(first: Receiver, status: int) -> None:
    first.answers = [(status, {})]
    sending = Sending(first.webhook())
    sending.add("a")
    sending.tick()
    ((level, line),) = sending.reports
    assert level == logging.ERROR
    assert f"refuses alerts: HTTP {status}" in line
    assert "Check its URL." in line
    sending.tick(HOUR - 1)
    assert first.requests == 1
    sending.tick(1)
    assert first.titles() == titles("a")


def test_a_redirect_is_not_followed(first: Receiver, second: Receiver) -> None:
    first.answers = [(307, {"Location": second.url})]
    sending = Sending(first.webhook())
    sending.add("a")
    sending.tick()
    assert (second.requests, sending.waiting, sending.levels) == (0, [1], [logging.ERROR])
    assert "a redirect" in sending.reports[0][1]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_message_that_is_refused_is_sent_as_one_line(first: Receiver, status: int) -> None:
    first.answers = [(status, {})]
    sending = Sending(first.webhook("slack"))
    sending.add("a", "b")
    sending.tick()
    assert [sorted(body) for body in first.received] == [["text"], ["attachments", "text"]]
    assert sending.waiting == [0]


def test_a_message_that_is_refused_as_one_line_too_waits_an_hour(first: Receiver) -> None:
    first.answers = [(400, {}), (400, {})]
    sending = Sending(first.webhook("slack"))
    sending.add("a", "b")
    sending.tick()
    assert (first.requests, sending.waiting, sending.levels) == (2, [2], [logging.ERROR])
    sending.tick(HOUR)
    assert len(first.received) == 2


def test_a_long_queue_is_sent_over_several_ticks(first: Receiver) -> None:
    sending = Sending(first.webhook())
    sending.add(*(f"c{n}" for n in range(MOST_PER_TICK + 1)))
    sending.tick()
    assert sending.waiting == [1]
    sending.tick()
    assert first.titles() == titles(*(f"c{n}" for n in range(MOST_PER_TICK + 1)))


def test_a_queue_does_not_grow_without_end_and_counts_everything() -> None:
    queue = Queue()
    for n in range(1_000):
        queue = queue.with_message(message(notice(check(f"c{n}"))))
    assert len(queue.messages) == MOST_WAITING
    assert sum(waiting.problems for waiting in queue.messages) == 1_000
    assert queue.messages[-1].notices[0].incident.subject.name == "c999"


def test_a_repaired_url_gets_what_waits_for_the_broken_one() -> None:
    queue = Queue((message(),), failures=3, not_before=NOON + HOUR)
    assert addressed({"old": queue, "kept": Queue()}, ["kept", "new"]) == (
        {"kept": Queue(), "new": Queue((message(),))},
        0,
    )
    assert addressed({"old": queue, "kept": queue}, ["kept"]) == ({"kept": queue}, 1)
    assert addressed({}, ["new"]) == ({"new": Queue()}, 0)
    assert addressed({"old": queue}, []) == ({}, 1)


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:1/{SECRET}",
        f"http://name.invalid/{SECRET}",
        f"https://127.0.0.1:1/{SECRET}",
        f"http://[::1/{SECRET}",
        f"http://127.0.0.1:99999/{SECRET}",
        f"http://127.0.0.1/ {SECRET}",
        f"ftp://127.0.0.1/{SECRET}",
        f"http://127.0.0.1\u00e9..{SECRET}/",
        f"//{SECRET}",
    ],
)
def test_no_failure_shows_the_url(url: str, caplog: pytest.LogCaptureFixture) -> None:
    outcome = post(url, {}, seconds=0.5)
    assert outcome.problem
    assert SECRET not in repr(outcome) + caplog.text


def test_a_receiver_that_does_not_speak_http_is_a_problem_without_its_words() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(f"{SECRET} is what you sent\r\n\r\n".encode())

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, seconds=5)
        thread.join()
    assert outcome == Outcome("no HTTP answer (BadStatusLine)")


def test_an_error_of_ours_ends_no_tick_and_shows_no_url(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(url: str, body: object) -> Outcome:
        raise RuntimeError(url)

    webhook = nobody()
    outbox = {webhook.fingerprint: Queue((message(),))}
    after, reports = deliver(outbox, [webhook], UI, NOON, send=broken)
    assert len(after[webhook.fingerprint].messages) == 1
    assert "RuntimeError" in reports[0][1]
    assert SECRET not in str(reports) + "".join(capsys.readouterr())


def test_requests_say_what_they_are(first: Receiver) -> None:
    bodies: Sequence[object] = [{"text": "ä🔴"}, {"n": 1}]
    for body in bodies:
        assert post(first.url, body) == Outcome()  # type: ignore[arg-type]
    assert first.received == json.loads(json.dumps(bodies))
    assert http_post.SECONDS < delivery.TICK_SECONDS
