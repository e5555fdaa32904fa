"""Assets of entities that somebody materializes by themselves, for a day or for a range of days."""

import datetime as dt
from collections.abc import Callable

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

FIRST, LAST = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
VERSIONS = "select job_id, version, title from job_matching_silver.job_versions order by all"
MEMBERS = "select job_id, version, title from job_matching_gold.dim_job where job_key <> '-1' order by all"
BUILT = [("1", 1, "A"), ("1", 2, "B"), ("2", 1, "C")]


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    (bench.landing / "events").mkdir(parents=True)
    bench.land_entities(f"job/dt={FIRST}/a.ndjson", [{"job_id": 1, "title": "A"}])
    bench.land_entities(f"job/dt={LAST}/b.ndjson", [{"job_id": 1, "title": "B"}, {"job_id": 2, "title": "C"}])
    return bench


def test_what_is_left_undone_is_done_and_what_is_chosen_is_built_again(bench: Workbench) -> None:
    records = "select _source_dt, count(*) from job_matching_bronze.entities_raw group by all order by all"
    first_steps = 'key:"bronze/entities_raw" or key:"silver/stg_entity_records"'
    assert bench.run_selected(first_steps, DateRange(FIRST, FIRST)).problems == []
    assert bench.query(records) == [(FIRST, 1)]
    assert {date for _, date in bench.waiting()} == {FIRST}

    report = bench.run()
    assert bench.query(records) == [(FIRST, 1), (LAST, 2)]
    assert bench.waiting() == []
    assert (bench.query(VERSIONS), bench.query(MEMBERS)) == (BUILT, BUILT)
    assert report.partitions["entities_raw"] == {LAST}

    for table in ("silver.job_versions", "gold.dim_job"):
        bench.query(f"update job_matching_{table} set title = 'planted'")
    versions, members = 'key:"silver/job_versions"', 'key:"gold/dim_job"'
    assert bench.run_selected(members, DateRange(FIRST, LAST)).problems == []
    assert {title for *_, title in bench.query(MEMBERS)} == {"planted"}
    assert bench.run_selected(f"{versions} or {members}", DateRange(FIRST, LAST)).problems == []
    assert (bench.query(VERSIONS), bench.query(MEMBERS)) == (BUILT, BUILT)
