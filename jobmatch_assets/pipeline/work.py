"""What is there to do: new files, files that are not staged yet, dates that wait to be built."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from jobmatch_assets.dates import DateRange, file_days
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.metrics.experiment_registry import RegistryError, entry_text, read_registry
from jobmatch_assets.pipeline.experiment_plan import changed_entries
from jobmatch_assets.pipeline.landing_root import ForeignLandingError, admit_landing_root
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.steps.load import FILES_READABLE
from jobmatch_assets.text import printable
from jobmatch_assets.warehouse.port import BuiltLayer, FailingCheck, QueuedDate

LAYERS: tuple[BuiltLayer, ...] = ("silver", "gold", "experiments")


@dataclass(frozen=True)
class Landed:
    """What has a finished name in the landing root, by whether it can be loaded.

    Attributes:
        files: Those that can, with the day that they were written for.
        undated: Names of those whose name holds no valid date; they are left where they are.
        outside: Names of those written for a day before the one before the first partition, or after the last
            partition; they are left where they are.
        passed_over: Everything else.
    """

    files: list[tuple[LandedFile, dt.date]] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)

    @classmethod
    def of(cls, found: Iterable[LandedFile | PassedOver], partitions: DateRange) -> "Landed":
        """Sort what a listing has found.

        A file may hold events of the day after its own: so one of the day before the first partition counts.
        """
        landed, files, days = cls(), [], file_days(partitions)
        for entry in found:
            if isinstance(entry, PassedOver):
                landed.passed_over.append(entry)
            else:
                files.append(entry)
        for file in sorted(files, key=lambda file: file.source_file.encode()):
            if file.dt is None:
                landed.undated.append(file.source_file)
            elif file.dt not in days:
                landed.outside.append(file.source_file)
            else:
                landed.files.append((file, file.dt))
        return landed

    def __len__(self) -> int:
        return len(self.files) + len(self.undated) + len(self.outside)

    @property
    def left_out(self) -> dict[Why, list[str]]:
        """Names of all that is left where it is, in order and as they can be shown, by why."""
        names = {Why.UNDATED: self.undated, Why.OUTSIDE: self.outside}
        for entry in self.passed_over:
            names.setdefault(entry.why, []).append(entry.name)
        return {why: sorted(map(printable, names[why])) for why in Why if names.get(why)}

    @cached_property
    def digest(self) -> str:
        """Changes when a file comes, goes or is written again."""
        return _digest(f"{file.source_file} {file.fingerprint}" for file, _ in self.files)


@dataclass(frozen=True)
class WaitingWork:
    """Everything that a run would do now.

    Attributes:
        new_files: Files whose name and fingerprint the ledger does not hold.
        days: Days whose files are loaded and staged.
        queued: Entries of the rebuild queue that can be built.
        held_back: Dates that wait, by layer, and stay until a check of what they are built from passes.
        without_partition: Dates that wait until they have a partition.
        registered: {experiment: its entry of the registry}, of those that were computed with another one.
        publication: Whether the published copy is behind.
        refusal: Why nothing may be loaded; a run says so by failing.
    """

    new_files: list[LandedFile]
    days: set[dt.date]
    queued: dict[BuiltLayer, list[QueuedDate]]
    held_back: dict[BuiltLayer, set[dt.date]]
    without_partition: set[dt.date]
    registered: dict[str, str]
    publication: bool
    refusal: str = ""

    def __bool__(self) -> bool:
        waits = self.days or any(self.queued.values()) or self.registered or self.publication
        return bool(self.refusal or waits)

    @cached_property
    def id(self) -> str:
        """Names the work: what is the same after a run has not been done by it."""
        return _digest(
            [
                *(f"{file.source_file} {file.fingerprint}" for file in self.new_files),
                *map(str, sorted(self.days)),
                *(f"{layer} {entry}" for layer in LAYERS for entry in self.queued[layer]),
                *(f"{experiment} {entry}" for experiment, entry in sorted(self.registered.items())),
                str(self.publication),
                self.refusal,
            ]
        )


def find_work(landed: Landed, platform: Platform) -> WaitingWork:
    """Compare what has landed with what the warehouse holds.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    warehouse, queue = platform.warehouse(), platform.rebuild_queue()
    files = landed.files
    known = {
        (record.source_file, record.fingerprint)
        for record in warehouse.known_files({day for _, day in files})
    }
    new = [(file, day) for file, day in files if (file.source_file, file.fingerprint) not in known]
    unstaged = set(warehouse.unstaged_days())
    have_partition = file_days(platform.partitions)
    early = {day for day in unstaged if day > have_partition.last}
    days = (unstaged - queue.blocked("bronze")) | _unreadable_days(queue.failing)
    return WaitingWork(
        new_files=[file for file, _ in new],
        days={day for _, day in new} | {day for day in days if day in have_partition},
        queued={layer: queue.ready(layer) for layer in LAYERS},
        held_back={layer: queue.held_back(layer) for layer in LAYERS},
        without_partition=queue.without_partition() | early,
        registered=_registered_anew(platform),
        publication=bool(queue.waiting("publication")),
        refusal=_refusal(platform),
    )


def _refusal(platform: Platform) -> str:
    try:
        admit_landing_root(platform)
    except ForeignLandingError as error:
        return str(error)
    return ""


def _registered_anew(platform: Platform) -> dict[str, str]:
    """Experiments whose results are of another entry of the registry, with the one in force."""
    try:
        registry = read_registry(platform.settings.experiments)
    except RegistryError:
        return {}  # the next run that needs it says what is wrong
    return {name: entry_text(registry, name) for name in changed_entries(platform.warehouse(), registry)}


def _unreadable_days(failing: Collection[FailingCheck]) -> set[dt.date]:
    """Days to look at again: the file may be whole by now, or gone."""
    return {check.partition_date for check in failing if check.check_name == FILES_READABLE}


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()[:16]
