"""Sending what waits: to all webhooks at the same time, in a bounded time, and never with an exception."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobmatch_assets.alerting.http_post import Outcome, post
from jobmatch_assets.alerting.outbox import Outbox, Queue
from jobmatch_assets.alerting.payloads import payload
from jobmatch_assets.alerting.wording import counted, moment
from jobmatch_assets.settings import Webhook

TICK_SECONDS = 20.0
"""How long a delivery may take, however many receivers are slow."""

MOST_PER_TICK = 5
"""Messages that a webhook gets in a row; Slack and Discord take one a second."""

Report = tuple[int, str]
"""A level of `logging` and a line."""


def deliver(
    outbox: Outbox,
    webhooks: Sequence[Webhook],
    ui_url: str,
    now: float,
    *,
    seconds: float = TICK_SECONDS,
    send: Callable[[str, Mapping[str, Any]], Outcome] = post,
) -> tuple[dict[str, Queue], list[Report]]:
    """Send what is due.

    Args:
        outbox: What waits for each webhook.
        webhooks: The webhooks.
        ui_url: Base of links.
        now: Seconds of the epoch.
        seconds: When to stop waiting for answers. What is not answered then is sent again later.
        send: How to send; a test may have its own.

    Returns:
        What still waits, and what to write to the log.
    """
    deadline = time.monotonic() + seconds
    attempts = [
        _Attempt(webhook, number, outbox[webhook.fingerprint], ui_url=ui_url, deadline=deadline, send=send)
        for number, webhook in enumerate(webhooks, start=1)
        if outbox[webhook.fingerprint].is_due(now)
    ]
    for attempt in attempts:
        attempt.start()
    after = dict(outbox)
    reports: list[Report] = []
    for attempt in attempts:
        attempt.join(max(0.0, deadline - time.monotonic()))
        outcomes = list(attempt.outcomes)
        if attempt.is_alive() and not (outcomes and outcomes[-1].problem):
            outcomes.append(Outcome(f"no answer within {seconds:.0f} s"))
        before = after[attempt.webhook.fingerprint]
        queue = before
        for outcome in outcomes:
            queue = queue.after(outcome, now)
        after[attempt.webhook.fingerprint] = queue
        reports += _reports(attempt, before, queue, outcomes)
    return after, reports


class _Attempt(threading.Thread):
    """Sends the messages of one webhook, in their order, until one fails.

    A daemon, so that a receiver that never ends its answer does not keep the process alive.
    """

    def __init__(
        self,
        webhook: Webhook,
        number: int,
        queue: Queue,
        *,
        ui_url: str,
        deadline: float,
        send: Callable[[str, Mapping[str, Any]], Outcome],
    ) -> None:
        super().__init__(name=f"alerts to webhook {number}", daemon=True)
        self.webhook = webhook
        self.number = number
        self.outcomes: list[Outcome] = []
        self._queue = queue
        self._ui_url = ui_url
        self._deadline = deadline
        self._send = send

    def run(self) -> None:
        queue = self._queue
        for _ in range(MOST_PER_TICK):
            if not queue.messages or time.monotonic() >= self._deadline:
                return
            outcome = self._send_first(queue)
            self.outcomes.append(outcome)
            was_plain = queue.plain
            queue = queue.after(outcome, 0.0)
            if outcome.problem and queue.plain == was_plain:
                return

    def _send_first(self, queue: Queue) -> Outcome:
        try:
            body = payload(self.webhook.format, queue.messages[0], self._ui_url, plain=queue.plain)
            return self._send(self.webhook.url, body)
        except Exception as error:
            # A traceback could show the URL, and an exception here would end the thread without a word.
            return Outcome(f"the message could not be made ({type(error).__name__})", is_setup=True)


def _reports(attempt: _Attempt, before: Queue, queue: Queue, outcomes: Sequence[Outcome]) -> list[Report]:
    name = f"Entry {attempt.number} of JOBMATCH_ALERT_WEBHOOKS, the {attempt.webhook}"
    delivered = sum(not outcome.problem for outcome in outcomes)
    reports = []
    if delivered and before.failures:
        reports.append((logging.INFO, f"{name}, takes alerts again."))
    if outcomes and outcomes[-1].problem:
        last = outcomes[-1]
        then = f"{counted(len(queue.messages), 'message')} waiting; next try {moment(queue.not_before)}."
        if last.is_setup:
            reports.append((logging.ERROR, f"{name}, refuses alerts: {last.problem}. Check its URL. {then}"))
        else:
            reports.append((logging.WARNING, f"{name}, took no alert: {last.problem}. {then}"))
    return reports
