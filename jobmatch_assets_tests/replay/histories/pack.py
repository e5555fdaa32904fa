"""Several histories in one landing root, each with sources and ids of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from jobmatch_assets_tests.replay.histories.generate import history
from jobmatch_assets_tests.replay.histories.happenings import EventsFile, events_files
from jobmatch_assets_tests.replay.histories.landing import LandingFile
from jobmatch_assets_tests.replay.histories.world import World

AnyFile = LandingFile | EventsFile


@dataclass(frozen=True)
class Pack:
    """Some histories.

    Attributes:
        worlds: Their worlds.
        entities: All files of entities.
        events: All files of events.
    """

    worlds: Sequence[World]
    entities: Sequence[LandingFile]
    events: Sequence[EventsFile]

    @property
    def files(self) -> list[AnyFile]:
        return [*self.entities, *self.events]

    def write_registry(self, path: Path) -> Path:
        """What `JOBMATCH_SOURCES` names: the sources with a time zone."""
        lines = ["source,time_zone,default_currency,freshness_hours,max_deleted_share"]
        for world in self.worlds:
            lines += [
                f"{name},{world.sources[name]},{currency},," for name, currency in world.currencies.items()
            ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


def pack(seeds: Sequence[int]) -> Pack:
    """The histories of these seeds; that of every fiftieth uses the source `product`, which only one may have."""
    worlds = [World(seed, is_product=seed % 50 == 0) for seed in seeds]
    assert sum("product" in world.sources for world in worlds) <= 1, "two histories share a source"
    return Pack(worlds, [file for world in worlds for file in history(world)], events_files(worlds))


def write(files: Iterable[AnyFile], landing: Path) -> None:
    """Land files."""
    for feed in ("entities", "events"):
        (landing / feed).mkdir(parents=True, exist_ok=True)
    for file in files:
        path = landing / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def batches(rng: Random, files: Sequence[AnyFile], count: int) -> list[list[AnyFile]]:
    """The files dealt out at random; those with the same bytes stay together, for the first to be seen would count."""
    of_content: dict[bytes, int] = {}
    dealt: list[list[AnyFile]] = [[] for _ in range(count)]
    for file in files:
        dealt[of_content.setdefault(file.content, rng.randrange(count))].append(file)
    return dealt
