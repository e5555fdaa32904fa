"""What goes wrong in the cloud: an error that says what to do, or a bounded repetition, and never a double load."""

import datetime as dt
import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.pipeline.steps import loading
from jobmatch_assets.pipeline.steps.loading import LoadReport, load_new_files
from jobmatch_assets.warehouse.bigquery import load as bigquery_load
from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets_tests.bench.cloud import BUCKET, Cloud
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud
from jobmatch_assets_tests.bench.sent import jobs

UPLOADED = {"method": "PUT", "path": "/upload/"}
QUERY = {"method": "POST", "path": "/jobs$"}
TURNED_AWAY = {"status": 429, "reason": "rateLimitExceeded", "message": "Exceeded rate limits"}
_days = itertools.count()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with in_the_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


class Load:
    """A day of its own in the bucket, and what is loaded of it.

    Attributes:
        day: The day.
    """

    def __init__(self, folder: Path, instance: dg.DagsterInstance, cloud: Cloud, **environment: str) -> None:
        self.day = dt.date(2026, 1, 1) + dt.timedelta(days=next(_days))
        self.cloud = cloud
        environment = {"JOBMATCH_LANDING": f"gs://{BUCKET}/{self.day}", **environment}
        self.bench = CloudBench(folder, instance, cloud, **environment)

    def put(self, name: str, *lines: str) -> None:
        content = "".join(f"{line}\n" for line in lines).encode()
        self.cloud.put(f"{self.day}/events/dt={self.day}/{name}", content)

    def run(self) -> LoadReport:
        platform = self.bench.platform
        with platform.open() as session:
            session.warehouse.prepare()
            return load_new_files(session, EVENTS, [self.day])

    def error(self) -> str:
        with pytest.raises((WarehouseError, LandingError)) as caught:
            self.run()
        return str(caught.value)

    def rows(self) -> list[tuple[Any, ...]]:
        """Every line that lies in bronze, named by the ledger or not."""
        return self._query(
            "select raw_line, _source_line, ingested_at from job_matching_bronze.events_raw "
            f"where _source_dt = '{self.day}' and ingested_at > timestamp '2000-01-01' order by raw_line"
        )

    def ledger(self) -> list[tuple[Any, ...]]:
        return self._query(
            f"select source_file, lines, ingested_at from job_matching_bronze.files where dt = '{self.day}'"
        )

    def _query(self, sql: str) -> list[tuple[Any, ...]]:
        return [row.values() for row in self.cloud.client().query_and_wait(sql)]


@pytest.fixture
def load(tmp_path: Path, instance: dg.DagsterInstance, cloud: Cloud) -> Iterator[Callable[..., Load]]:
    yield lambda **environment: Load(tmp_path, instance, cloud, **environment)
    cloud.spoil()


# ---- credentials and names


@pytest.mark.parametrize("content", [None, "{", '{"type": "service_account", "private_key": "very secret"}'])
def test_without_credentials_the_error_says_how_to_give_them(
    content: str | None, load: Callable[..., Load], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = load()
    loads.put("a.ndjson", "1")
    key = tmp_path / "key.json"
    if content is not None:
        key.write_text(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    problems = "\n".join(loads.bench.try_run().problems)
    assert "GOOGLE_APPLICATION_CREDENTIALS" in problems
    assert "gcloud auth application-default login" in problems
    assert "very secret" not in problems
    # With an emulator, the client of Cloud Storage does without.
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    with pytest.raises(LandingError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        list(loads.bench.platform.landing(EVENTS).files())


@pytest.mark.parametrize(
    ("status", "reason", "says"),
    [(404, "notFound", "Check the names of project and location"), (403, "accessDenied", "refused access")],
)
def test_a_wrong_project_is_named(
    status: int, reason: str, says: str, load: Callable[..., Load], cloud: Cloud
) -> None:
    loads = load(JOBMATCH_BIGQUERY_PROJECT="wrong-project")
    loads.put("a.ndjson", "1")
    fault = {"path": "/projects/wrong-project/", "status": status, "reason": reason, "times": 99}
    cloud.spoil({"method": "GET", **fault}, {"method": "POST", **fault})
    (problem,) = loads.bench.try_run().problems
    assert "JOBMATCH_BIGQUERY_PROJECT=wrong-project" in problem
    assert says in problem


def test_a_bucket_that_is_gone_is_named(load: Callable[..., Load]) -> None:
    error = load(JOBMATCH_LANDING="gs://gone/prefix").error()
    assert "There is no bucket gone" in error
    assert "JOBMATCH_LANDING" in error


def test_an_empty_prefix_is_named(load: Callable[..., Load]) -> None:
    loads = load()
    loads.put("a.ndjson", "1")
    assert (
        f"nothing below gs://{BUCKET}/elsewhere/events/"
        in load(JOBMATCH_LANDING=f"gs://{BUCKET}/elsewhere").error()
    )


def test_a_dataset_that_may_not_be_made_is_named(load: Callable[..., Load], cloud: Cloud) -> None:
    loads = load()
    cloud.spoil(
        {
            "method": "GET",
            "path": "/datasets/job_matching_bronze/tables$",
            "status": 404,
            "reason": "notFound",
        },
        {
            "method": "POST",
            "path": "/datasets$",
            "status": 403,
            "reason": "accessDenied",
            "message": "no right",
        },
    )
    error = loads.error()
    assert "refused access" in error
    assert "no right" in error


def test_a_dataset_that_is_dropped_fails_the_load_and_is_made_by_the_next(
    load: Callable[..., Load], cloud: Cloud
) -> None:
    loads = load()
    loads.put("a.ndjson", "1", "2")
    session = loads.bench.prepared()
    cloud.client().delete_dataset("job_matching_bronze", delete_contents=True)
    with pytest.raises(WarehouseError, match=r"does not have what was asked for: .*job_matching_bronze"):
        load_new_files(session, EVENTS, [loads.day])
    loads.run()
    assert [line for line, *_ in loads.rows()] == ["1", "2"]


# ---- loads


def test_a_load_job_that_fails_names_itself_and_loads_nothing(
    load: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = load()
    loads.put("a.ndjson", "1")
    loads.put("b.ndjson", "2")
    written = bigquery_load._write_parquet

    def write(lines: Any, load_id: str, ingested_at: dt.datetime, file: Any) -> None:
        written(lines, load_id, ingested_at, file)
        if len(loads.ledger()) == 1:
            file.truncate(100)

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_TRANSACTION_FILES", 1)
        patch.setattr(bigquery_load, "_write_parquet", write)
        error = loads.error()
    assert "Load job jobmatch-load-" in error
    assert "events_raw failed" in error
    assert [line for line, *_ in loads.rows()] == ["1"]
    report = loads.run()
    assert [record.source_file for record in report.loaded] == [f"dt={loads.day}/b.ndjson"]
    assert [line for line, *_ in loads.rows()] == ["1", "2"]
    assert any((job.job_id or "").endswith("-2") for job in jobs(loads.cloud.requests()) if job.is_load)


def test_a_file_that_breaks_is_left_out_and_the_others_of_its_load_come_in(load: Callable[..., Load]) -> None:
    loads = load()
    loads.put("a.ndjson", "1")
    loads.put("b.ndjson.gz", "not gzip")
    loads.put("c.ndjson", "3")
    report = loads.run()
    assert list(report.unreadable) == [f"dt={loads.day}/b.ndjson.gz"]
    assert f"gs://{BUCKET}/{loads.day}/events/dt={loads.day}/b.ndjson.gz" in str(report.unreadable)
    assert [line for line, *_ in loads.rows()] == ["1", "3"]


@pytest.mark.parametrize(
    "lost",
    [
        {**UPLOADED, "after": True},
        {"method": "POST", "path": "/upload/", "status": 503},
        {**UPLOADED, "status": 503},
        {"method": "GET", "path": "/jobs/jobmatch-load", "status": 503, "times": 2},
        {"method": "GET", "path": "/queries/", "status": 503},
    ],
)
def test_a_lost_answer_loads_once(lost: dict[str, Any], load: Callable[..., Load], cloud: Cloud) -> None:
    loads = load()
    loads.put("a.ndjson", "1", "2")
    cloud.spoil(lost)
    loads.run()
    assert [(line, number) for line, number, _ in loads.rows()] == [("1", 1), ("2", 2)]
    assert [lines for _, lines, _ in loads.ledger()] == [2]


def test_who_dies_between_load_and_ledger_has_loaded_once(load: Callable[..., Load], cloud: Cloud) -> None:
    loads = load()
    loads.put("a.ndjson", "1", "2")
    refused = {"status": 403, "reason": "accessDenied", "message": "no right"}
    cloud.spoil({**QUERY, "body": "insert into job_matching_bronze.files", **refused})
    assert "no right" in loads.error()
    first = loads.rows()
    assert (len(first), loads.ledger()) == (2, [])
    # What the ledger does not name counts nowhere.
    warehouse, table = loads.bench.platform.warehouse(), table_named(EVENTS.raw.name)
    assert warehouse.rows_by_date(table, loads.day, loads.day) == {}
    loads.run()
    assert loads.rows() == first
    # The ledger names the partition in which the lines lie, not the one of the second attempt.
    assert [ingested_at for *_, ingested_at in loads.ledger()] == [first[0][-1]]
    assert warehouse.rows_by_date(table, loads.day, loads.day) == {loads.day: 2}


# ---- quotas


def test_a_request_that_is_turned_away_is_repeated(load: Callable[..., Load], cloud: Cloud) -> None:
    loads = load()
    loads.put("a.ndjson", "1")
    cloud.spoil({**QUERY, **TURNED_AWAY, "times": 2}, {**UPLOADED, **TURNED_AWAY})
    loads.run()
    assert len(loads.rows()) == 1


@pytest.mark.parametrize(
    "quota",
    [
        TURNED_AWAY,
        {"status": 403, "reason": "rateLimitExceeded", "message": "Exceeded rate limits"},
        {"status": 403, "reason": "quotaExceeded", "message": "Quota exceeded: too much"},
    ],
)
def test_a_quota_that_stays_used_up_ends_the_load_in_bounded_time(
    quota: dict[str, Any], load: Callable[..., Load], cloud: Cloud
) -> None:
    loads = load(JOBMATCH_GOOGLE_RETRY_TIMEOUT="3")
    loads.put("a.ndjson", "1")
    cloud.spoil({**QUERY, **quota, "times": 10_000})
    started = time.monotonic()
    error = loads.error()
    assert "a quota is used up" in error
    assert quota["message"] in error
    assert "JOBMATCH_GOOGLE_RETRY_TIMEOUT=3" in error
    assert time.monotonic() - started < 60
    cloud.spoil()
    loads.run()
    assert len(loads.rows()) == 1


def test_a_statement_over_the_limit_names_the_setting(load: Callable[..., Load], cloud: Cloud) -> None:
    loads = load(JOBMATCH_BIGQUERY_MAX_BYTES_BILLED="1000")
    loads.put("a.ndjson", "1")
    cloud.spoil(
        {**QUERY, "status": 400, "reason": "bytesBilledLimitExceeded", "message": "Query exceeded limit"}
    )
    error = loads.error()
    assert "JOBMATCH_BIGQUERY_MAX_BYTES_BILLED is 1000" in error


def test_a_whole_run_goes_through_where_requests_are_turned_away(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    with in_the_cloud(tmp_path) as cloud:
        loads = Load(tmp_path, instance, cloud, JOBMATCH_GOOGLE_RETRY_TIMEOUT="120")
        event = {
            "event_id": "e",
            "event_name": "search",
            "event_ts": f"{loads.day}T10:00:00Z",
            "user_id": "u",
            "search_id": "s",
            "schema_version": 2,
        }
        loads.put("a.ndjson", json.dumps(event))
        cloud.spoil(
            {**QUERY, "body": "stg_events", **TURNED_AWAY, "times": 2},
            {**QUERY, "body": "funnel_daily", "status": 503, "after": True},
            {**QUERY, "body": "rebuild_queue", **TURNED_AWAY},
            {"method": "GET", "path": "/queries/", "status": 503, "times": 3},
            {"method": "PUT", "path": "/upload/", "status": 503, "after": True},
        )
        loads.bench.run()
        loads.bench.download()
        found = "select event_id from job_matching_silver.events"
        assert loads.bench.query(found) == [("e",)]
        assert loads.bench.query(
            "select searches from job_matching_gold.funnel_daily where platform = '__all__' "
            "and device_type = '__all__' and surface = '__all__'"
        ) == [(1,)]
