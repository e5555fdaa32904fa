"""The tables that a landing root must end in, row by row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from jobmatch_assets_tests.replay.events import Event
from jobmatch_assets_tests.replay.gold import Rows, gold_tables
from jobmatch_assets_tests.replay.silver import Silver
from jobmatch_assets_tests.replay.tables import TABLES, Table

EFFECTS = ("opened", "delete", "unchanged", "superseded")


def expected_tables(silver: Silver, events: Sequence[Event]) -> dict[str, Rows]:
    """{table: {key of a row: its other columns}}, and what the two laws count as `by_file` and `by_entity`."""
    return {
        **{f"{table.name}_versions": dict(_versions(silver, table)) for table in TABLES.values()},
        "entities_quarantine": {
            (one.raw.file.path, one.raw.number): {"reason": one.reason} for one in silver.rejected
        },
        "by_file": {
            (path,): {"records": counts.total(), "kept": counts["kept"], "quarantined": counts["quarantined"]}
            for path, counts in silver.by_file.items()
            if counts.total()
        },
        "by_entity": dict(_counts(silver)),
        **gold_tables(silver, events),
    }


def _versions(silver: Silver, table: Table) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    for (name, source, key), walk in silver.walks.items():
        for number, version in enumerate(walk.versions if name == table.name else (), 1):
            yield (
                (source, key, number),
                {
                    "valid_from": version.valid_from,
                    "valid_to": version.valid_to,
                    "is_current": version.valid_to is None,
                    "ended_by": version.ended_by,
                    "is_deleted": walk.is_deleted,
                    **version.values,
                    "invalid_fields": tuple(version.invalid),
                    "properties": version.properties,
                },
            )


def _counts(silver: Silver) -> Iterator[tuple[tuple[str, ...], dict[str, int]]]:
    for entity, walk in silver.walks.items():
        effects = Counter[str](walk.effects)
        implied = sum(one.record is None for one in silver.ordered[entity])
        yield (
            entity,
            {
                "kept": len(walk.effects) - implied,
                "implied": implied,
                "records": len(walk.effects) - implied + silver.duplicates[entity],
                **{effect: effects[effect] for effect in EFFECTS},
            },
        )
