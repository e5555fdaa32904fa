"""What is there to do: new files, files that are not staged yet, dates that wait to be built."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.metrics.experiment_registry import RegistryError, entry_text, read_registry
from jobmatch_assets.pipeline.experiment_plan import changed_entries
from jobmatch_assets.pipeline.landed import Landed, LandingLook, digest_of, file_days
from jobmatch_assets.pipeline.landing_root import ForeignLandingError, admit_landing_root
from jobmatch_assets.pipeline.ready import Ready
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, SILVER, STAGES, Stage
from jobmatch_assets.pipeline.steps.load import files_readable
from jobmatch_assets.warehouse.control.queue import QueuedDate

QUEUED_STAGES = tuple(stage for stage in STAGES if stage != BRONZE)


@dataclass(frozen=True)
class WaitingWork:
    """Everything that a run would do now.

    Attributes:
        new_files: Files whose name and fingerprint the ledger does not hold.
        days: {feed: days whose files are loaded and staged}.
        queued: {stage: entries of the rebuild queue that can be built}.
        held_back: {stage: partitions that wait, and stay until a check of what they are built from passes}.
        without_partition: Dates that wait until they have a partition.
        registered: {experiment: its entry of the registry}, of those that were computed with another one.
        publication: Whether the published copy is behind.
        refusal: Why nothing may be loaded; a run says so by failing.
    """

    new_files: list[LandedFile]
    days: Mapping[Feed, set[dt.date]]
    queued: Mapping[Stage, list[QueuedDate]]
    held_back: Mapping[Stage, set[dt.date]]
    without_partition: set[dt.date]
    registered: Mapping[str, str]
    publication: bool
    refusal: str = ""

    def __bool__(self) -> bool:
        waits = any(self.days.values()) or any(self.queued.values()) or self.registered or self.publication
        return bool(self.refusal or waits)

    @property
    def held_back_dates(self) -> set[dt.date]:
        """Dates of what readers see that are held back; a week or month waits where one of its dates does."""
        return {
            day
            for stage, days in self.held_back.items()
            if stage != SILVER and stage.unit == "day"
            for day in days
        }

    @cached_property
    def id(self) -> str:
        """Names the work: what is the same after a run has not been done by it."""
        return digest_of(
            [
                *(f"{file.source_file} {file.fingerprint}" for file in self.new_files),
                *(f"{feed.name} {day}" for feed, days in self.days.items() for day in sorted(days)),
                *(f"{stage.name} {entry}" for stage, entries in self.queued.items() for entry in entries),
                *(f"{experiment} {entry}" for experiment, entry in sorted(self.registered.items())),
                str(self.publication),
                self.refusal,
            ]
        )


def find_work(look: LandingLook, session: Session) -> WaitingWork:
    """Compare what has landed with what the warehouse holds.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    ready = session.ready()
    new_files: list[LandedFile] = []
    days: dict[Feed, set[dt.date]] = {}
    early: set[dt.date] = set()
    for feed in FEEDS:
        new, waiting, too_early = _days_to_load(look.landed.get(feed, Landed()), feed, session, ready)
        new_files += new
        days[feed] = waiting
        early |= too_early
    return WaitingWork(
        new_files=new_files,
        days=days,
        queued={
            stage: [entry for feed in FEEDS for entry in ready.ready(stage, feed)] for stage in QUEUED_STAGES
        },
        held_back={stage: ready.all_held_back(stage) for stage in QUEUED_STAGES},
        without_partition=ready.without_partition() | early,
        registered=_registered_anew(session),
        publication=bool(ready.unpublished),
        refusal=_refusal(session),
    )


def _days_to_load(
    landed: Landed, feed: Feed, session: Session, ready: Ready
) -> tuple[list[LandedFile], set[dt.date], set[dt.date]]:
    """(new files of a feed, days to load and stage, days to be staged that have no partition)."""
    known = {
        (record.source_file, record.fingerprint)
        for record in session.ledger.known_files(feed, {day for _, day in landed.files})
    }
    new = [(file, day) for file, day in landed.files if (file.source_file, file.fingerprint) not in known]
    unstaged = set(session.ledger.unstaged_days(feed)) if session.plan.is_staged(feed) else set()
    have_partition = file_days(session.partitions)
    # Without a file that was withdrawn, a day may pass.
    withdrawn = unstaged.intersection(session.ledger.withdrawn_days(feed)) if unstaged else set()
    days = (unstaged - ready.blocked(BRONZE, feed)) | withdrawn | _unreadable_days(ready, feed)
    return (
        [file for file, _ in new],
        {day for _, day in new} | {day for day in days if day in have_partition},
        {day for day in unstaged if day > have_partition.last},
    )


def _refusal(session: Session) -> str:
    try:
        admit_landing_root(session)
    except ForeignLandingError as error:
        return str(error)
    return ""


def _registered_anew(session: Session) -> dict[str, str]:
    """Experiments whose results are of another entry of the registry, with the one in force."""
    try:
        registry = read_registry(session.settings.experiments)
    except RegistryError:
        return {}  # the next run that needs it says what is wrong
    return {name: entry_text(registry, name) for name in changed_entries(session, registry)}


def _unreadable_days(ready: Ready, feed: Feed) -> set[dt.date]:
    """Days to look at again: the file may be whole by now, or gone."""
    table, name = files_readable(feed)
    return {
        check.partition_date
        for check in ready.failing
        if (check.asset, check.check_name) == (str(table), name)
    }
