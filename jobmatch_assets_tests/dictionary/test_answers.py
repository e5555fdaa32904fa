"""Answers equal gold: row by row, and where rows are put together, what gold adds up to."""

import datetime as dt
import hashlib
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dictionary import Dictionary, Metric
from jobmatch_assets.dictionary.question import GRAINS, Grain
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.errors import PlatformError
from jobmatch_assets_tests.dictionary.asking import Asking, assert_equal, cells, cells_of

FUNNEL_WHOLE = "platform = '__all__' and device_type = '__all__' and surface = '__all__'"
RANKING_WHOLE = "surface = '__all__' and experiment_id = '__all__'"
DATE_COLUMNS = {
    "funnel_daily": "event_date",
    "search_quality_daily": "event_date",
    "ranking_metrics_daily": "event_date",
    "ranking_position_daily": "event_date",
    "ab_cumulative_sums": "as_of_date",
    "funnel_weekly": "week_start",
    "data_health_daily": "date",
    "quarantine_daily": "date",
    "platform_health_daily": "event_date",
    "retention_weekly": "cohort_week",
    "postings_daily": "date",
    "employers_monthly": "month_start",
    "revenue_monthly": "month_start",
    "user_segments_daily": "date",
}
OF_ENTITIES = (
    *("campaign_daily", "job_performance_hourly", "job_spend_hourly"),
    *("hiring_funnel_daily", "hiring_activity_daily", "response_time_daily", "stage_time_weekly"),
    *("time_to_fill", "time_to_hire_weekly", "users_daily"),
    *("postings_daily", "employers_monthly", "revenue_monthly"),
)
"""Tables that are not there without entities; tests of their own ask for their numbers."""


def kinds_of_rows(table: SemanticTable) -> list[tuple[list[str], str]]:
    """(dimensions, condition) of each kind of rows that a table has."""
    found = []
    for rows in table.rows:
        split_by = [name for name in table.dimensions if name in rows or name not in table.rolled_up]
        conditions = [
            f"{name} {'<>' if name in rows else '='} '{ALL}'" for name in sorted(table.rolled_up)
        ] or ["true"]
        found.append((split_by, " and ".join(conditions)))
    return found


def test_every_metric_of_a_table_is_in_its_answers_as_in_its_rows(
    asking: Asking,
    gold: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    tables: dict[str, SemanticTable],
) -> None:
    compared = set()
    for table in tables.values():
        if table.name in OF_ENTITIES:
            continue
        metrics = [metric for metric in dictionary if metric.table == metric.source == table.name]
        for split_by, condition in kinds_of_rows(table):
            answered = asking(*(metric.name for metric in metrics), by=split_by)
            for metric in metrics:
                columns = ", ".join([DATE_COLUMNS[table.name], *split_by, f'"{metric.column}"'])
                sql = f"select {columns} from {table.name} where {condition}"
                assert_equal(cells(answered, metric.name), cells_of(gold, sql))
                compared.add(metric.name)
    others = ("ab_results", *OF_ENTITIES)
    assert compared == {metric.name for metric in dictionary if metric.table not in others}


def test_the_metrics_of_an_arm_are_those_that_results_compare(
    asking: Asking, gold: duckdb.DuckDBPyConnection, dictionary: Dictionary
) -> None:
    metrics = dictionary.of_table("ab_results")
    assert len(metrics) == 5
    for metric in metrics:
        found = cells(asking(metric.name, by=["experiment_id", "variant"]), metric.name)
        expected = cells_of(
            gold,
            "select as_of_date, experiment_id, variant, value_treatment from ab_results "
            f"where metric = '{metric.column}'",
        )
        assert expected
        assert_equal({key: found[key] for key in expected}, expected)


def summed(metric: Metric) -> str:
    """A metric over several rows, as whoever knows SQL would write it."""
    if metric.is_ratio:
        return f"sum({metric.numerator})::double / nullif(sum({metric.denominator}), 0)"
    return f"sum({metric.column})"


@pytest.mark.parametrize(
    ("grain", "date"),
    [
        ("day", "{date}, "),
        ("week", "({date} - (isodow({date}) - 1)::int), "),
        ("month", "date_trunc('month', {date})::date, "),
        ("all", ""),
    ],
)
def test_what_combines_over_dates_is_the_sum_or_the_ratio_of_sums(
    grain: Grain, date: str, asking: Asking, gold: duckdb.DuckDBPyConnection, dictionary: Dictionary
) -> None:
    wholes = {
        "funnel_daily": (FUNNEL_WHOLE, ""),
        "search_quality_daily": ("surface = '__all__'", ""),
        "ranking_metrics_daily": (RANKING_WHOLE, "k, "),
        "ranking_position_daily": ("surface = '__all__'", ""),
        "data_health_daily": ("true", ""),
        "quarantine_daily": ("true", ""),
    }
    for table, (condition, further) in wholes.items():
        metrics = [found for found in dictionary if found.table == table and "dates" in found.combines_over]
        assert metrics
        answered = asking(*(metric.name for metric in metrics), by=["k"] if further else [], grain=grain)
        columns = date.format(date=DATE_COLUMNS[table]) + further
        groups = f"group by {columns.removesuffix(', ')}" if columns else ""
        for metric in metrics:
            sql = f"select {columns}{summed(metric)} from {table} where {condition} {groups}"
            assert_equal(cells(answered, metric.name), cells_of(gold, sql))


def test_weeks_are_put_together_only_where_users_are_counted_once_a_week(
    asking: Asking, gold: duckdb.DuckDBPyConnection
) -> None:
    found = asking("weekly_search_to_apply_rate", grain="all")
    sql = f"select sum(reached_apply) / sum(entered) from funnel_weekly where {FUNNEL_WHOLE}"
    assert_equal(cells(found, "weekly_search_to_apply_rate"), cells_of(gold, sql))
    week = asking("weekly_users_click", "clicks", grain="week", dates=("2026-02-23", "2026-03-01"))
    (expected,) = gold.execute(
        "select week_start, users_click, clicks from funnel_weekly "
        f"where {FUNNEL_WHOLE} and week_start = '2026-02-23'"
    ).fetchall()
    assert [tuple(row.values()) for row in week.rows] == [expected]


def test_a_week_of_a_mean_weighs_each_day_by_its_lists(
    asking: Asking, gold: duckdb.DuckDBPyConnection
) -> None:
    found = asking("ndcg_at_k", grain="week", where=[("k", "=", "5")])
    expected = cells_of(
        gold,
        "select date_trunc('week', event_date)::date, "
        "sum(ndcg_at_k * interacted_lists) / sum(case when ndcg_at_k is not null then interacted_lists end) "
        f"from ranking_metrics_daily where {RANKING_WHOLE} and k = 5 group by 1",
    )
    assert_equal(cells(found, "ndcg_at_k"), expected)
    means = cells_of(
        gold,
        f"select date_trunc('week', event_date)::date, avg(ndcg_at_k) from ranking_metrics_daily "
        f"where {RANKING_WHOLE} and k = 5 group by 1",
    )
    assert cells(found, "ndcg_at_k") != means


def test_counts_by_dimensions_that_gold_has_no_rows_of_are_added_up_from_finer_ones(
    asking: Asking, gold: duckdb.DuckDBPyConnection
) -> None:
    found = asking("search_to_apply_rate", by=["platform", "device_type"], grain="all")
    expected = cells_of(
        gold,
        "select platform, device_type, sum(reached_apply) / nullif(sum(entered), 0) from funnel_daily "
        "where platform <> '__all__' and device_type <> '__all__' and surface <> '__all__' group by all",
    )
    assert_equal(cells(found, "search_to_apply_rate"), expected)


def test_a_filter_takes_the_rows_that_are_split_by_it(
    asking: Asking, gold: duckdb.DuckDBPyConnection
) -> None:
    found = asking("users_click", where=[("platform", "=", "ios")])
    of_ios = "platform = 'ios' and device_type = '__all__' and surface = '__all__'"
    assert_equal(
        cells(found, "users_click"),
        cells_of(gold, f"select event_date, users_click from funnel_daily where {of_ios}"),
    )
    others = asking("searches", grain="all", where=[("platform", "!=", "ios"), ("surface", "=", ALL)])
    (expected,) = gold.execute(
        "select sum(searches) from funnel_daily where platform not in ('ios', '__all__') "
        "and device_type = '__all__' and surface = '__all__'"
    ).fetchall()
    assert [tuple(row.values()) for row in others.rows] == [expected]


def test_users_of_one_date_are_told_whatever_the_grain(asking: Asking) -> None:
    by_day = cells(asking("users_click"), "users_click")
    for grain in GRAINS:
        found = asking("users_click", grain=grain, dates=("2026-03-01", "2026-03-01"))
        assert [row["users_click"] for row in found.rows] == [by_day[dt.date(2026, 3, 1),]]


def test_metrics_of_several_tables_stand_side_by_side_and_the_newest_date_first(asking: Asking) -> None:
    found = asking("lists", "searches", by=["surface"])
    assert found.columns == ["day", "surface", "lists", "searches"]
    keys = [(row["day"], row["surface"]) for row in found.rows]
    assert keys == sorted(keys, key=lambda key: (-key[0].toordinal(), key[1]))
    alone = cells(asking("searches", by=["surface"]), "searches")
    both = {(row["day"], row["surface"]): row["searches"] for row in found.rows}
    assert {key: both[key] for key in alone} == alone


def test_a_question_leaves_the_copy_as_it_is_and_other_readers_alone(asking: Asking) -> None:
    before = hashlib.sha256(asking.published.read_bytes()).hexdigest()
    with duckdb.connect(str(asking.published), read_only=True):
        asking("searches", grain="week")
    assert hashlib.sha256(asking.published.read_bytes()).hexdigest() == before
    assert not asking.published.with_name(f"{asking.published.name}.wal").exists()


def test_a_copy_of_another_version_is_told_with_what_to_do(asking: Asking, tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema job_matching_gold")
        connection.execute("create table job_matching_gold.funnel_daily (event_date date)")
    with pytest.raises(PlatformError, match=r"published copy .* lacks .*`jobmatch run` publishes it anew"):
        Asking(asking.manifest, path)("searches")
