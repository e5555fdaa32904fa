"""The report as an asset: a partition a week, a schedule on Monday, and what its materialization says."""

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.weekly_report import REPORT_KEY
from jobmatch_assets.reports.weekly import OPTIONAL_TABLES, TABLES
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.reports.planted import full

SCHEDULE = "report_last_week"


def definitions(folder: Path, **environment: str) -> dg.Definitions:
    return build_definitions(
        Settings.from_environment(
            {
                "JOBMATCH_DUCKDB_PATH": str(folder / "warehouse.duckdb"),
                "JOBMATCH_PARTITIONS_START": "2026-03-01",
                **environment,
            }
        )
    )


def tick(made: dg.Definitions, moment: str, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    schedule = made.get_repository_def().get_schedule_def(SCHEDULE)
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=dt.datetime.fromisoformat(moment),
        repository_def=made.get_repository_def(),
    ) as context:
        data = schedule.evaluate_tick(context)
        return data.run_requests[0] if data.run_requests else dg.SkipReason(data.skip_message)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return definitions(tmp_path_factory.mktemp("platform"))


def test_the_schedule_is_off_and_asks_on_monday_for_the_week_that_has_ended(
    made: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    schedule = made.get_repository_def().get_schedule_def(SCHEDULE)
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 * * 1", "UTC")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    request = tick(made, "2026-03-16T06:00:00+00:00", instance)
    assert isinstance(request, dg.RunRequest)
    assert (request.run_key, request.partition_key) == ("weekly-report-2026-W11", "2026-03-09")


def test_a_week_without_a_partition_is_passed_by(made: dg.Definitions, instance: dg.DagsterInstance) -> None:
    skipped = tick(made, "2026-02-16T06:00:00+00:00", instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "2026-W07 has no partition" in (skipped.skip_message or "")


def test_the_job_writes_the_report_of_its_week(tmp_path: Path) -> None:
    full(tmp_path / "gold.duckdb")
    with dg.DagsterInstance.ephemeral() as instance:
        job = definitions(tmp_path).resolve_job_def("weekly_report")
        result = job.execute_in_process(partition_key="2026-03-09", instance=instance)
        assert result.success
        (event,) = result.asset_materializations_for_node("reports__weekly")
    path = tmp_path / "reports" / "weekly-2026-W11.pdf"
    said = {name: value.value for name, value in event.metadata.items()}
    assert (event.asset_key, event.partition) == (REPORT_KEY, "2026-03-09")
    assert (said["path"], said["week"], said["is_final"]) == (str(path), "2026-W11", True)
    assert said["bytes"] == path.stat().st_size


def test_a_week_outside_the_data_fails_with_what_there_is(tmp_path: Path) -> None:
    full(tmp_path / "gold.duckdb")
    with dg.DagsterInstance.ephemeral() as instance:
        job = definitions(tmp_path).resolve_job_def("weekly_report")
        result = job.execute_in_process(partition_key="2026-04-06", instance=instance, raise_on_error=False)
        (failure,) = result.get_step_failure_events()
    assert not result.success
    assert "holds nothing of 2026-W15" in str(failure.step_failure_data.error)


def test_the_report_stands_downstream_of_the_tables_that_it_reads(made: dg.Definitions) -> None:
    graph = made.get_repository_def().asset_graph
    parents = {key.path[-1] for key in graph.get(REPORT_KEY).parent_keys}
    assert parents == {*TABLES, *OPTIONAL_TABLES} - {"publication", "held_back", "failing_checks"}
