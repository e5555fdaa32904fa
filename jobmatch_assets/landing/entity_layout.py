"""Files with records of entities: folders by table and source, four formats, full dumps in parts."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from jobmatch_assets.contracts.entities.quarantine import MAX_RECORD_BYTES
from jobmatch_assets.landing.entity_names import LOOKED_FOR, EntityName, day_in, name_of
from jobmatch_assets.landing.formats.csv_rows import read_csv
from jobmatch_assets.landing.formats.json_document import read_json
from jobmatch_assets.landing.formats.xml_elements import read_xml
from jobmatch_assets.landing.layout import FileLayout, Source
from jobmatch_assets.landing.lines import read_lines
from jobmatch_assets.landing.names import Packing
from jobmatch_assets.landing.passed_over import Why
from jobmatch_assets.landing.request_layout import REQUEST_LAYOUT, is_of_requests


class _Entities:
    looked_for = LOOKED_FOR
    plain_name = "a name without .gz"
    fields = (
        pa.field("entity_table", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("record_format", pa.string(), nullable=False),
        pa.field("taken_at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("is_snapshot", pa.bool_(), nullable=False),
    )

    def of(self, path: str) -> FileLayout:
        return REQUEST_LAYOUT if is_of_requests(path) else self

    def why_not(self, source_file: str) -> Why | None:
        name = name_of(source_file)
        return name if isinstance(name, Why) and name is not Why.UNDATED else None

    def day_of(self, path: str) -> dt.date | None:
        return day_in(path)

    def packing_of(self, source_file: str) -> Packing | None:
        return "gzip" if source_file.endswith(".gz") else None

    def identity(self, source_file: str) -> tuple[str, ...]:
        name = _name(source_file)
        return (
            *(name.table.name, name.source, name.taken_at.isoformat(), name.format),
            *map(repr, (name.snapshot, name.part, name.parts)),
        )

    def cells(self, source_file: str) -> tuple[Any, ...]:
        name = _name(source_file)
        return name.table.name, name.source, name.format, name.taken_at, name.snapshot is not None

    def file_row(self, source_file: str) -> dict[str, Any]:
        name = _name(source_file)
        return {
            "entity_table": name.table.name,
            "source": name.source,
            "record_format": name.format,
            "taken_at": name.taken_at,
            "snapshot_name": name.snapshot,
            "snapshot_part": name.part,
            "snapshot_parts": name.parts,
        }

    def read(self, source: Source, source_file: str) -> Iterator[pa.RecordBatch]:
        name = _name(source_file)
        if name.format == "csv":
            yield from read_csv(source)
        elif name.format == "json":
            yield from read_json(source, name.table.key.name)
        elif name.format == "xml":
            yield from read_xml(source, name.table.name)
        else:
            with source.opened() as content:
                yield from read_lines(content, MAX_RECORD_BYTES, skip_null=True)


def _name(source_file: str) -> EntityName:
    name = name_of(source_file)
    if isinstance(name, Why):
        raise ValueError(f"{source_file} is not loaded: {name.value}")
    return name


ENTITY_LAYOUT: FileLayout = _Entities()
