"""The files below the landing folder: their names, and how they appear complete or not at all."""

import datetime as dt
import gzip
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from jobmatch_assets.simulation.output import Output
from jobmatch_assets.simulation.scenario import Scenario

_GZIP_LEVEL = 6


class DayFiles:
    """The files that the sessions of one day end up in, published together.

    Lines go to hidden temporary files; leaving the `with` block renames them, or removes
    them if it is left by an error.
    """

    def __init__(self, scenario: Scenario, output: Output, day: dt.date) -> None:
        self._scenario = scenario
        self._output = output
        self._day = day
        self._stack = ExitStack()
        self._open: dict[Path, IO[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._stack.close()
            if kind is None:
                for path in self._open:
                    self._output.publish(path)
        finally:
            for path in self._open:
                self._output.discard(path)

    def append(self, lands: int, part: int, lines: bytes) -> None:
        """Add lines, each with its end.

        Args:
            lands: Days after the sessions' day that the lines land on.
            part: Which of the day's own files; lines for later days share one.
            lines: The bytes.
        """
        path = self._path(lands, part)
        if path not in self._open:
            self._open[path] = self._create(path)
        self._open[path].write(lines)

    def _path(self, lands: int, part: int) -> Path:
        # A later day gets a file of its own from this one, so that no file waits for another day.
        name = f"from-{self._day}" if lands else f"part-{part:03d}"
        name += ".ndjson.gz" if self._scenario.gzip else ".ndjson"
        day = self._day + dt.timedelta(days=lands)
        folder = self._output.events
        if self._scenario.layout == "flat":
            return folder / f"{day:%d%m}{day.year:04d}_{name}"
        return folder / f"dt={day}" / name

    def _create(self, path: Path) -> IO[bytes]:
        plain = self._stack.enter_context(self._output.create(path))
        if not self._scenario.gzip:
            return plain
        # Neither a name nor a time goes into the header: the bytes depend on the lines alone.
        packed = gzip.GzipFile("", "wb", _GZIP_LEVEL, plain, mtime=0)
        return cast(IO[bytes], self._stack.enter_context(packed))
