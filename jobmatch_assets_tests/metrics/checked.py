"""Runs the statistics and checks what must hold for every row."""

import math
from typing import Any

import pandas as pd

from jobmatch_assets.metrics.ab_results import AB_RESULTS_SCHEMA, compute_ab_results
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS
from jobmatch_assets.metrics.experiment_registry import Experiment
from jobmatch_assets_tests.metrics.sums import Totals

NO_REGISTRY: dict[str, Experiment] = {}
RELATIVE = ("relative_ci_low", "relative_ci_high")
FROM_STANDARD_ERROR = (*RELATIVE, "ci_low", "ci_high", "p_value", "seq_ci_low", "seq_ci_high")
ONLY_IF_OK = ("effect", "relative_effect", "std_error", *FROM_STANDARD_ERROR, "adjusted_p_value")


def units(count: int, *, lift: int = 0) -> list[Totals]:
    """Units that vary in everything that is measured."""
    return [(10 + n % 7, n % 3 + (lift if n % 2 else 0), n % 2 if n % 3 else 0) for n in range(count)]


def results(sums: pd.DataFrame, registry: dict[str, Experiment] = NO_REGISTRY) -> list[dict[str, Any]]:
    """The rows, after checks of what holds for all."""
    table = compute_ab_results(sums, registry)
    assert table.schema.equals(AB_RESULTS_SCHEMA)
    table.validate(full=True)
    rows = table.to_pylist()
    for row in rows:
        for column in AB_RESULTS_COLUMNS:
            value = row[column.name]
            assert value is not None or column.nullable, column.name
            assert not isinstance(value, float) or math.isfinite(value), column.name
        if row["status"] != "ok":
            assert [row[name] for name in ONLY_IF_OK] == [None] * len(ONLY_IF_OK)
        if not row["std_error"]:
            assert [row[name] for name in FROM_STANDARD_ERROR] == [None] * len(FROM_STANDARD_ERROR)
        has_ratio = row["p_value"] is not None and bool(row["value_control"] and row["value_treatment"])
        assert [row[name] is not None for name in RELATIVE] == [has_ratio] * 2
        if has_ratio:
            assert -1 <= row["relative_ci_low"] <= row["relative_effect"] + 1e-9
            assert row["relative_effect"] <= row["relative_ci_high"] + 1e-9 * (
                1 + abs(row["relative_effect"])
            )
        assert (row["p_value"] is None) == (row["adjusted_p_value"] is None)
    return rows


def row_of(rows: list[dict[str, Any]], metric: str, variant: str = "treatment") -> dict[str, Any]:
    (row,) = [row for row in rows if row["metric"] == metric and row["variant"] == variant]
    return row


def statuses(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["variant"]: row["status"] for row in rows}
