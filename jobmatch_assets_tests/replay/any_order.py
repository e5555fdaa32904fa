"""A machine that lands histories in any order and runs the platform in any way in between.

Hypothesis draws the steps, and where tables differ from those of a rebuild it prints the fewest that it finds, as
a script: `state.land(...)`, `state.run_day(...)`, in their order.
"""

import datetime as dt
import tempfile
from pathlib import Path
from random import Random

import dagster as dg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.replay.histories.landing import split
from jobmatch_assets_tests.replay.histories.moments import DAYS
from jobmatch_assets_tests.replay.histories.pack import AnyFile, Pack, pack, write

HISTORIES = 12
"""How many share one platform, each with sources and ids of its own: so a dozen cost little more than one."""

SELECTIONS = (
    'key:"bronze/events_raw"',
    'key:"bronze/entities_raw" or key:"silver/stg_entity_records"',
    'key:"silver/stg_events"',
    'key:"silver/stg_search_dates"',
    'key:"silver/stg_events" or key:"silver/stg_search_dates"',
    'key:"silver/events_quarantine"',
    'key:"silver/events"',
    'key:"silver/job_versions"',
    'key:"gold/funnel_daily"',
    'key:"gold/dim_job" or key:"gold/fact_application"',
    'key:"gold/user_mart"',
    "group:gold",
)
"""Steps of bronze; tables of silver and gold, of events, entities and subjects."""

_NOTHING_OF_IT = "Nothing of it was loaded."


class AnyOrder(RuleBasedStateMachine):
    """Histories cut into files at random, landed in any order, with runs of any kind in between."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="any-order-")
        self._instance = dg.DagsterInstance.ephemeral()
        self._waiting: list[list[AnyFile]] = []
        self._histories: Pack | None = None

    @initialize(
        first=st.integers(0, 40).map(lambda number: number * HISTORIES),
        randomness=st.integers(0, 2**16),
        share=st.integers(1, 3),
    )
    def begin(self, first: int, randomness: int, share: int) -> None:
        """Histories, split into other files, of which some come first; files of one content stay together."""
        rng = Random(randomness)
        self._histories = pack(range(first + 1, first + 1 + HISTORIES))
        by_content: dict[bytes, list[AnyFile]] = {}
        files: list[AnyFile] = [*split(rng, self._histories.entities), *_cut(rng, self._histories)]
        for file in files:
            by_content.setdefault(file.content, []).append(file)
        self._waiting = list(by_content.values())
        rng.shuffle(self._waiting)
        folder = Path(self._folder.name)
        self._registry = str(self._histories.write_registry(folder / "sources.csv"))
        self._bench = self._platform("in_steps")
        self._land(share)
        self._ran(None)

    @rule(share=st.integers(1, 4))
    def land(self, share: int) -> None:
        """Land a part of what has not come yet."""
        self._land(share)

    def _land(self, share: int) -> None:
        count = max(1, len(self._waiting) * share // 4)
        arrived, self._waiting = self._waiting[:count], self._waiting[count:]
        write([file for files in arrived for file in files], self._bench.landing)

    @rule()
    def run(self) -> None:
        """Load and build what waits; a second time there is nothing."""
        self._ran(None)

    @rule(day=st.sampled_from(DAYS))
    def run_day(self, day: dt.date) -> None:
        """One partition, whatever has come of it so far, and no file of another day."""
        self._ran(DateRange(day, day))

    @rule(first=st.sampled_from(DAYS), last=st.sampled_from(DAYS))
    def run_range(self, first: dt.date, last: dt.date) -> None:
        """A range of partitions again."""
        self._ran(DateRange(min(first, last), max(first, last)))

    @rule(
        selection=st.sampled_from(SELECTIONS),
        first=st.sampled_from(DAYS),
        last=st.sampled_from(DAYS),
    )
    def run_selected(self, selection: str, first: dt.date, last: dt.date) -> None:
        """Some tables alone, of a day or a range; where what they are made of is behind, a check may say so."""
        problems = self._bench.run_selected(selection, DateRange(min(first, last), max(first, last))).problems
        assert [told for told in problems if not _is_of_files(told) and not told.startswith("Check ")] == []

    def teardown(self) -> None:
        """All the rest comes; then the tables are those of one rebuild, cell by cell."""
        try:
            if self._histories:
                write([file for files in self._waiting for file in files], self._bench.landing)
                self._ran(None)
                rebuilt = self._platform("rebuilt", self._bench.landing)
                _told_of_files_alone(rebuilt)
                found, expected = (bench.contents(provenance=False) for bench in (self._bench, rebuilt))
                assert found.keys() == expected.keys()
                assert [table for table in expected if found[table] != expected[table]] == []
                assert [entry for entry in self._bench.waiting() if entry[0] != "publication"] == []
        finally:
            self._instance.dispose()
            self._folder.cleanup()

    def _platform(self, name: str, landing: Path | None = None) -> Workbench:
        folder = Path(self._folder.name) / name
        folder.mkdir()
        return Workbench(folder, self._instance, landing, JOBMATCH_SOURCES=self._registry)

    def _ran(self, forced: DateRange | None) -> None:
        _told_of_files_alone(self._bench, forced)


def _told_of_files_alone(bench: Workbench, forced: DateRange | None = None) -> None:
    """Run; only files that cannot be read may be told of."""
    assert [told for told in bench.try_run(forced).problems if not _is_of_files(told)] == []


def _is_of_files(problem: str) -> bool:
    return all(_NOTHING_OF_IT in line for line in problem.splitlines())


def _cut(rng: Random, histories: Pack) -> list[AnyFile]:
    """Files of events with the same lines in others: some cut in two, all in another order."""
    cut: list[AnyFile] = []
    for file in histories.events:
        lines = file.content.splitlines(keepends=True)
        rng.shuffle(lines)
        at = rng.randint(0, len(lines))
        folder, name = file.path.rsplit("/", 1)
        for part, some in (("a", lines[:at]), ("b", lines[at:])):
            if some:
                cut.append(type(file)(f"{folder}/{part}-{name}", b"".join(some)))
    return cut
