"""The last date that is counted moves with whatever file of entities arrives, and what depends on it is built again."""

import datetime as dt
from collections.abc import Callable

import pytest

from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

POSTED = {
    "job_id": "1",
    "title": "A",
    "status": "live",
    "company_id": "1",
    "created_at": "2026-03-01T10:00:00Z",
}


def newest(bench: Workbench) -> list[tuple[object, ...]]:
    """The last date, that of a table with rows up to it, and the title in a dimension that does not know it."""
    return bench.query(
        "select last_date, (select max(date) from job_matching_gold.postings_daily), "
        "(select max(title) from job_matching_gold.dim_job) from job_matching_silver.last_date"
    )


def test_a_file_that_tells_of_no_entity_moves_the_last_date_and_nothing_else(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench()
    (bench.landing / "events").mkdir(parents=True)
    bench.land_entities("job/dt=2026-03-02/a.ndjson", [POSTED])
    bench.run()
    assert newest(bench) == [(dt.date(2026, 3, 2), dt.date(2026, 3, 2), "A")]
    bench.query("update job_matching_gold.dim_job set title = 'planted'")
    bench.land_entities("03032026_jobs.csv", ["job_id,title,status"])
    bench.run()
    assert newest(bench) == [(dt.date(2026, 3, 3), dt.date(2026, 3, 3), "planted")]
    bench.land_entities("job/dt=2026-03-04/rejected.ndjson", [{"title": "of no job"}])
    bench.run()
    assert newest(bench) == [(dt.date(2026, 3, 4), dt.date(2026, 3, 4), "planted")]
    assert bench.query(
        "select count(*) from job_matching_bronze.rebuild_queue where stage != 'publication'"
    ) == [(0,)]
