"""Files of entities on their way into bronze."""

import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.landing.source_registry import SourceRegistryError
from jobmatch_assets.pipeline.entity_sources import renew_sources
from jobmatch_assets.pipeline.landing_checks import look
from jobmatch_assets.pipeline.steps.loading import LoadReport, load_new_files
from jobmatch_assets_tests.bench.workbench import Workbench

DAY = dt.date(2026, 3, 1)
RAW, FILES, LEDGER = (f"job_matching_bronze.{name}" for name in ("entities_raw", "entity_files", "files"))


class Entities:
    """A platform that loads files of entities."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, **environment: str) -> None:
        self.bench = Workbench(folder, instance, **environment)

    def land(self, name: str, data: bytes | str) -> Path:
        path = self.bench.landing / "entities" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def load(self, *days: dt.date) -> LoadReport:
        return load_new_files(self.bench.prepared(), ENTITIES, days or (DAY,))

    def records(self) -> list[tuple[Any, ...]]:
        return self.bench.query(f"select _source_file, _source_line, raw_line from {RAW} order by all")


@pytest.fixture
def entities(tmp_path: Path, instance: dg.DagsterInstance) -> Entities:
    return Entities(tmp_path, instance)


def test_a_record_has_its_file_table_source_format_and_time(entities: Entities) -> None:
    entities.land("jobs/source=crm/dt=2026-03-01/a_20260302T000000Z.snapshot-2-of-3.csv", "job_id\n1\n")
    entities.land("01032026_companies.ndjson.gz", gzip.compress(b'{}\n\nnull\n{"a": 1}\n'))
    report = entities.load()
    assert (len(report.loaded), report.unreadable) == (2, {})
    assert entities.bench.query(
        "select entity_table, source, record_format, epoch_us(taken_at), is_snapshot, _source_dt, raw_line, "
        f"raw_form, line_bytes, _source_line from {RAW} order by _source_file, _source_line"
    ) == [
        ("company", "product", "ndjson", 1772409599999999, False, DAY, "{}", "text", 2, 1),
        ("company", "product", "ndjson", 1772409599999999, False, DAY, '{"a": 1}', "text", 8, 4),
        ("job", "crm", "csv", 1772409600000000, True, DAY, '{"job_id":"1"}', "text", 14, 1),
    ]
    assert entities.bench.query(
        f"select entity_table, snapshot_name, snapshot_part, snapshot_parts, _load_id in (select load_id from {LEDGER}) "
        f"from {FILES} order by all"
    ) == [("company", None, None, None, True), ("job", "a_20260302T000000Z", 2, 3, True)]


def test_a_file_without_records_is_a_file(entities: Entities) -> None:
    entities.land("job/dt=2026-03-01/a.snapshot.csv", "job_id\n")
    entities.load()
    assert entities.records() == []
    assert entities.bench.query(f"select entity_table, snapshot_name from {FILES}") == [("job", "a")]
    assert entities.bench.query(f"select feed, lines from {LEDGER}") == [("entities", 0)]


def test_the_same_bytes_are_loaded_once_where_the_names_say_the_same(entities: Entities) -> None:
    for name in ("a.snapshot-1-of-2", "b.snapshot-1-of-2", "a.snapshot-2-of-2", "c", "d"):
        entities.land(f"job/dt=2026-03-01/{name}.csv", "job_id\n1\n")
    entities.land("job/01032026_c.csv", "job_id\n1\n")
    entities.land("company/dt=2026-03-01/c.csv", "job_id\n1\n")
    report = entities.load()
    assert [record.source_file for record in report.loaded] == [
        "company/dt=2026-03-01/c.csv",
        "job/01032026_c.csv",
        *(f"job/dt=2026-03-01/{name}.csv" for name in ("a.snapshot-1-of-2", "a.snapshot-2-of-2")),
        "job/dt=2026-03-01/b.snapshot-1-of-2.csv",
    ]
    assert [(record.source_file, record.same_as) for record in report.same_content] == [
        (f"job/dt=2026-03-01/{name}.csv", "job/01032026_c.csv") for name in ("c", "d")
    ]
    assert len({record.load_id for record in report.loaded}) == 1
    assert len(entities.records()) == 5


def test_loads_of_the_same_bytes_have_names_of_their_own(entities: Entities) -> None:
    loads = []
    for part in (1, 2):
        entities.land(f"job/dt=2026-03-01/a.snapshot-{part}-of-2.csv", "job_id\n")
        loads += [record.load_id for record in entities.load().loaded]
    assert len(set(loads)) == 2


def test_a_second_load_brings_nothing(entities: Entities) -> None:
    path = entities.land("job/dt=2026-03-01/a.json", '[{"job_id": 1}]')
    entities.load()
    before = entities.records(), entities.bench.query(f"from {FILES}")
    report = entities.load()
    assert (report.loaded, report.known) == ([], 1)
    path.touch()
    assert entities.load().known == 1
    assert (entities.records(), entities.bench.query(f"from {FILES}")) == before


BROKEN = {
    "cut.ndjson.gz": gzip.compress(b"{}\n" * 1000)[:-9],
    "quote.csv": b'job_id\n1\n2\n"3\n',
    "twice.csv": b"a,a\n1,2\n",
    "open.json": b'[{"job_id": 1}, {"job_id": 2}',
    "open.xml": b"<r><job><job_id>1</job_id></job><job>",
    "doctype.xml": b"<!DOCTYPE r><r><job/></r>",
    "late.csv": b"job_id\n" + b"1\n" * 60_000 + b'"\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_and_nothing_of_it_is_loaded(entities: Entities, name: str) -> None:
    path = f"job/dt=2026-03-01/{name}"
    whole = entities.land("job/dt=2026-03-01/whole.csv", "job_id\n1\n")
    landed = entities.land(path, BROKEN[name])
    report = entities.load()
    assert list(report.unreadable) == [path]
    assert str(landed) in report.unreadable[path]
    assert "Nothing of it was loaded." in report.unreadable[path]
    assert report.unreadable_days == {DAY}
    assert report.of_day(DAY).unreadable == report.unreadable
    assert report.of_day(DAY - dt.timedelta(days=1)).unreadable == {}
    assert [file for file, _, _ in entities.records()] == [f"job/dt=2026-03-01/{whole.name}"]
    assert entities.bench.query(f"select _source_file from {FILES}") == [(f"job/dt=2026-03-01/{whole.name}",)]

    landed.unlink()
    entities.land("job/dt=2026-03-01/mended.csv", "job_id\n2\n")
    assert [record.source_file for record in entities.load().loaded] == ["job/dt=2026-03-01/mended.csv"]


def test_what_is_left_where_it_is_is_told_by_why(entities: Entities) -> None:
    names = [
        "jobz/dt=2026-03-01/a.csv",
        "job/dt=2026-03-01/a.parquet",
        "job/a.csv",
        "job/dt=2001-01-01/a.csv",
        "job/dt=2026-03-01/_half.csv",
        "job/dt=2026-03-01/a.csv",
    ]
    for name in names:
        entities.land(name, "job_id\n")
    left_out = look(entities.bench.platform).landed[ENTITIES].left_out
    assert {why.name: files for why, files in left_out.items()} == {
        "UNKNOWN_TABLE": [names[0]],
        "UNKNOWN_FORMAT": [names[1]],
        "UNDATED": [names[2]],
        "OUTSIDE": [names[3]],
    }
    entities.load(DAY, dt.date(2001, 1, 1))
    assert entities.bench.query(f"select source_file from {LEDGER} where dt = '2026-03-01'") == [(names[5],)]


def test_sources_are_those_of_the_registry(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    registry = tmp_path / "sources.csv"
    entities = Entities(tmp_path, instance, JOBMATCH_SOURCES=str(registry), JOBMATCH_DEFAULT_CURRENCY="CHF")
    session = entities.bench.prepared()

    def sources() -> list[tuple[Any, ...]]:
        renew_sources(session)
        return entities.bench.query("from job_matching_bronze.entity_sources order by source")

    default = ("", "UTC", "CHF", 48.0, 0.2)
    registry.write_text("source,time_zone\nberlin,Europe/Berlin\n")
    assert sources() == sources() == [default, ("berlin", "Europe/Berlin", "CHF", 48.0, 0.2)]
    registry.write_text("source,max_deleted_share\nmoney,0.5\n")
    assert sources() == [default, ("money", "UTC", "CHF", 48.0, 0.5)]
    registry.write_text("source,time_zone\nmoney,Atlantis\n")
    with pytest.raises(SourceRegistryError, match="line 2"):
        sources()
    assert entities.bench.query("select count(*) from job_matching_bronze.entity_sources") == [(2,)]
