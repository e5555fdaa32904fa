"""Runs of the command line belong to the code location of `make dev`: without one, the UI's timeline omits them."""

import datetime as dt
from collections.abc import Callable

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.workbench import Workbench


def test_runs_of_the_command_have_the_location_that_the_ui_knows(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    day = dt.date(2026, 3, 2)
    bench.land(
        f"dt={day}/a.ndjson",
        [f'{{"event_id":"e","event_name":"search","event_ts":"{day}T10:00:00Z","user_id":"u"}}'],
    )
    bench.run()
    bench.run_selected('key:"silver/events"', DateRange(day, day))
    origins = {
        record.dagster_run.job_name: record.dagster_run.remote_job_origin
        for record in bench.instance.get_run_records(limit=2)
    }
    assert origins.keys() == {"process_new_files", "__ASSET_JOB"}
    for job, origin in origins.items():
        assert origin is not None
        assert (origin.location_name, origin.job_name) == ("jobmatch_assets.definitions", job)
        assert origin.repository_origin.repository_name == "__repository__"
    # Runs that others make with the instance afterwards are theirs.
    job = bench.definitions().resolve_job_def("process_new_files")
    assert bench.instance.create_run_for_job(job).remote_job_origin is None
