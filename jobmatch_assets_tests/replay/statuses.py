"""How applications came to their statuses: everything that was ever observed of each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jobmatch_assets_tests.replay.as_of import Entities
from jobmatch_assets_tests.replay.events import Event, of_applications
from jobmatch_assets_tests.replay.tables import STATUSES
from jobmatch_assets_tests.replay.versions import Version

ORIGINS = ("event", "column", "version")


@dataclass(frozen=True)
class Observation:
    """A status of an application, when and by whom it was seen."""

    status: str
    at: int
    precision: Literal["exact", "by"]
    origin: str

    @property
    def order(self) -> tuple[int, int, int]:
        """The greatest of an application's is its current status."""
        return (self.at, -ORIGINS.index(self.origin), STATUSES.index(self.status))


def histories(applications: Entities, events: Sequence[Event]) -> dict[str, list[Observation]]:
    """{application_id: what was observed, in order}, also of applications of which nothing was."""
    by_application = defaultdict(list)
    for event in of_applications(events):
        by_application[str(event.application_id)].append(event)
    return {
        application: _told(_observed(applications, application, by_application.get(application, [])))
        for application in {*applications, *by_application}
    }


def _observed(applications: Entities, application: str, events: Sequence[Event]) -> Iterator[Observation]:
    for event in events:
        status = "submitted" if event.name == "apply" else str(event.status)
        yield Observation(status, event.at, "exact", "event")
    walk = applications.walk_of(application)
    if walk is None:
        return
    last = walk.versions[-1].values
    for column, status in (("applied_at", "submitted"), ("reviewed_at", "reviewed")):
        if last[column] is not None:
            yield Observation(status, last[column], "exact", "column")
    for version in walk.versions:
        if version.values["status"] is not None:
            precision: Literal["exact", "by"] = "by" if _is_bound(version) else "exact"
            yield Observation(version.values["status"], version.valid_from, precision, "version")


def _is_bound(version: Version) -> bool:
    """Whether it was there by then, since nobody knows when."""
    opener = version.opener
    assert opener.record is not None
    return opener.record.is_bound and version.valid_from == opener.observed_at


def _told(observations: Iterator[Observation]) -> list[Observation]:
    first: dict[tuple[str, int], Observation] = {}
    for one in sorted(observations, key=lambda one: (ORIGINS.index(one.origin), one.precision == "by")):
        first.setdefault((one.status, one.at), one)
    exactly: Mapping[str, int] = {
        status: min(at for (known, at), one in first.items() if known == status and one.precision == "exact")
        for status in {status for (status, _), one in first.items() if one.precision == "exact"}
    }
    kept = [
        one
        for one in first.values()
        if one.precision == "exact" or one.at < exactly.get(one.status, one.at + 1)
    ]
    return sorted(kept, key=lambda one: one.order)
