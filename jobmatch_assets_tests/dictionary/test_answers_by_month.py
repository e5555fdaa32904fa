"""Answers about the market, employers and revenue equal gold, row by row; currencies are never put together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.question import QuestionError
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.published.copy import opened
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.market import months_of, postings_of
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.dictionary.asking import Asking, assert_equal, cells, cells_of
from jobmatch_assets_tests.dictionary.test_answers import DATE_COLUMNS

TABLES = ("postings_daily", "employers_monthly", "revenue_monthly")


@pytest.fixture(scope="module")
def of_project() -> Mapping[str, Any]:
    return DbtProject(Settings.from_environment({})).manifest


@pytest.fixture(scope="module")
def market(of_project: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Asking:
    path: Path = tmp_path_factory.mktemp("copy") / "gold.duckdb"
    copy = postings_of(Copy(path), 5)
    months_of(copy)
    return Asking(of_project, path)


@pytest.mark.parametrize("table", TABLES)
def test_every_metric_is_in_its_answers_as_in_its_rows(
    table: str, market: Asking, of_project: Mapping[str, Any]
) -> None:
    of = SemanticTable.all_of(of_project)[table]
    metrics = [metric for metric in Dictionary.of(of_project) if metric.table == table]
    assert len(metrics) >= 11
    with opened(market.published) as gold:
        for rows in of.rows:
            split_by = [name for name in of.dimensions if name in rows or name not in of.rolled_up]
            condition = " and ".join(
                f"{name} {'<>' if name in rows else '='} '{ALL}'" for name in sorted(of.rolled_up)
            )
            answered = market(*(metric.name for metric in metrics), by=split_by)
            for metric in metrics:
                columns = ", ".join([DATE_COLUMNS[table], *split_by, metric.column])
                sql = f"select {columns} from {table} where {condition}"
                assert_equal(cells(answered, metric.name), cells_of(gold, sql))


def test_months_add_up_where_they_may(market: Asking) -> None:
    found = market("monthly_net", "monthly_placements", by=["currency"], grain="all")
    with opened(market.published) as gold:
        sql = f"select currency, sum(net) from revenue_monthly where company_id = '{ALL}' group by all"
        assert_equal(cells(found, "monthly_net"), cells_of(gold, sql))


@pytest.mark.parametrize(
    ("metric", "asked", "why"),
    [
        ("monthly_net", {}, "amounts of different currencies have no sum"),
        (
            "monthly_outstanding",
            {"by": ["currency"], "grain": "all"},
            "over months: each month has its own.* --grain month",
        ),
        ("monthly_active_employers", {"grain": "all"}, "over months: one company is in several months"),
        ("monthly_filled_90d_rate", {"grain": "all"}, "over months"),
        (
            "monthly_placed",
            {"grain": "week"},
            "by month, from its first date on, and a week is no number of months",
        ),
        ("monthly_placed", {"dates": ("2026-01-02", "2026-02-03")}, "--from 2026-01-01 --to 2026-02-28"),
        ("live_postings", {"grain": "week"}, "over dates: each day has its own"),
        ("live_openings", {"where": [("category", "!=", "nursing")]}, "what it counts can be in several"),
        ("posted", {"by": ["category", "country"]}, "no rows by category and country together"),
    ],
)
def test_what_has_no_sum_is_refused(metric: str, asked: dict[str, Any], why: str, market: Asking) -> None:
    with pytest.raises(QuestionError, match=why):
        market(metric, **asked)


def test_days_and_months_need_a_grain_that_both_have(market: Asking) -> None:
    with pytest.raises(QuestionError, match="counted by day and some by month: say --grain month"):
        market("posted", "monthly_placed")
    found = market("posted", "monthly_placed", grain="month", dates=("2026-03-01", "2026-03-31"))
    assert [(row["posted"], row["monthly_placed"]) for row in found.rows] == [(5 * 9 * 4, 8)]
