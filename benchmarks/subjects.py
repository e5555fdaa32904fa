"""All of gold of the simulated world against the tables of its events alone, and one more day of it."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.timed import Taken
from benchmarks.world import START, Platform, users_for
from jobmatch_assets.simulation import Scenario, WorldOptions, write_landing

_LINES_PER_JOB = 150


class World:
    """A simulated world, and two platforms: one that is given its events alone, one that is given all."""

    def __init__(self, folder: Path, lines: int, days: int) -> None:
        self._landing = folder / "all" / "landing"
        self._events = folder / "events" / "landing"
        self._kept_back = folder / "last_day"
        self._last = f"dt={START + dt.timedelta(days=days - 1)}"
        scenario = Scenario(
            start=START,
            days=days,
            users=users_for(lines, days),
            jobs=max(lines // _LINES_PER_JOB, 1),
            broken_rate=0.0,
        )
        write_landing(scenario, folder / "all", world=WorldOptions("cdc"))
        for path in self._of_last_day():
            shutil.copytree(path, self._kept_back / path.relative_to(self._landing))
        self._events.mkdir(parents=True)
        (self._events / "events").symlink_to(self._landing / "events")
        shutil.copy(folder / "all" / "experiments.csv", folder / "events" / "experiments.csv")
        self._of_events = Platform(folder / "of_events", folder / "events", days)
        self._of_all = Platform(folder / "of_all", folder / "all", days)

    def build_events(self) -> Taken:
        """From nothing, without entities and the last day."""
        self._take_last_day_away()
        return self._of_events.run_from_nothing()

    def build_all(self) -> Taken:
        """From nothing, with entities; its last day has not come."""
        self._take_last_day_away()
        return self._of_all.run_from_nothing()

    def one_more_day(self) -> Taken:
        """The last day comes."""
        shutil.copytree(self._kept_back, self._landing, dirs_exist_ok=True)
        return self._of_all.run()

    def _take_last_day_away(self) -> None:
        for path in self._of_last_day():
            shutil.rmtree(path)

    def _of_last_day(self) -> list[Path]:
        return sorted(self._landing.rglob(self._last))


def steps(folder: Path, lines: int, days: int) -> dict[str, Callable[[], Taken]]:
    """Both builds from nothing, and one more day, of about so many lines."""
    world = World(folder, lines, days)
    return {
        "events alone": world.build_events,
        "all of gold": world.build_all,
        "one more day": world.one_more_day,
    }
