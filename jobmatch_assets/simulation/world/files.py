"""The entity files of a world: written block by block, and there complete or not at all."""

import datetime as dt
import gzip
from pathlib import Path

from jobmatch_assets.simulation.output import Output
from jobmatch_assets.simulation.scenario import Scenario

_GZIP_LEVEL = 6


class EntityFiles:
    """Files that grow by parts and are published together.

    Args:
        scenario: Says how files are named and whether they are compressed.
        output: Where they are.
    """

    def __init__(self, scenario: Scenario, output: Output) -> None:
        self._scenario = scenario
        self._output = output
        self._folder = output.landing / "entities"
        self._begun: dict[Path, None] = {}

    def path(self, table: str, day: dt.date, name: str, *, flat: bool = False) -> Path:
        """Where a file of a table and day is.

        Args:
            table: Its folder; empty for files above all tables.
            day: Its date.
            name: What it is called, without the ending of compressed files.
            flat: Whether the date stands in the name, whatever the scenario says.
        """
        name += ".gz" if self._scenario.gzip else ""
        if flat or self._scenario.layout == "flat":
            return self._folder / table / f"{day:%d%m}{day.year:04d}_{name}"
        return self._folder / table / f"dt={day}" / name

    def append(self, path: Path, data: bytes, header: bytes = b"") -> None:
        """Add bytes to a file, which begins with the header."""
        if path not in self._begun:
            self._begun[path] = None
            self._output.create(path).close()
            data = header + data
        if self._scenario.gzip:
            data = gzip.compress(data, _GZIP_LEVEL, mtime=0)
        self._output.extend(path, data)

    def publish(self) -> None:
        """Give every file its name."""
        for path in self._begun:
            self._output.publish(path)

    def discard(self) -> None:
        """Remove what was not published."""
        for path in self._begun:
            self._output.discard(path)
