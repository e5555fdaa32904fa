"""The schemas and the metrics fit together."""

from dataclasses import astuple

from jobmatch_assets.metrics.ab_schema import (
    AB_RESULTS_COLUMNS,
    AB_RESULTS_KEY,
    METRICS,
    SUM_COLUMNS,
    SUM_KEY,
)

NOT_OF_A_METRIC = {*SUM_KEY, "experiment_units", "multiple_variant_units"}


def test_metrics_use_all_sums_and_no_others() -> None:
    used = {column for metric in METRICS for column in astuple(metric)[2:]}
    assert used == {column.name for column in SUM_COLUMNS} - NOT_OF_A_METRIC


def test_kinds() -> None:
    assert {metric.name: metric.kind for metric in METRICS} == {
        "ctr": "ratio of means",
        "clicks_per_user": "mean",
        "applies_per_user": "mean",
        "apply_user_rate": "mean",
        "apply_per_click": "ratio of means",
    }


def test_a_key_is_never_null() -> None:
    for key, columns in ((SUM_KEY, SUM_COLUMNS), (AB_RESULTS_KEY, AB_RESULTS_COLUMNS)):
        by_name = {column.name: column for column in columns}
        assert len(by_name) == len(columns)
        assert not any(by_name[name].nullable for name in key)
