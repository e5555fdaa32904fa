"""What is sent at once: the notices of one look, at most ten of them in full, or reports that are ready."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from jobmatch_assets.alerting.incidents import Notice
from jobmatch_assets.alerting.reports import MOST_REPORTS, ReadyReport

MOST_NOTICES = 10


@dataclass(frozen=True)
class Message:
    """A message before it is put into a receiver's format.

    Attributes:
        notices: Those that are shown, the worst first.
        problems: How many say that something is wrong, with those that are not shown.
        recoveries: How many say that something is well again, likewise.
        reports: Reports that are ready; the latest of many.
    """

    notices: tuple[Notice, ...]
    problems: int
    recoveries: int
    reports: tuple[ReadyReport, ...] = ()

    @property
    def hidden(self) -> int:
        """How many notices are counted only."""
        return self.problems + self.recoveries - len(self.notices)

    @property
    def id(self) -> str:
        """The same for every attempt to deliver it."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]


def message_of(notices: Sequence[Notice]) -> Message:
    """The notices, the worst first, as one message."""
    recoveries = sum(notice.until is not None for notice in notices)
    return Message(tuple(notices[:MOST_NOTICES]), len(notices) - recoveries, recoveries)


def message_of_reports(reports: Sequence[ReadyReport]) -> Message:
    """Reports that are ready as one message of their own."""
    return Message((), 0, 0, tuple(reports[-MOST_REPORTS:]))


def merged(first: Message, second: Message) -> Message:
    """Two messages as one; of many notices the problems are kept, and the oldest of them."""
    notices = sorted((*first.notices, *second.notices), key=lambda notice: notice.until is not None)
    return Message(
        tuple(notices[:MOST_NOTICES]),
        first.problems + second.problems,
        first.recoveries + second.recoveries,
        (*first.reports, *second.reports)[-MOST_REPORTS:],
    )
