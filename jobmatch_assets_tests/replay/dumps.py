"""Complete dumps, and what they imply by leaving an entity out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jobmatch_assets_tests.replay.files import File
from jobmatch_assets_tests.replay.order import Observed
from jobmatch_assets_tests.replay.records import Key, Record, Rejected

Of = tuple[str, str]
"""Table and source."""


@dataclass
class _Parts:
    count: int
    loaded: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    is_readable: bool = True


def complete_dumps(
    files: Iterable[File], judged: Iterable[Record | Rejected]
) -> Mapping[Of, Mapping[int, Collection[str]]]:
    """{(table, source): {taken_at: the ids in it}}"""
    dumps: dict[tuple[object, ...], _Parts] = {}
    for file in files:
        if file.dump is not None:
            parts = dumps.setdefault(_dump_of(file), _Parts(file.dump.parts))
            parts.loaded.add(file.dump.part)
    for one in judged:
        if one.raw.file.dump is not None:
            parts = dumps[_dump_of(one.raw.file)]
            if one.entity is None:
                parts.is_readable = False
            else:
                parts.keys.add(one.entity[2])
    found: dict[Of, dict[int, set[str]]] = defaultdict(dict)
    for (table, source, taken_at, *_), parts in dumps.items():
        if parts.is_readable and parts.loaded >= set(range(1, parts.count + 1)):
            found[str(table), str(source)].setdefault(taken_at, set()).update(parts.keys)  # type: ignore[arg-type]
    return found


def _dump_of(file: File) -> tuple[object, ...]:
    assert file.dump is not None
    # The time is that of the name and the date, which are part of what a dump is.
    return (file.table, file.source, file.taken_at, file.day, file.dump.name, file.dump.parts)


def implied_deletes(
    entity: Key, kept: Collection[Observed], dumps: Mapping[int, Collection[str]]
) -> Iterator[Observed]:
    """When the entity was gone, for all that is known of it."""
    without = sorted(taken_at for taken_at, ids in dumps.items() if entity[2] not in ids)
    moments = {one.observed_at for one in kept}
    implied = set()
    for upsert in (one for one in kept if one.op == "upsert"):
        gone = next((taken_at for taken_at in without if taken_at > upsert.observed_at), None)
        if gone is not None and not any(upsert.observed_at < moment <= gone for moment in moments):
            implied.add(gone)
    for moment in sorted(implied):
        yield Observed(moment, "delete")
