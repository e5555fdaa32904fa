"""The dictionary holds what the dbt project defines: every number of gold once, and whole."""

import copy
from typing import Any

import pytest

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.dictionary import DictionaryError
from jobmatch_assets.errors import RequestError
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return dict(Platform.of(Settings.from_environment()).dbt.manifest)


@pytest.fixture(scope="module")
def dictionary(manifest: dict[str, Any]) -> Dictionary:
    return Dictionary.of(manifest)


def test_a_ratio_names_its_columns_and_what_it_combines_over(dictionary: Dictionary) -> None:
    rate = dictionary["search_to_apply_rate"]
    assert (rate.table, rate.column) == ("funnel_daily", "search_to_apply_rate")
    assert (rate.numerator, rate.denominator) == ("reached_apply", "entered")
    assert rate.additive_over == ()
    assert rate.combines_over == ("dates", "platforms", "device_types", "surfaces")
    assert rate.owner == "Product analytics"


def test_users_medians_and_means_add_up_over_nothing(dictionary: Dictionary) -> None:
    for name in (
        "users_click", "ctr_user_level", "units", "mean_click_position",
        "median_seconds_to_first_click", "zero_result_rate",
    ):  # fmt: skip
        assert dictionary[name].combines_over == (), name


def test_a_metric_of_another_table_is_found_by_its_column(dictionary: Dictionary) -> None:
    found = dictionary.of_column("ranking_metrics_daily", "lists")
    assert found is not None
    assert found.name == "ranking_lists"
    repeated = dictionary.of_column("search_quality_daily", "searches")
    assert repeated is not None
    assert repeated.table == "funnel_daily"
    assert dictionary.of_column("funnel_daily", "platform") is None


def test_an_unknown_name_is_refused_with_the_nearest(dictionary: Dictionary) -> None:
    with pytest.raises(RequestError, match=r"no metric serches\. Is searches meant\?"):
        dictionary["serches"]


def test_a_metric_without_a_part_of_its_definition_is_refused(manifest: dict[str, Any]) -> None:
    broken = copy.deepcopy(manifest)
    del broken["metrics"]["metric.jobmatch.clicks"]["config"]["meta"]["null_means"]
    with pytest.raises(DictionaryError, match=r"funnel_daily\.yml: the metric clicks has no null_means"):
        Dictionary.of(broken)
