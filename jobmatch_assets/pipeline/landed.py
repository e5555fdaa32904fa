"""What lies in the landing root, by whether it can be loaded."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.dates import DateRange, days_around
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.request_layout import REQUEST_LAYOUT
from jobmatch_assets.landing.root import LandedFile, LandingError
from jobmatch_assets.text import printable


def file_days(partitions: DateRange) -> DateRange:
    """The days whose files are loaded: one of the day before the first partition may hold events of it."""
    return DateRange(min(days_around(partitions.first, 1, 0)), partitions.last)


def with_day_before(days: DateRange, partitions: DateRange) -> DateRange:
    """Days of files that partitions ask for: with the first one comes the day before, which has none."""
    return file_days(days) if days.first == partitions.first else days


@dataclass(frozen=True)
class Landed:
    """What has a finished name in the landing root, by whether it can be loaded.

    Attributes:
        files: Those that can, with the day that they were written for.
        undated: Names of those whose name holds no valid date; they are left where they are.
        outside: Names of those written for a day before the one before the first partition, or after the last
            partition; they are left where they are.
        passed_over: Everything else.
        requests: Those that name who is to be erased; `jobmatch erase --landed` reads them, and no load.
    """

    files: list[tuple[LandedFile, dt.date]] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    requests: list[LandedFile] = field(default_factory=list)

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
            if file.layout is REQUEST_LAYOUT:
                landed.requests.append(file)
            elif file.dt is None:
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


@dataclass(frozen=True)
class LandingLook:
    """One look at the landing root.

    Attributes:
        found: {feed: what is in its folder, or why that cannot be said}.
    """

    found: Mapping[Feed, Landed | LandingError]

    @property
    def landed(self) -> dict[Feed, Landed]:
        """{feed: what is in its folder}, of those that can be read."""
        return {feed: found for feed, found in self.found.items() if not isinstance(found, LandingError)}

    @property
    def problem(self) -> LandingError | None:
        """Why a folder cannot be read; None where all can."""
        return next((found for found in self.found.values() if isinstance(found, LandingError)), None)

    @property
    def is_empty(self) -> bool:
        """Whether there is no file with a finished name that could be one of a feed."""
        return not any(map(len, self.landed.values()))

    @property
    def left_out(self) -> dict[Why, list[str]]:
        """What is left where it is in all folders, by why."""
        left_out: dict[Why, list[str]] = {}
        for landed in self.landed.values():
            for why, names in landed.left_out.items():
                left_out.setdefault(why, []).extend(names)
        return left_out

    @cached_property
    def digest(self) -> str:
        """Changes when a file comes, goes or is written again."""
        return digest_of(
            f"{feed.name} {file.source_file} {file.fingerprint}"
            for feed, landed in self.landed.items()
            for file, _ in landed.files
        )

    @property
    def file_count(self) -> int:
        """How many files can be loaded."""
        return sum(len(landed.files) for landed in self.landed.values())


def digest_of(parts: Iterable[str]) -> str:
    """Names a list of texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()[:16]
