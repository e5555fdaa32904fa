"""Files with a JSON line a row, in folders by day or with the day before their name."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from jobmatch_assets.landing.layout import FileLayout, Source
from jobmatch_assets.landing.lines import read_lines
from jobmatch_assets.landing.names import LAYOUT, Packing, day_of, is_events_file, packing_of
from jobmatch_assets.landing.passed_over import Why


class _Lines:
    looked_for = LAYOUT
    plain_name = ".ndjson"
    fields: tuple[pa.Field, ...] = ()

    def why_not(self, source_file: str) -> Why | None:
        return None if is_events_file(source_file) else Why.OTHER_NAME

    def day_of(self, path: str) -> dt.date | None:
        return day_of(path)

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


LINE_LAYOUT: FileLayout = _Lines()
