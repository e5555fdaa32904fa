"""The dictionary holds what the dbt project defines: every number of gold once, and whole."""

import copy
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.dictionary import DictionaryError
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.errors import RequestError
from jobmatch_assets.settings.locations import shipped
from jobmatch_assets_tests.dictionary.asking import Manifest
from jobmatch_assets_tests.dictionary.defined import left_out

UNITS = {
    *("count", "users", "user-days", "user-weeks", "share", "ratio", "score", "rank", "seconds", "timestamp"),
    *("hours", "days", "amount"),
}
NO_METRIC = ("_nn", "_ss", "_sn")
"""Columns that end so are sums for the variance of a ratio: no number for people."""

FORM_OF_1_12 = """
models:
  - name: funnel_daily
    semantic_model: {enabled: true}
    agg_time_dimension: event_date
    metrics:
      - {name: planted, type: simple, agg: sum, expr: searches}
metrics:
  - {name: planted_too, type: simple, label: Planted}
"""


def changed(manifest: Manifest, metric: str, **meta: Any) -> Manifest:
    """The manifest with other words, None for none, in the meta of a metric."""
    copied = copy.deepcopy(dict(manifest))
    found = copied["metrics"][f"metric.jobmatch.{metric}"]["config"]["meta"]
    for name, value in meta.items():
        if value is None:
            del found[name]
        else:
            found[name] = value
    return copied


def without_metric(manifest: Manifest, tables: dict[str, SemanticTable], dictionary: Dictionary) -> list[str]:
    """The numbers of the semantic tables that are no metric."""
    models = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    return [
        f"{table}.{column}"
        for table in tables
        for column, found in models[table]["columns"].items()
        if found["data_type"] not in ("date", "string", "boolean")
        and column not in tables[table].dimensions
        and not column.endswith(NO_METRIC)
        and table != "ab_cumulative_sums"
        and dictionary.of_column(table, column) is None
    ]


def test_the_manifest_holds_every_definition(manifest: Manifest, dictionary: Dictionary) -> None:
    assert left_out(shipped("dbt_project") / "models", manifest) == []
    assert len(dictionary) == len(manifest["metrics"]) > 50


def test_definitions_that_dbt_ignores_are_found(tmp_path: Path, manifest: Manifest) -> None:
    (tmp_path / "planted.yml").write_text(FORM_OF_1_12)
    assert left_out(tmp_path, manifest) == [
        "planted.yml: planted_too is not in the manifest",
        "planted.yml: semantic_model stands in the model funnel_daily, where dbt 1.11 ignores it",
        "planted.yml: metrics stands in the model funnel_daily, where dbt 1.11 ignores it",
        "planted.yml: agg_time_dimension stands in the model funnel_daily, where dbt 1.11 ignores it",
    ]


def test_every_number_of_a_table_is_a_metric(
    manifest: Manifest, tables: dict[str, SemanticTable], dictionary: Dictionary
) -> None:
    assert without_metric(manifest, tables, dictionary) == []
    fewer = Dictionary(metric for metric in dictionary if metric.name != "reached_click")
    assert without_metric(manifest, tables, fewer) == ["funnel_daily.reached_click"]


def test_metrics_are_called_as_their_columns(dictionary: Dictionary) -> None:
    other = {metric.name: metric.column for metric in dictionary if metric.name != metric.column}
    prefixes = ("ab_", "weekly_", "monthly_", "ranking_", "search_", "quarantine_", "postings_")
    prefixes += ("hiring_", "activity_", "response_", "stage_", "fill_", "registered_", "users_")
    prefixes += ("campaign_", "performance_", "ledger_", "segment_")
    assert [name for name, column in other.items() if not name.endswith(column) and name[:3] != "ab_"] == []
    assert [name for name in other if not name.startswith(prefixes)] == []


def test_every_metric_says_all_that_people_need(dictionary: Dictionary) -> None:
    for metric in dictionary:
        assert metric.unit in UNITS, metric
        assert metric.label, metric
        assert metric.formula, metric
        assert metric.description.endswith("."), metric
        assert metric.uncertainty, metric
        assert bool(metric.combines_over) != bool(metric.stands_alone), metric
        assert not (metric.is_ratio and metric.additive_over), metric


def test_a_ratio_names_its_columns_and_what_it_combines_over(dictionary: Dictionary) -> None:
    rate = dictionary["search_to_apply_rate"]
    assert (rate.table, rate.column) == ("funnel_daily", "search_to_apply_rate")
    assert (rate.numerator, rate.denominator) == ("reached_apply", "entered")
    assert rate.additive_over == ()
    assert rate.combines_over == ("dates", "platforms", "device_types", "surfaces")
    assert rate.owner == "Product analytics"


def test_users_and_medians_add_up_over_nothing(dictionary: Dictionary) -> None:
    for metric in dictionary:
        if metric.unit in ("users", "seconds", "timestamp") or "user_level" in metric.name:
            assert metric.combines_over == (), metric


def test_a_metric_of_another_table_is_found_by_its_column(dictionary: Dictionary) -> None:
    found = dictionary.of_column("ranking_metrics_daily", "lists")
    assert found is not None
    assert found.name == "ranking_lists"
    repeated = dictionary.of_column("search_quality_daily", "searches")
    assert repeated is not None
    assert repeated.table == "funnel_daily"
    assert dictionary.of_column("funnel_daily", "platform") is None


def test_metrics_stand_in_the_order_of_their_columns(dictionary: Dictionary, manifest: Manifest) -> None:
    columns = list(manifest["nodes"]["model.jobmatch.funnel_daily"]["columns"])
    found = [metric.column for metric in dictionary if metric.table == "funnel_daily"]
    assert found == sorted(found, key=columns.index)


def test_an_unknown_name_is_refused_with_the_nearest(dictionary: Dictionary) -> None:
    with pytest.raises(RequestError, match=r"no metric serches\. Is searches meant\?"):
        dictionary["serches"]


@pytest.mark.parametrize("field", ["unit", "formula", "additive_over", "null_means", "uncertainty"])
def test_a_metric_without_a_part_of_its_definition_is_refused(field: str, manifest: Manifest) -> None:
    with pytest.raises(DictionaryError, match=rf"funnel_daily\.yml: the metric clicks has no {field}"):
        Dictionary.of(changed(manifest, "clicks", **{field: None}))


def test_a_metric_that_adds_up_over_nothing_must_say_why(manifest: Manifest) -> None:
    with pytest.raises(DictionaryError, match="the metric users_click has no stands_alone"):
        Dictionary.of(changed(manifest, "users_click", stands_alone=None))
