"""Messages that wait for their receivers: a queue for each webhook, so that a dead one holds up no other.

A receiver that fails is asked again after 15 s, 30 s, … 15 min, or when it says. One that answers that the
URL is wrong (3xx, 4xx) is asked once an hour, since it may be repaired on the other side; its messages are
kept, and a URL that the setting names in its place gets them at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from jobmatch_assets.alerting.http_post import Outcome
from jobmatch_assets.alerting.messages import Message, merged

MOST_WAITING = 20
"""More messages than this wait as one: the oldest two are merged."""

_FIRST_DELAY, _LAST_DELAY = 15.0, 15 * 60.0
_SETUP_DELAY = 60 * 60.0
_MOST_DELAY = 6 * 60 * 60.0


@dataclass(frozen=True)
class Queue:
    """What waits for one webhook.

    Attributes:
        messages: The messages, the oldest first.
        failures: How often the first was tried in vain.
        not_before: When to try again, in seconds of the epoch.
        plain: Whether the receiver refused the full message, so that it gets one line.
    """

    messages: tuple[Message, ...] = ()
    failures: int = 0
    not_before: float = 0.0
    plain: bool = False

    def with_message(self, message: Message) -> "Queue":
        """The queue with one more."""
        messages = (*self.messages, message)
        if len(messages) > MOST_WAITING:
            messages = (merged(messages[0], messages[1]), *messages[2:])
        return replace(self, messages=messages)

    def is_due(self, now: float) -> bool:
        """Whether something is to be sent now."""
        return bool(self.messages) and now >= self.not_before

    def after(self, outcome: Outcome, now: float) -> "Queue":
        """The queue after its first message was tried."""
        if not outcome.problem:
            return Queue(self.messages[1:])
        if outcome.is_payload and not self.plain:
            return replace(self, failures=self.failures + 1, plain=True)
        delay = min(_FIRST_DELAY * 2.0 ** min(self.failures, 16), _LAST_DELAY)
        if outcome.is_setup:
            delay = _SETUP_DELAY
        delay = min(max(delay, outcome.retry_after), _MOST_DELAY)
        return replace(self, failures=self.failures + 1, not_before=now + delay)


Outbox = Mapping[str, Queue]
"""{fingerprint of a webhook: what waits for it}."""


def addressed(outbox: Outbox, webhooks: Collection[str]) -> tuple[dict[str, Queue], int]:
    """The outbox for the webhooks that are configured now.

    What waits for one that is gone goes to those that are new: most likely its URL was put right.

    Returns:
        The outbox, and how many messages were dropped because nothing is new.
    """
    gone = [message for name, queue in outbox.items() if name not in webhooks for message in queue.messages]
    new = Queue()
    for message in gone:
        new = new.with_message(message)
    kept = {name: outbox.get(name, new) for name in webhooks}
    return kept, 0 if set(webhooks) - outbox.keys() else len(gone)
