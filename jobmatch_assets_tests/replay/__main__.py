"""Write the history of a seed as landing files, and tell what an entity of it goes through.

python -m jobmatch_assets_tests.replay SEED FOLDER [TABLE SOURCE ID]
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.histories.pack import pack, write
from jobmatch_assets_tests.replay.order import Observed
from jobmatch_assets_tests.replay.silver import Silver, replayed


def main(words: Sequence[str]) -> None:
    """Write `FOLDER/landing` and `FOLDER/sources.csv`, and print the records of the entity in their order."""
    seed, folder, *entity = words
    histories, landing = pack([int(seed)]), Path(folder) / "landing"
    write(histories.files, landing)
    silver = replayed(landing, histories.write_registry(Path(folder) / "sources.csv"))
    print(f"{len(silver.files)} files of {len(silver.walks)} entities are in {landing}")
    if entity:
        print("\n".join(_told(silver, *entity)))


def _told(silver: Silver, table: str, source: str, key: str) -> Iterator[str]:
    walk = silver.walks.get((table, source, key))
    if walk is None:
        sys.exit(f"There is no {table} {key} of {source}, but: {', '.join(map('/'.join, silver.walks))}")
    for one, effect in zip(silver.ordered[table, source, key], walk.effects, strict=True):
        yield f"{times.written(one.observed_at)} {one.op} {effect}{_origin(one)}"
    for number, version in enumerate(walk.versions, 1):
        end = "still" if version.valid_to is None else times.written(version.valid_to)
        yield f"version {number}: {times.written(version.valid_from)} to {end}"


def _origin(one: Observed) -> str:
    if one.record is None:
        return ", since a dump is without it"
    of, raw = one.record, one.record.raw
    claim = "" if of.claimed_at is None else f", since {times.written(of.claimed_at)}"
    place = f", {of.stream!r} {of.position}" if of.position else ""
    text = raw.text.decode(errors="replace")
    return f"{claim}, rank {of.rank}{place}, {raw.file.path} {raw.number}: {text}"


if __name__ == "__main__":
    main(sys.argv[1:])
