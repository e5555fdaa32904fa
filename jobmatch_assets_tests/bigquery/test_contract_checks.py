"""What breaks a contract on BigQuery is found, and shown with its line, as on DuckDB."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.pipeline.steps.loading import load_new_files
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud
from jobmatch_assets_tests.bench.outcomes import broken_rules

CONTRACT = table_named(EVENTS.raw.name)
DAY = dt.date(2026, 3, 1)
LINES = [
    {"event_id": f"e{number}", "event_name": "search", "event_ts": f"{DAY}T10:00:00Z", "user_id": "u"}
    for number in range(3)
]


@pytest.fixture
def loaded(tmp_path: Path, instance: dg.DagsterInstance) -> Iterator[CloudBench]:
    with in_the_cloud(tmp_path) as cloud:
        bench = CloudBench(tmp_path, instance, cloud)
        bench.land(f"dt={DAY}/a.ndjson", LINES)
        load_new_files(bench.prepared(), EVENTS, {DAY})
        yield bench


def test_a_planted_violation_is_found_with_its_line(loaded: CloudBench) -> None:
    outcome = loaded.check(CONTRACT, {DAY})
    assert (outcome.passed, outcome.metadata["rows"]) == (True, len(LINES))
    loaded.cloud.client().query_and_wait(
        f"update {CONTRACT.schema}.{CONTRACT.table} set line_bytes = 0, raw_line = '' "
        "where _source_line = 2 and ingested_at >= timestamp '2020-01-01 00:00:00+00'"
    )
    outcome = loaded.check(CONTRACT, {DAY})
    assert broken_rules(outcome) == {"line_is_not_empty": 1}
    assert f"dt={DAY}/a.ndjson:2" in str(outcome.description)
    # Lines of days that are not looked at are not.
    assert loaded.check(CONTRACT, {DAY + dt.timedelta(days=1)}).passed


def test_a_table_that_is_not_there_is_told(loaded: CloudBench) -> None:
    outcome = loaded.check(table_named("events"), {DAY})
    assert (
        outcome.description
        == "Check matches_contract of silver/events: the table silver/events does not exist"
    )
