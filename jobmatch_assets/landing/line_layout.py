"""Files with a JSON line a row, in folders by day or with the day before their name."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from jobmatch_assets.landing.layout import FileLayout, Source
from jobmatch_assets.landing.lines import read_lines
from jobmatch_assets.landing.names import LAYOUT, Packing, day_of, is_events_file, packing_of
from jobmatch_assets.landing.passed_over import Why


class _Lines:
    plain_name = ".ndjson"
    fields: tuple[pa.Field, ...] = ()

    def __init__(self, looked_for: str, day_in: Callable[[str], dt.date | None]) -> None:
        self.looked_for = looked_for
        self._day_in = day_in

    def of(self, path: str) -> FileLayout:  # noqa: ARG002
        return self

    def why_not(self, source_file: str) -> Why | None:
        return None if is_events_file(source_file) else Why.OTHER_NAME

    def day_of(self, path: str) -> dt.date | None:
        return self._day_in(path)

    def packing_of(self, source_file: str) -> Packing | None:
        return packing_of(source_file)

    def identity(self, source_file: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def cells(self, source_file: str) -> tuple[Any, ...]:  # noqa: ARG002
        return ()

    def file_row(self, source_file: str) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def read(self, source: Source, source_file: str) -> Iterator[pa.RecordBatch]:  # noqa: ARG002
        with source.opened() as content:
            yield from read_lines(content)


def lines_without_day(looked_for: str) -> FileLayout:
    """Lines of JSON in files that are written for no day, wherever they lie in their folder."""
    return _Lines(looked_for, lambda _: None)


LINE_LAYOUT: FileLayout = _Lines(LAYOUT, day_of)
