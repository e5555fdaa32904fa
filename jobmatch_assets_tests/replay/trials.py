"""Histories on a platform: landed in batches, a run after each, and what must have come of them."""

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import dagster as dg

from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.replay.differences import differences
from jobmatch_assets_tests.replay.events import Event, read_events
from jobmatch_assets_tests.replay.expected import expected_tables
from jobmatch_assets_tests.replay.found import TABLE_NAMES, found_table
from jobmatch_assets_tests.replay.gold import Rows
from jobmatch_assets_tests.replay.histories.pack import AnyFile, Pack, write
from jobmatch_assets_tests.replay.silver import Silver, replayed

_REFUSED = re.compile(r"(?:^|\n)\S*?/landing/entities/(\S+?),? ")


class Trial:
    """A platform that histories land on.

    Attributes:
        pack: The histories.
        bench: The platform.
        refused: Paths of the files that the last run could not read, below `entities/`.
    """

    def __init__(self, folder: Path, instance: dg.DagsterInstance, pack: Pack) -> None:
        self.pack = pack
        self._registry = pack.write_registry(folder / "sources.csv")
        self.bench = Workbench(folder, instance, JOBMATCH_SOURCES=str(self._registry))
        self.refused: list[str] = []

    def run(self, *batches: Sequence[AnyFile]) -> "Trial":
        """Land batches, and run after each; only files that cannot be read may be told of."""
        for batch in batches:
            write(batch, self.bench.landing)
            problems = "\n".join(self.bench.try_run().problems)
            self.refused = sorted(_REFUSED.findall(problems))
            told = [line for line in problems.splitlines() if "Nothing of it was loaded." not in line]
            assert told == [], problems
        self.bench.keep_open()
        return self

    @cached_property
    def silver(self) -> Silver:
        """What the replay makes of the files."""
        return replayed(self.bench.landing, self._registry)

    @cached_property
    def events(self) -> list[Event]:
        return read_events(self.bench.landing)

    @cached_property
    def expected(self) -> dict[str, Rows]:
        """The tables that the replay ends in."""
        return expected_tables(self.silver, self.events)

    def found(self, table: str) -> Rows:
        return found_table(self.bench, table)

    def differences(self, *tables: str) -> list[str]:
        """Where these tables differ from the replay, or any, a line each."""
        return [
            line
            for table in tables or TABLE_NAMES
            for line in differences(table, self.expected[table], self.found(table))
        ]
