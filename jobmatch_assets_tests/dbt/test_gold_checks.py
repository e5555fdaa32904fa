"""Every dbt test can fail: each finds the violation planted for it, no other test minds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobmatch_assets_tests.dbt.small_warehouse import SmallWarehouse

# Statements that break one test each, by the table they are about.
VIOLATIONS: dict[str, dict[str, str]] = {
    "job_matching_silver.stg_events": {
        "stg_events_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "stg_events_key_is_not_null": "update {t} set event_date = null where event_name = 'login'",
        "stg_events_reason_is_known": "update {t} set reason = 'odd' where reason = 'not_json'",
        "lines_are_staged": "delete from {t} where reason = 'not_json'",
    },
    "job_matching_silver.events": {
        "events_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "events_required_columns_are_not_null": "update {t} set unit_id = null",
        "events_name_is_known": "update {t} set event_name = 'yawn' where event_name = 'login'",
        "events_surface_is_known": "update {t} set surface = 'tv' where event_name = 'login'",
        "events_date_is_that_of_the_time": "update {t} set event_date = event_date + 1",
        "events_rank_is_positive": "update {t} set rank_position = 0 where rank_position = 1",
        "lines_are_conserved": "delete from {t} where event_name = 'login' and unit_id = 'bob'",
    },
    "job_matching_silver.events_duplicates": {
        "events_duplicates_grain_is_unique": "insert into {t} select * from {t}",
        "events_duplicates_required_columns_are_not_null": "update {t} set event_id = null",
        "events_duplicates_better_line_is_another": ("update {t} set better_source_line = _source_line"),
    },
    "job_matching_silver.events_quarantine": {
        "events_quarantine_grain_is_unique": "insert into {t} select * from {t}",
        "events_quarantine_required_columns_are_not_null": "update {t} set _source_line = null",
        "events_quarantine_reason_is_known": "update {t} set reason = 'odd'",
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
    # Rows of one platform are in no sum that another test looks at.
    "job_matching_gold.funnel_daily": {
        "funnel_daily_grain_is_unique": """
            insert into {t} select * from {t} where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_key_is_not_null": """
            update {t} set platform = null where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_counts_are_not_negative": """
            update {t} set job_views = -1 where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_row_has_events": """
            update {t} set
                searches = 0, impressions = 0, clicks = 0, applies = 0, users_search = 0,
                users_impression = 0, users_click = 0, users_apply = 0,
                entered = 0, reached_impression = 0, reached_click = 0, reached_apply = 0
            where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_users_are_within_events": """
            update {t} set users_click = clicks + 1
            where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_cohort_has_searched": """
            update {t} set entered = users_search + 1
            where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_steps_fall": """
            update {t} set reached_apply = reached_click + 1
            where platform = 'web' and device_type = '__all__'
        """,
        "funnel_daily_user_level_rates_are_not_negative": "update {t} set ctr_user_level = -0.1",
        "funnel_daily_step_rates_are_shares": "update {t} set click_to_apply_rate = 1.01",
        "funnel_daily_combinations_add_up": """
            update {t} set reached_apply = 0
            where platform = 'web' and device_type = 'desktop' and surface = 'search'
        """,
    },
    # Rows of an experiment are in no sum that another test looks at.
    "job_matching_gold.ranking_metrics_daily": {
        "ranking_metrics_daily_grain_is_unique": """
            insert into {t} select * from {t} where variant = 'control' and k = 5
        """,
        "ranking_metrics_daily_key_is_not_null": """
            update {t} set variant = null where variant = 'control'
        """,
        "ranking_metrics_daily_cutoff_is_known": """
            update {t} set k = 4 where variant = 'control' and k = 5
        """,
        "ranking_metrics_daily_has_every_cutoff": """
            delete from {t} where variant = 'control' and k = 5
        """,
        "ranking_metrics_daily_counts_are_within_bounds": """
            update {t} set clicked_at_k = shown_at_k + 1 where variant = 'control' and k = 20
        """,
        "ranking_metrics_daily_rates_are_shares": "update {t} set ctr_at_k = 1.01",
        "ranking_metrics_daily_ndcg_is_within_bounds": "update {t} set ndcg_at_k = 1.01",
        "ranking_metrics_daily_success_is_within_interaction": """
            update {t} set lists = 10, interacted_lists = 5, success_at_k = 0.9, mrr_at_k = 0.5
            where variant = 'blue' and k > 1
        """,
        "ranking_metrics_daily_mrr_is_within_bounds": """
            update {t} set mrr_at_k = 0 where variant = 'blue'
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
        "ranking_position_daily_grain_is_unique": """
            insert into {t} select * from {t} where rank_position = 1
        """,
        "ranking_position_daily_columns_are_not_null": "update {t} set apply_rate = null",
        "ranking_position_daily_rank_is_known": """
            update {t} set rank_position = 25 where rank_position = 21
        """,
        "ranking_position_daily_bucket_is_that_of_the_rank": """
            update {t} set k_bucket = 'k05' where rank_position = 2
        """,
        "ranking_position_daily_counts_are_within_bounds": """
            update {t} set applied = shown + 1 where rank_position = 21
        """,
        "ranking_position_daily_rates_are_shares": "update {t} set ctr = 1.01",
        "ranking_position_daily_surfaces_add_up": """
            update {t} set clicked = 1 where rank_position = 21 and surface = '__all__'
        """,
    },
    "job_matching_gold.search_quality_daily": {
        "search_quality_daily_grain_is_unique": "insert into {t} select * from {t}",
        "search_quality_daily_counts_are_not_null": "update {t} set unattributed_applies = null",
        "search_quality_daily_counts_are_within_bounds": """
            update {t} set zero_result_searches = searches + 1
            where event_date = '2026-03-03' and surface in ('__all__', 'search')
        """,
        "search_quality_daily_row_counts_something": """
            insert into {t} select * replace (
                'email' as surface, 0 as searches, 0 as unattributed_clicks
            )
            from {t} where event_date = '2026-03-03' and surface = 'search'
        """,
        "search_quality_daily_rates_are_shares": "update {t} set abandonment_rate = -0.01",
        "search_quality_daily_click_values_are_within_bounds": """
            update {t} set mean_click_position = 0.9 where mean_click_position is not null
        """,
        "search_quality_daily_click_values_exist_with_clicks": """
            update {t} set median_seconds_to_first_click = null
        """,
        "search_quality_daily_surfaces_add_up": """
            update {t} set unattributed_clicks = 2 where surface = 'direct'
        """,
    },
    "job_matching_gold.ab_metrics_daily": {
        "ab_metrics_daily_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "ab_metrics_daily_key_is_not_null": "update {t} set variant = null where variant = 'blue'",
        "ab_metrics_daily_users_are_within_units": "update {t} set units = 0 where variant = 'red'",
        "ab_metrics_daily_users_are_within_events": """
            update {t} set clicks = 0 where variant = 'blue' and users_click = 1
        """,
        "ab_metrics_daily_user_level_rates_are_not_negative": """
            update {t} set apply_per_click_user_level = -0.1
        """,
        "ab_metrics_daily_squares_are_at_least_sums": """
            update {t} set sum_ii = 1, sum_ic = 0, sum_ia = 0 where variant = 'control'
        """,
        "ab_metrics_daily_products_are_within_squares": """
            update {t} set sum_ic = sum_ii + sum_cc where variant = 'control'
        """,
    },
    # No unit has shown the variant red only.
    "job_matching_gold.ab_cumulative_sums": {
        "ab_cumulative_sums_grain_is_unique": """
            insert into {t} select * from {t} where variant = 'red'
        """,
        "ab_cumulative_sums_columns_are_not_null": "update {t} set sum_ca = null",
        "ab_cumulative_sums_users_are_within_units": """
            update {t} set sum_u = 2, sum_a = 2, sum_aa = 4 where variant = 'control'
        """,
        "ab_cumulative_sums_counts_are_not_negative": "update {t} set sum_c = -1",
        "ab_cumulative_sums_squares_are_at_least_sums": """
            update {t} set sum_ii = 1, sum_ic = 0 where variant = 'control'
        """,
        "ab_cumulative_sums_products_are_within_squares": """
            update {t} set sum_ic = sum_ii + sum_cc where variant = 'control'
        """,
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
OF_SEVERAL_TABLES = ("lines_are_staged", "lines_are_conserved")
"""They count lines, so many a violation of another test is one of theirs, too."""

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
        outcome = warehouse.dbt("test", "--select", model, "--exclude-resource-type", "unit_test")

    assert outcome.failed - {*OF_SEVERAL_TABLES} == {name} - {*OF_SEVERAL_TABLES}
    assert name in outcome.failed


@pytest.mark.parametrize(
    ("end", "failed"),
    [("2026-03-03", set()), ("2026-03-04", {"search_quality_daily_rates_are_shares"})],
    ids=["violation outside", "violation inside"],
)
def test_a_check_looks_at_the_window_only(warehouse: SmallWarehouse, end: str, failed: set[str]) -> None:
    with warehouse.planted(
        "job_matching_gold.search_quality_daily",
        "update {t} set abandonment_rate = 2 where event_date = '2026-03-03'",
    ):
        outcome = warehouse.dbt(
            "build",
            *("--select", "search_quality_daily", "--resource-type", "test"),
            *("--event-time-start", "2026-03-02", "--event-time-end", end),
        )

    assert outcome.failed == failed
