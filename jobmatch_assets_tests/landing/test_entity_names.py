import datetime as dt

import pytest

from jobmatch_assets.landing.entity_layout import ENTITY_LAYOUT
from jobmatch_assets.landing.entity_names import EntityName, day_in, name_of
from jobmatch_assets.landing.passed_over import Why

CLOSE = dt.datetime(2026, 3, 1, 23, 59, 59, 999999, dt.UTC)


def named(path: str) -> EntityName:
    name = name_of(path)
    assert isinstance(name, EntityName), name
    return name


@pytest.mark.parametrize(
    ("path", "table", "source", "format_"),
    [
        ("job/dt=2026-03-01/a.ndjson", "job", "product", "ndjson"),
        ("jobs/dt=2026-03-01/a.json.gz", "job", "product", "json"),
        ("companies/source=crm_2/dt=2026-03-01/a.csv", "company", "crm_2", "csv"),
        ("job_group/source=a-b/01032026_x.xml.gz", "job_group", "a-b", "xml"),
        ("job/01032026_x.csv", "job", "product", "csv"),
        ("01032026_jobs.csv", "job", "product", "csv"),
        ("01032026_job_groups.snapshot.ndjson.gz", "job_group", "product", "ndjson"),
        ("job/dt=2026-03-01/01012020_a.csv", "job", "product", "csv"),
    ],
)
def test_a_path_names_table_source_day_and_format(path: str, table: str, source: str, format_: str) -> None:
    name = named(path)
    assert (name.table.name, name.source, name.format) == (table, source, format_)
    assert name.dt == ENTITY_LAYOUT.day_of(path) == dt.date(2026, 3, 1)
    assert name.taken_at == CLOSE
    assert ENTITY_LAYOUT.packing_of(path) == ("gzip" if path.endswith(".gz") else None)
    assert ENTITY_LAYOUT.why_not(path) is None


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        ("a", (None, None, None)),
        ("a.snapshot", ("a", 1, 1)),
        ("a.snapshot-03-of-10", ("a", 3, 10)),
        ("a.b.snapshot-1-of-1", ("a.b", 1, 1)),
        ("a.snapshot-03of10", (None, None, None)),
        ("snapshot", (None, None, None)),
    ],
)
def test_a_full_dump_says_so_in_its_name(
    name: str, snapshot: tuple[str | None, int | None, int | None]
) -> None:
    found = named(f"job/dt=2026-03-01/{name}.csv")
    assert (found.snapshot, found.part, found.parts) == snapshot


@pytest.mark.parametrize(
    ("name", "taken_at"),
    [
        ("a_20260301T102030Z", dt.datetime(2026, 3, 1, 10, 20, 30, tzinfo=dt.UTC)),
        ("20260302T000000Z", dt.datetime(2026, 3, 2, tzinfo=dt.UTC)),
        ("a_20261301T000000Z_20260301T000001Z", dt.datetime(2026, 3, 1, 0, 0, 1, tzinfo=dt.UTC)),
        ("a_120260301T102030Z", CLOSE),
        ("a_20260301T102030", CLOSE),
        ("a_20260301t102030z", CLOSE),
    ],
)
def test_a_time_in_the_name_is_when_it_was_taken(name: str, taken_at: dt.datetime) -> None:
    assert named(f"job/dt=2026-03-01/{name}.csv").taken_at == taken_at


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("jobz/dt=2026-03-01/a.csv", Why.UNKNOWN_TABLE),
        ("01032026_jobs_eu.csv", Why.UNKNOWN_TABLE),
        ("dt=2026-03-01/a.csv", Why.UNKNOWN_TABLE),
        ("job/source=CRM/dt=2026-03-01/a.csv", Why.BAD_SOURCE),
        ("job/source=/dt=2026-03-01/a.csv", Why.BAD_SOURCE),
        (f"job/source={'a' * 41}/dt=2026-03-01/a.csv", Why.BAD_SOURCE),
        ("job/dt=2026-03-01/a.parquet", Why.UNKNOWN_FORMAT),
        ("job/dt=2026-03-01/a.CSV", Why.UNKNOWN_FORMAT),
        ("job/dt=2026-03-01/csv", Why.UNKNOWN_FORMAT),
        ("job/dt=2026-03-01/a.csv.zst", Why.UNKNOWN_FORMAT),
        ("job/dt=2026-03-01/deeper/a.csv", Why.OTHER_LAYOUT),
        ("job/eu/dt=2026-03-01/a.csv", Why.OTHER_LAYOUT),
        ("job/dt=2026-03-01/source=crm/a.csv", Why.OTHER_LAYOUT),
        ("job/dt=2026-03-01/a_20260303T000000Z.csv", Why.TAKEN_ELSEWHERE),
        ("job/dt=2026-03-01/a_20260228T235959Z.csv", Why.TAKEN_ELSEWHERE),
        ("job/dt=2026-03-01/a.snapshot-1-of-9999999999.csv", Why.BAD_PART),
    ],
)
def test_other_paths_are_left_where_they_are(path: str, why: Why) -> None:
    assert ENTITY_LAYOUT.why_not(path) is why


@pytest.mark.parametrize(
    "path",
    ["job/a.csv", "job/dt=2026-02-30/a.csv", "job/31022026_a.csv", "job/20260301_a.csv", "job/dt=x/a.csv"],
)
def test_a_path_without_a_date_has_no_day(path: str) -> None:
    assert day_in(path) is None
    assert name_of(path) is Why.UNDATED
    assert ENTITY_LAYOUT.why_not(path) is None


def test_a_folder_has_the_day_of_its_files() -> None:
    assert day_in("job/dt=2026-03-01/") == dt.date(2026, 3, 1)
    assert day_in("job/") is None


@pytest.mark.parametrize(
    "other",
    [
        "company/dt=2026-03-01/a.snapshot-1-of-2.csv",
        "job/source=crm/dt=2026-03-01/a.snapshot-1-of-2.csv",
        "job/dt=2026-03-01/a.snapshot-2-of-2.csv",
        "job/dt=2026-03-01/a.snapshot-1-of-3.csv",
        "job/dt=2026-03-01/b.snapshot-1-of-2.csv",
        "job/dt=2026-03-01/a.csv",
        "job/dt=2026-03-01/a.snapshot-1-of-2.json",
        "job/dt=2026-03-01/a_20260301T000000Z.snapshot-1-of-2.csv",
    ],
)
def test_the_same_bytes_are_another_file_where_the_name_says_something_else(other: str) -> None:
    own = "job/dt=2026-03-01/a.snapshot-1-of-2.csv"
    assert ENTITY_LAYOUT.identity(own) != ENTITY_LAYOUT.identity(other)
    assert ENTITY_LAYOUT.identity(own) == ENTITY_LAYOUT.identity("jobs/01032026_a.snapshot-01-of-02.csv.gz")
