"""From which columns a column is made: traced, kept, and shown of models as they are only."""

import copy
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.orchestration.column_lineage import with_lineage
from jobmatch_assets.pipeline.lineage import compute
from jobmatch_assets.pipeline.lineage.record import column_lineage, models, read_record, record_path
from jobmatch_assets.pipeline.lineage.trace import Question, trace
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.workbench import Workbench

PARENTS = {'"db"."silver"."events"': {"event_name": "varchar", "unit_id": "varchar", "job_id": "varchar"}}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(dict(DbtProject(Settings.from_environment({})).manifest))


@pytest.fixture
def changed(manifest: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(manifest)


def model(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = manifest["nodes"][f"model.jobmatch.{name}"]
    return found


def test_a_column_is_followed_through_every_step_of_a_query() -> None:
    query = """
        with counted as (
            select unit_id, count(case when event_name = 'click' then 1 end) as clicks
            from "db"."silver"."events" group by unit_id
        )
        select sum(clicks) as clicks, count(distinct unit_id) as users, 1 as one from counted
    """
    assert trace(Question(query, "duckdb", PARENTS)) == {
        "clicks": [('"db"."silver"."events"', "event_name")],
        "users": [('"db"."silver"."events"', "unit_id")],
        "one": [],
    }


def test_the_lineage_of_every_model_is_kept_and_is_that_of_its_sql(manifest: dict[str, Any]) -> None:
    lineage = column_lineage(manifest)
    assert set(lineage) == {node["name"] for _, node in models(manifest)}, "run: make lineage"
    for _, node in models(manifest):
        assert set(lineage[node["name"]]) == set(node["columns"])


def test_kept_lineage_names_columns_that_there_are(
    manifest: dict[str, Any], golden_entities: Workbench
) -> None:
    there = {
        (schema.removeprefix("job_matching_"), table, column)
        for schema, table, column in golden_entities.query(
            "select table_schema, table_name, column_name from information_schema.columns"
        )
    }
    origins = {
        (*table, column)
        for lineage in column_lineage(manifest).values()
        for found in lineage.values()
        for table, column in found
    }
    assert origins
    assert origins <= there


def test_lineage_is_the_same_on_bigquery() -> None:
    settings = {"JOBMATCH_TARGET": "bigquery", "JOBMATCH_BIGQUERY_PROJECT": "some-project"}
    manifest = DbtProject(Settings.from_environment(settings)).manifest
    assert set(column_lineage(manifest)) == {node["name"] for _, node in models(manifest)}


@pytest.mark.parametrize("part", ["raw_code", "macro", "parent"])
def test_a_changed_model_has_no_lineage_and_the_log_says_so(
    part: str, changed: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    if part == "raw_code":
        model(changed, "funnel_daily")["raw_code"] += " -- another"
    elif part == "macro":
        changed["macros"]["macro.jobmatch.in_window"]["macro_sql"] += " "
    else:
        model(changed, "events")["columns"].pop("job_id")
    with caplog.at_level(logging.INFO):
        assert "funnel_daily" not in column_lineage(changed)
    assert "funnel_daily" in caplog.text
    assert "make lineage" in caplog.text


def test_only_changed_models_are_traced_again(tmp_path: Path) -> None:
    path = tmp_path / "lineage.json"
    record = read_record(shutil.copyfile(record_path(), path))
    record["stg_search_dates"]["checksum"] = "of another"
    del record["stg_search_dates"]["columns"]
    path.write_text(json.dumps({**record, "no_model_of_today": {"checksum": "any"}}))
    assert compute.renew_record(path) == ["stg_search_dates"]
    assert path.read_bytes() == record_path().read_bytes()


def test_a_model_that_takes_too_long_is_ended_and_left_out(
    tmp_path: Path, manifest: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "lineage.json"
    record = read_record(record_path())
    path.write_text(json.dumps({name: entry for name, entry in record.items() if name != "stg_events"}))
    assert compute.renew_record(path, seconds=0.01) == ["stg_events"]
    assert "The columns of stg_events cannot be traced" in caplog.text
    assert "longer than 0.01 s" in read_record(path)["stg_events"]["problem"]
    assert set(column_lineage(manifest, path)) == set(record) - {"stg_events"}


def test_a_model_that_sqlglot_cannot_read_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lineage.json"
    record = read_record(record_path())
    path.write_text(
        json.dumps({name: entry for name, entry in record.items() if name != "events_quarantine"})
    )
    monkeypatch.setattr(DbtProject, "compile_all", lambda *_: {"events_quarantine": "select (from"})
    compute.renew_record(path)
    assert "ParseError: Expected" in read_record(path)["events_quarantine"]["problem"]
    assert "The columns of events_quarantine cannot be traced" in caplog.text


def test_the_page_of_an_asset_says_what_its_columns_are_made_of(golden: Workbench) -> None:
    spec = next(
        spec
        for spec in golden.definitions().resolve_all_asset_specs()
        if spec.key == dg.AssetKey(["gold", "funnel_daily"])
    )
    lineage = spec.metadata["dagster/column_lineage"]
    assert isinstance(lineage, dg.TableColumnLineage)
    events = dg.AssetKey(["silver", "events"])
    assert lineage.deps_by_column["users_click"] == [
        dg.TableColumnDep(events, "event_name"),
        dg.TableColumnDep(events, "unit_id"),
    ]
    columns = {column.name: column for column in spec.metadata["dagster/column_schema"].columns}
    assert columns["users_click"].description.endswith("Made of silver/events (event_name, unit_id).")
    assert (
        columns["entered"].description
        == model(dict(golden.platform.dbt.manifest), "funnel_daily")["columns"]["entered"]["description"]
    )


def test_an_asset_of_unknown_lineage_stays_as_it_is() -> None:
    spec = dg.AssetSpec("some_asset")
    assert with_lineage(spec, None) == spec
    known = with_lineage(spec, {"a": [(TableKey("silver", "events"), "b")]})
    assert "dagster/column_schema" not in known.metadata
