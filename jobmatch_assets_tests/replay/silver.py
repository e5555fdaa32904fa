"""Everything that silver holds of a landing folder's entities."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jobmatch_assets_tests.replay.dumps import complete_dumps, implied_deletes
from jobmatch_assets_tests.replay.files import File, Source, read_files, read_sources
from jobmatch_assets_tests.replay.formats import read_records
from jobmatch_assets_tests.replay.order import Observed, observed, told_once
from jobmatch_assets_tests.replay.records import Key, Record, Rejected, judge
from jobmatch_assets_tests.replay.tables import TABLES
from jobmatch_assets_tests.replay.versions import Walk, walk

FIRST, LAST = dt.date(2019, 1, 1), dt.date(2026, 11, 1)
"""The partitions: the first one by default, and one after all files."""


@dataclass
class Silver:
    """What became of every record.

    Attributes:
        files: The files that are loaded.
        refused: Paths of those that are not, because they cannot be read.
        rejected: Records in quarantine.
        ordered: Records of each entity in order, implied deletes among them.
        walks: What they do.
        duplicates: How many records say what another of the entity says.
        by_file: {path: {kept, duplicates, quarantined: records}}
    """

    files: list[File] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ordered: dict[Key, list[Observed]] = field(default_factory=dict)
    walks: dict[Key, Walk] = field(default_factory=dict)
    duplicates: Counter[Key] = field(default_factory=Counter)
    by_file: dict[str, Counter[str]] = field(default_factory=dict)


def replayed(landing: Path, registry: Path | None = None) -> Silver:
    """Read a landing folder, with the sources of a registry if there is one."""
    sources = read_sources(registry) if registry else {}
    found = Silver()
    judged: list[Record | Rejected] = []
    for file in read_files(landing, FIRST, LAST):
        raws = read_records(file)
        if raws is None:
            found.refused.append(file.path)
            continue
        found.files.append(file)
        found.by_file[file.path] = Counter()
        judged += [judge(raw, sources.get(file.source, Source())) for raw in raws]
    by_entity = defaultdict(list)
    for one in judged:
        if isinstance(one, Record):
            by_entity[one.entity].append(one)
        else:
            found.rejected.append(one)
            found.by_file[one.raw.file.path]["quarantined"] += 1
    dumps = complete_dumps(found.files, judged)
    for entity, records in by_entity.items():
        _walk_entity(found, entity, records, dumps.get(entity[:2], {}))
    return found


def _walk_entity(found: Silver, entity: Key, records: list[Record], dumps: Mapping[int, object]) -> None:
    kept = told_once(records)
    identities = {id(record) for record in kept}
    for record in records:
        outcome = "kept" if id(record) in identities else "duplicates"
        found.by_file[record.raw.file.path][outcome] += 1
    found.duplicates[entity] = len(records) - len(kept)
    told = observed(kept)
    implied = implied_deletes(entity, told, dumps)  # type: ignore[arg-type]
    ordered = sorted([*told, *implied], key=lambda one: one.place)
    found.ordered[entity] = ordered
    found.walks[entity] = walk(TABLES[entity[0]], ordered)
