"""Requests to erase users that land in a bucket are read as those in a folder; on BigQuery they wait for a hand."""

import gzip
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.errors import RequestError
from jobmatch_assets.pipeline.erasure_requests import BY_HAND, landed_requests, told_of_requests
from jobmatch_assets.pipeline.landing_checks import ALL_FILES_ARE_LOADED, landing_outcomes, look
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets_tests.bench.cloud import BUCKET
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud
from jobmatch_assets_tests.bench.command import error_of, run_here

ALL_FILES_LOADED = CheckKey(ENTITIES.raw, ALL_FILES_ARE_LOADED)
SECRET = "u-4711"


def test_requests_in_a_bucket(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    with in_the_cloud(tmp_path) as cloud:
        landing = f"gs://{BUCKET}/{tmp_path.name}"
        bench = CloudBench(tmp_path, instance, cloud, JOBMATCH_LANDING=landing)

        def put(name: str, content: bytes) -> None:
            cloud.put(f"{tmp_path.name}/{name}", content)

        put("events/dt=2026-03-01/a.ndjson", b"{}\n")
        put("entities/erasure/", b"")
        put(
            "entities/erasure/dt=2026-03-01/a.ndjson.gz", gzip.compress(b'{"user_id":"u-1"}\n{"user_id":2}\n')
        )
        put("entities/erasure/all.snapshot.jsonl", b'{"user_id":"u-1"}\n')
        put("entities/erasure/_unfinished.ndjson", SECRET.encode())
        requests = landed_requests(bench.platform)
        assert (requests.files, requests.users) == (2, {"u-1", "2"})

        seen = look(bench.platform)
        found = {outcome.key: outcome.passed for outcome in landing_outcomes(seen, landing)}
        assert found[ALL_FILES_LOADED]
        assert seen.landed[ENTITIES].files == []
        assert list(told_of_requests(Session(bench.platform, bench.platform.warehouse()), seen)) == [BY_HAND]
        error = error_of(run_here(bench, tmp_path / "home", "erase", "--landed", "--apply"), 1)
        assert "works on a warehouse of DuckDB" in error

        put("entities/erasure/b.ndjson", f'\n["{SECRET}"]\n'.encode())
        put("entities/01032026_erasure.csv", b"user_id\n")
        with pytest.raises(RequestError) as raised:
            landed_requests(bench.platform)
        told = str(raised.value)
        assert f"{landing}/entities/01032026_erasure.csv is left where it is; " in told
        assert f"{landing}/entities/erasure/b.ndjson, line 2 is not an object." in told
        assert SECRET not in told
