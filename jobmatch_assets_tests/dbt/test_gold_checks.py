"""Every dbt test can fail: each finds the violation planted for it, no other test minds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobmatch_assets_tests.dbt.small_warehouse import SmallWarehouse

# Statements that break one test each, by the table they are about.
VIOLATIONS: dict[str, dict[str, str]] = {
    "job_matching_silver.stg_events": {
        "lines_are_staged": "delete from {t} where reason = 'not_json'",
    },
    "job_matching_silver.stg_search_dates": {
        "search_dates_are_those_of_lines": "update {t} set search_id = 'elsewhere' where search_id = 's1'",
        "stg_search_dates_grain_is_unique": "insert into {t} select * from {t} limit 1",
    },
    "job_matching_silver.events": {
        "lines_are_conserved": "delete from {t} where event_name = 'login' and unit_id = 'bob'",
    },
    "job_matching_silver.result_list_items": {
        "result_list_items_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "result_list_items_required_columns_are_not_null": "update {t} set gain = null",
        "result_list_items_rank_is_positive": "update {t} set rank_position = 0",
        "result_list_items_gain_follows_from_actions": "update {t} set gain = 2 where gain = 1",
        "result_list_items_times_are_ordered": """
            update {t} set first_shown_at = first_shown_at - interval 1 second where gain = 0
        """,
        "result_list_items_click_has_a_time": "update {t} set first_clicked_at = null",
        "result_list_items_date_is_that_of_the_list": """
            update {t} set event_date = event_date + 1 where search_id = 's1'
        """,
        "result_lists_have_one_date": """
            update {t} set
                event_date = event_date + 1,
                list_first_shown_at = list_first_shown_at + interval 1 day,
                first_shown_at = first_shown_at + interval 1 day
            where job_id = 'j3'
        """,
    },
    "job_matching_silver.ab_units_daily": {
        "ab_units_daily_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "ab_units_daily_columns_are_not_null": "update {t} set clicks = null where unit_id = 'ann'",
        "ab_units_daily_counts_are_not_negative": "update {t} set applies = -1",
    },
    "job_matching_gold.funnel_daily": {
        "funnel_daily_reconciles_with_silver": """
            update {t} set job_views = job_views + 1
            where event_date = '2026-03-02' and (platform, device_type, surface) in
            (('__all__', '__all__', '__all__'), ('web', 'desktop', 'search'))
        """,
        "funnel_daily_combinations_add_up": """
            update {t} set reached_apply = 0
            where platform = 'web' and device_type = 'desktop' and surface = 'search'
        """,
    },
    # Rows of an experiment are in no sum that another test looks at.
    "job_matching_gold.ranking_metrics_daily": {
        "ranking_metrics_daily_reconciles_with_silver": """
            update {t} set lists = lists + 1
            where experiment_id = '__all__' and surface in ('__all__', 'search')
        """,
        "ranking_metrics_daily_has_every_cutoff": """
            delete from {t} where variant = 'control' and k = 5
        """,
        "ranking_metrics_daily_grows_with_k": """
            update {t} set shown_at_k = shown_at_k - 1 where variant = 'control' and k = 20
        """,
        "ranking_metrics_daily_surfaces_add_up": """
            update {t} set shown_at_k = shown_at_k + 1 where surface = 'search' and k = 20
        """,
    },
    # Rank 21 (and beyond) was shown on one surface only.
    "job_matching_gold.ranking_position_daily": {
        "ranking_position_daily_reconciles_with_silver": """
            update {t} set shown = shown + 1 where rank_position = 1 and surface in ('__all__', 'search')
        """,
        "ranking_position_daily_surfaces_add_up": """
            update {t} set clicked = 1 where rank_position = 21 and surface = '__all__'
        """,
    },
    "job_matching_gold.search_quality_daily": {
        "search_quality_daily_searches_reconcile_with_silver": """
            update {t} set searches = searches + 1
            where event_date = '2026-03-02' and surface in ('__all__', 'search')
        """,
        "search_quality_daily_lists_reconcile_with_silver": """
            update {t} set lists = lists + 1
            where event_date = '2026-03-02' and surface in ('__all__', 'search')
        """,
        "search_quality_daily_surfaces_add_up": """
            update {t} set unattributed_clicks = 2 where surface = 'direct'
        """,
    },
    "job_matching_gold.ab_metrics_daily": {
        "ab_metrics_daily_reconciles_with_silver": "update {t} set clicks = clicks + 1",
    },
    # No unit has shown the variant red only.
    "job_matching_gold.ab_cumulative_sums": {
        "ab_cumulative_sums_reconcile_with_silver": "update {t} set sum_ic = sum_ic + 1",
        "ab_cumulative_sums_experiment_grows": """
            update {t} set
                multiple_variant_units = multiple_variant_units - 1,
                experiment_units = experiment_units - 1
            where as_of_date = '2026-03-04'
        """,
        "ab_cumulative_sums_dates_have_no_gap": "delete from {t} where as_of_date = '2026-03-03'",
        "ab_cumulative_sums_units_add_up": "update {t} set units = 1 where variant = 'red'",
    },
}
OF_SEVERAL_TABLES = frozenset(
    name
    for names in VIOLATIONS.values()
    for name in names
    if name.startswith("lines_") or name.endswith("_with_silver")
)
"""They compare tables, so many a violation of another test is one of theirs, too."""

CASES = [
    pytest.param(table, name, statement, id=name)
    for table, violations in VIOLATIONS.items()
    for name, statement in violations.items()
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWarehouse]:
    folder: Path = tmp_path_factory.mktemp("small_warehouse")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOBMATCH_TARGET", "duckdb")
        patch.setenv("JOBMATCH_DUCKDB_PATH", str(folder / "small.duckdb"))
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        small = SmallWarehouse(folder)
        small.build()
        yield small


def test_what_was_built_passes_and_every_test_has_a_violation(warehouse: SmallWarehouse) -> None:
    outcome = warehouse.dbt("test", "--exclude", "source:statistics", "--exclude-resource-type", "unit_test")

    assert outcome.failed == frozenset()
    assert outcome.passed == warehouse.data_tests()
    assert outcome.passed == {name for names in VIOLATIONS.values() for name in names}


def test_hand_calculated_cases(warehouse: SmallWarehouse) -> None:
    outcome = warehouse.dbt("test", "--select", "test_type:unit")

    assert outcome.failed == frozenset()
    assert len(outcome.passed) >= 5


@pytest.mark.parametrize(("table", "name", "statement"), CASES)
def test_a_violation_fails_its_test_only(
    warehouse: SmallWarehouse, table: str, name: str, statement: str
) -> None:
    model = table.split(".")[1]
    with warehouse.planted(table, statement):
        outcome = warehouse.dbt(
            "test",
            *("--select", model, "--exclude", "source:statistics", "--exclude-resource-type", "unit_test"),
        )

    assert outcome.failed - OF_SEVERAL_TABLES == {name} - OF_SEVERAL_TABLES
    assert name in outcome.failed


@pytest.mark.parametrize(
    ("end", "failed"),
    [("2026-03-03", set()), ("2026-03-04", {"search_quality_daily_surfaces_add_up"})],
    ids=["violation outside", "violation inside"],
)
def test_a_check_looks_at_the_window_only(warehouse: SmallWarehouse, end: str, failed: set[str]) -> None:
    with warehouse.planted(
        "job_matching_gold.search_quality_daily",
        "update {t} set lists = 7 where event_date = '2026-03-03' and surface = 'search'",
    ):
        outcome = warehouse.dbt(
            "build",
            *("--select", "search_quality_daily", "--resource-type", "test"),
            *("--event-time-start", "2026-03-02", "--event-time-end", end),
        )

    assert outcome.failed == failed
