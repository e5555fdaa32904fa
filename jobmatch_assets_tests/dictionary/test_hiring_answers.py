"""Answers about hiring and users equal their tables, on a platform that has entities."""

from collections.abc import Iterator

import duckdb
import pytest

from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.question import QuestionError
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.published.copy import opened
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.dictionary.asking import Asking, assert_equal, cells, cells_of

DATES = {
    "hiring_funnel_daily": "applied_date",
    "hiring_activity_daily": "date",
    "response_time_daily": "applied_date",
    "stage_time_weekly": "week_start",
    "time_to_fill": "as_of_date",
    "time_to_hire_weekly": "week_start",
    "users_daily": "date",
}


@pytest.fixture(scope="module")
def asking(golden_subjects: Workbench) -> Asking:
    return Asking(golden_subjects.platform.dbt.manifest, golden_subjects.settings.published_path)


@pytest.fixture(scope="module")
def gold(golden_subjects: Workbench) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(golden_subjects.settings.published_path) as connection:
        yield connection


@pytest.mark.parametrize("table", DATES)
def test_every_metric_is_in_its_answers_as_in_its_rows(
    table: str, asking: Asking, gold: duckdb.DuckDBPyConnection
) -> None:
    seen = SemanticTable.all_of(asking.manifest)[table]
    metrics = Dictionary.of(asking.manifest).of_table(table)
    assert metrics
    for rows in seen.rows:
        by = [name for name in seen.dimensions if name in rows or name not in seen.rolled_up]
        kind = [f"{name} {'<>' if name in rows else '='} '{ALL}'" for name in sorted(seen.rolled_up)]
        answered = asking(*(metric.name for metric in metrics), by=by)
        for metric in metrics:
            columns = ", ".join([DATES[table], *by, f'"{metric.column}"'])
            expected = cells_of(gold, f"select {columns} from {table} where {' and '.join(kind) or 'true'}")
            assert_equal(cells(answered, metric.name), expected)


def test_rates_of_stages_are_put_together_as_quotients_of_sums(
    asking: Asking, gold: duckdb.DuckDBPyConnection
) -> None:
    found = asking("placed_overall", grain="month", by=["channel"])
    expected = cells_of(
        gold,
        "select date_trunc('month', applied_date)::date, channel, sum(reached_placed) / sum(applications) "
        f"from hiring_funnel_daily where channel <> '{ALL}' group by all",
    )
    assert_equal(cells(found, "placed_overall"), expected)


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("responded_7d_rate", "dates that are too young have no count"),
        ("median_hours_to_response", "a median of medians"),
        ("filled_share_60", "it follows from the days of all openings"),
    ],
)
def test_what_cannot_be_put_together_over_dates_says_why(asking: Asking, metric: str, reason: str) -> None:
    with pytest.raises(QuestionError, match=reason):
        asking(metric, grain="month")
