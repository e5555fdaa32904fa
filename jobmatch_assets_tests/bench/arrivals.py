"""Files that arrive one by one while a `dagster dev` runs, and when all is quiet again."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import dagster as dg

from jobmatch_assets.warehouse.port import WarehouseBusyError
from jobmatch_assets_tests.bench.dagster_dev import DagsterDev
from jobmatch_assets_tests.bench.workbench import Workbench

QUIET_SECONDS = 300


class Arrivals:
    """A landing root that fills from another, watched by a `dagster dev`.

    Attributes:
        bench: The landing root and the warehouse.
        dev: The `dagster dev`, to be started by the test.
    """

    def __init__(self, folder: Path, source: Path, **environment: str) -> None:
        self._source = source
        self._folder = folder
        self._environment = environment
        self.bench = Workbench(folder, dg.DagsterInstance.ephemeral(), **environment)
        (self.bench.landing / "events").mkdir(parents=True)
        self.dev = DagsterDev(folder / "home", self.bench.environment)

    def arrive(self, *names: str) -> None:
        """Copy files of the source to the same place, as unfinished ones at first."""
        for name in names:
            self.place(name, (self._source / "events" / name).read_bytes())

    def place(self, name: str, content: bytes) -> Path:
        """Write a file under a name that says that it is unfinished, then give it its own."""
        path = self.bench.landing / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".tmp")
        unfinished.write_bytes(content)
        unfinished.rename(path)
        return path

    def place_lines(self, name: str, lines: Iterable[bytes]) -> Path:
        return self.place(name, b"\n".join(lines) + b"\n")

    def wait_until_quiet(self) -> None:
        """Until nothing runs and nothing is left to do."""
        self.dev.wait_for(self._is_quiet, QUIET_SECONDS, "there is still something to do")

    def _is_quiet(self) -> bool:
        if self.dev.runs_under_way():
            return False
        try:
            return not self.bench.work() and not self.dev.runs_under_way()
        except WarehouseBusyError:
            return False

    def differences_from_rebuild(self, name: str) -> Sequence[str]:
        """Tables that differ from those of an empty warehouse which gets all files at once."""
        folder = self._folder / name
        rebuilt = Workbench(folder, self.bench.instance, self.bench.landing, **self._environment)
        folder.mkdir()
        report = rebuilt.try_run()
        assert report.dates, report.problems
        expected, found = rebuilt.contents(), self.bench.contents()
        differing = [table for table in sorted(expected | found) if expected.get(table) != found.get(table)]
        if rebuilt.bronze() != self.bench.bronze():
            differing.append("bronze")
        shutil.rmtree(folder)
        return differing
