"""Which version of an entity holds at a time, told of by the source that counts."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.silver import Silver
from jobmatch_assets_tests.replay.versions import Version, Walk

NO_KEY = "-1"


@dataclass(frozen=True)
class Match:
    """What a fact is joined with."""

    key: str
    how: str | None
    version: Version | None = None


class Entities:
    """All entities of a table, by id."""

    def __init__(self, silver: Silver, table: str) -> None:
        self._table = table
        self._by_id: dict[str, dict[str, Walk]] = defaultdict(dict)
        for (name, source, key), walk in silver.walks.items():
            if name == table and walk.versions:
                self._by_id[key][source] = walk

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __contains__(self, key: str) -> bool:
        return key in self._by_id

    def source_of(self, key: str) -> str | None:
        """Who answers for an id."""
        sources = self._by_id.get(key)
        if not sources:
            return None
        return "product" if "product" in sources else min(sources)

    def walk_of(self, key: str | None) -> Walk | None:
        source = None if key is None else self.source_of(key)
        return None if source is None else self._by_id[str(key)][source]

    def as_of(self, key: str | int | None, at: int | None) -> Match:
        """The version of an id for a time, or for none."""
        if key is None:
            return Match(NO_KEY, None)
        key = str(key)
        source, walk = self.source_of(key), self.walk_of(key)
        if source is None or walk is None:
            return Match(NO_KEY, "unknown")
        how, version = _version_at(walk, at)
        return Match(member_key(self._table, source, key, version.valid_from), how, version)


def member_key(table: str, source: str, key: str, valid_from: int) -> str:
    """The key of a version in a dimension."""
    text = "\x1f".join([table, source, key, times.written(valid_from)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _version_at(walk: Walk, at: int | None) -> tuple[str, Version]:
    versions = walk.versions
    if at is None:
        return ("exact" if versions[-1].valid_to is None else "after_delete"), versions[-1]
    begun = [version for version in versions if version.valid_from <= at]
    if not begun:
        return "before_first", versions[0]
    end = begun[-1].valid_to
    return ("exact" if end is None or at < end else "after_delete"), begun[-1]
