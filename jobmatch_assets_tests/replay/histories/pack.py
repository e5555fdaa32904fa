"""Several histories in one landing root, each with sources and ids of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from jobmatch_assets_tests.replay.histories.generate import history
from jobmatch_assets_tests.replay.histories.happenings import write_events
from jobmatch_assets_tests.replay.histories.landing import LandingFile
from jobmatch_assets_tests.replay.histories.world import World


@dataclass(frozen=True)
class Pack:
    """Some histories.

    Attributes:
        worlds: Their worlds.
        files: All files of entities.
    """

    worlds: list[World]
    files: Sequence[LandingFile]

    def write_registry(self, path: Path) -> Path:
        """What `JOBMATCH_SOURCES` names: the sources with a time zone."""
        lines = ["source,time_zone,default_currency,freshness_hours,max_deleted_share"]
        for world in self.worlds:
            lines += [
                f"{name},{world.sources[name]},{currency},," for name, currency in world.currencies.items()
            ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def write(self, folder: Path) -> Path:
        """Write the files, events and the registry, and give the landing root."""
        landing = folder / "landing"
        write_events(self.worlds, landing)
        self.write_registry(folder / "sources.csv")
        write(self.files, landing)
        return landing


def pack(seeds: Sequence[int]) -> Pack:
    """The histories of these seeds; those of every tenth use the source `product`, which only one may have."""
    worlds = [World(seed, is_product=seed % 10 == 0) for seed in seeds]
    assert sum("product" in world.sources for world in worlds) <= 1, "several worlds share a source"
    return Pack(worlds, [file for world in worlds for file in history(world)])


def write(files: Iterable[LandingFile], landing: Path) -> None:
    """Land files."""
    for file in files:
        file.write(landing)


def batches(rng: Random, files: Sequence[LandingFile], count: int) -> list[list[LandingFile]]:
    """The files dealt out at random; those with the same bytes stay together, for the first to be seen would count."""
    of_content: dict[bytes, int] = {}
    dealt: list[list[LandingFile]] = [[] for _ in range(count)]
    for file in files:
        dealt[of_content.setdefault(file.content, rng.randrange(count))].append(file)
    return dealt
