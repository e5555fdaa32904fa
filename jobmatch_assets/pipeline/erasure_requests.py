"""Landed files that name who is to be erased: whom they name, and how many of these wait."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from jobmatch_assets.contracts.erasure import USER
from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.errors import PlatformError, RequestError
from jobmatch_assets.landing.content import Content
from jobmatch_assets.landing.lines import read_lines
from jobmatch_assets.landing.request_layout import is_of_requests
from jobmatch_assets.landing.root import LandedFile, LandingRoot
from jobmatch_assets.pipeline.landed import Landed, LandingLook
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.privacy.batches import lines_of
from jobmatch_assets.privacy.lines import Line
from jobmatch_assets.privacy.pseudonyms import checked_key, digest_of
from jobmatch_assets.privacy.requests import RequestLineError, user_asked_for
from jobmatch_assets.text import printable

_MOST_NAMED = 5


BY_HAND = (
    "Landed files ask to erase users, and `jobmatch erase` works on a warehouse of DuckDB alone: "
    "docs/guarantees.md says what to do on BigQuery."
)
"""Where erasures cannot be done."""


@dataclass(frozen=True)
class Requests:
    """What landed files ask for.

    Attributes:
        files: How many files there are.
        users: Whom they name.
    """

    files: int
    users: frozenset[str] = field(repr=False)

    def __str__(self) -> str:
        """How many they are, and no id."""
        return (
            f"Landed files that ask for erasures: {self.files:,}; users whom they name: {len(self.users):,}"
        )


def landed_requests(platform: Platform) -> Requests:
    """What all files ask for that lie in the landing root.

    Raises:
        LandingError: The landing root, or one of the files, cannot be read.
        RequestError: A file is left where it is for its name, or a line names nobody; each is told by file
            and line, and what stands there is not.
    """
    root = platform.landing(ENTITIES)
    return _requests(root, Landed.of(root.files(), platform.partitions))


def are_landed(look: LandingLook) -> bool:
    """Whether a look has found files that ask for erasures, or something in their place."""
    landed = look.landed.get(ENTITIES, Landed())
    return bool(landed.requests or _left(landed))


def waiting_requests(session: Session, look: LandingLook) -> tuple[int, Requests]:
    """How many of the users that landed files name are not erased yet; and what the files ask for.

    Raises:
        LandingError: One of the files cannot be read.
        RequestError: A file is left where it is, or a line names nobody.
        ErasureKeyError: There is no key, or it is not the one of earlier erasures.
    """
    key = session.settings.erasure_key
    requests = _requests(session.landing(ENTITIES), look.landed.get(ENTITIES, Landed()))
    if not requests.users:
        return 0, requests
    known = session.erased.ids()
    checked_key(key, known)
    erased = {id_.digest for id_ in known if id_.kind == USER}
    return sum(digest_of(key, user) not in erased for user in requests.users), requests


def told_of_requests(session: Session, look: LandingLook) -> Iterator[str]:
    """What whoever runs the platform has to know of landed requests; nothing where none waits."""
    if not are_landed(look):
        return
    if session.settings.target != "duckdb":
        yield BY_HAND
        return
    try:
        waiting, requests = waiting_requests(session, look)
    except PlatformError as error:
        yield f"Requests to erase users have landed. {error}"
    else:
        if waiting:
            yield (
                f"{requests}; not erased yet: {waiting:,}. `jobmatch erase --landed` tells what would change."
            )


def _requests(root: LandingRoot, landed: Landed) -> Requests:
    problems = _Problems()
    for name in _left(landed):
        problems.add(f"{root.folder}/{name} is left where it is")
    users = set()
    for file in landed.requests:
        for number, line in _lines(root, file):
            try:
                users.add(user_asked_for(line))
            except RequestLineError as error:
                problems.add(f"{root.folder}/{file.source_file}, line {number:,} {error}")
    if problems.count:
        raise RequestError(problems.told)
    return Requests(len(landed.requests), frozenset(users))


def _lines(root: LandingRoot, file: LandedFile) -> Iterator[tuple[int, Line]]:
    """(its number, the line), of all that are not blank."""
    with Content(root, file) as content:
        for batch in read_lines(content):
            yield from zip(batch.column("_source_line").to_pylist(), lines_of(batch), strict=True)


def _left(landed: Landed) -> list[str]:
    """Names, in the place of requests, that are not read."""
    return sorted(entry.name for entry in landed.passed_over if is_of_requests(entry.name))


@dataclass
class _Problems:
    """What cannot be read: the first few of it, and how much there is."""

    named: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, problem: str) -> None:
        self.count += 1
        if len(self.named) < _MOST_NAMED:
            self.named.append(printable(problem))

    @property
    def told(self) -> str:
        more = f"; and {self.count - len(self.named):,} more" if self.count > len(self.named) else ""
        return (
            f"Not all that asks to erase users can be read: {'; '.join(self.named)}{more}. Until it can, "
            'nobody is erased from there. Each line is an object with a user_id, {"user_id": "…"}, in a file '
            "of JSON lines (.ndjson or .jsonl, both also with .gz or .zst): let the producer send these "
            "anew, and take the broken ones away."
        )
