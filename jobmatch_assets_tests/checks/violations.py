"""For every rule of every contract a change of rows that breaks it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Violation:
    """An UPDATE of some rows of one date.

    Attributes:
        change: What is set.
        where: Which rows of the date; there must be some.
        day: The date.
        also: Rules that cannot hold when this one is broken so.
    """

    change: str
    where: str = "true"
    day: str = "2026-03-01"
    also: frozenset[str] = frozenset()


def _rule(change: str, where: str = "true", day: str = "2026-03-01", also: tuple[str, ...] = ()) -> Violation:
    return Violation(change, where, day, frozenset(also))


_LINE = {
    "line_number_starts_at_1": _rule("_source_line = 0", "_source_line = 1"),
    "file_is_named_by_its_hash": _rule("_source_sha256 = 'f0'", "_source_line = 2"),
}
_BROKEN = {"where": "reason = 'bad_field_type'", "day": "2026-03-02"}

VIOLATIONS: dict[str, dict[str, Violation]] = {
    "bronze/events_raw": {
        **_LINE,
        "raw_form_is_known": _rule("raw_form = 'utf16'"),
        "line_is_not_empty": _rule("line_bytes = 0, raw_line = ''", "_source_line < 4"),
        "head_only_of_long_lines": _rule("raw_form = 'head_base64'", "_source_line < 4"),
        "text_has_its_length": _rule("line_bytes = 4 * length(raw_line) + 1", "_source_line < 4"),
        "file_is_of_its_day": _rule("_source_file = 'dt=2026-03-02/x.ndjson'", "_source_file like 'dt=%'"),
    },
    "silver/stg_events": {
        **_LINE,
        "event_is_not_after_its_file": _rule(
            "event_date = _source_dt + 2, event_ts = event_ts + to_days((_source_dt + 2) - event_date)",
            "_source_line < 4",
        ),
        "raw_form_is_known": _rule("raw_form = 'utf16'"),
        "reason_is_known": _rule("reason = 'odd'", **_BROKEN),
        "valid_line_is_complete": _rule("event_name = null", "reason is null and event_name = 'login'"),
        "date_of_a_valid_line_is_that_of_its_time": _rule(
            "event_ts = event_ts - interval 1 day", "reason is null"
        ),
    },
    "silver/events": {
        **_LINE,
        "event_is_not_after_its_file": _rule("_source_dt = date '2026-02-27'", "_source_line < 9"),
        "event_name_is_known": _rule("event_name = 'yawn'", "event_name = 'login'"),
        "schema_version_is_known": _rule("schema_version = 3", "event_name = 'login'"),
        "surface_is_known": _rule("surface = 'tv'", "event_name = 'login'"),
        "platform_is_known": _rule("platform = 'tv'", "platform = 'web'"),
        "device_type_is_known": _rule("device_type = 'watch'", "device_type = 'mobile'"),
        "application_status_is_known": _rule("application_status = 'lost'", "application_status is not null"),
        "date_is_that_of_the_time": _rule("event_ts = event_ts + interval 1 day"),
        "event_id_has_1_to_128_characters": _rule("event_id = event_id || repeat('x', 128)"),
        "unit_is_user_or_device": _rule("unit_id = 'somebody'"),
        "empty_texts_are_missing": _rule("session_id = ''", "event_name = 'click'"),
        "rank_starts_at_1": _rule("rank_position = 0", "rank_position = 1"),
        "results_count_is_not_negative": _rule("results_count = -1", "event_name = 'search'"),
        "bid_is_a_price": _rule("bid = 0.5, currency = null", "event_name = 'click'"),
        "event_about_a_job_names_it": _rule("job_id = null", "event_name = 'bookmark'"),
        "search_is_named": _rule("search_id = null", "event_name = 'search' and schema_version = 2"),
        "impression_in_a_list_has_a_rank": _rule(
            "rank_position = null", "event_name = 'impression' and search_id is not null"
        ),
        "application_status_is_of_an_application": _rule(
            "application_id = null", "event_name = 'application_status'"
        ),
        "experiments_are_complete": _rule(
            "experiments = [{'experiment_id': 'e', 'variant': null}]", "event_name = 'login'"
        ),
    },
    "silver/events_duplicates": {
        "line_number_starts_at_1": _rule("_source_line = -_source_line"),
        "file_is_named_by_its_hash": _rule("_source_sha256 = 'f0'"),
        "event_is_not_after_its_file": _rule("_source_dt = date '2026-02-01'"),
        "better_line_is_another": _rule(
            "better_source_file = _source_file, better_source_sha256 = _source_sha256, "
            "better_source_line = _source_line"
        ),
        "better_line_is_a_line": _rule("better_source_line = 0"),
    },
    "silver/events_quarantine": {
        "line_number_starts_at_1": _rule("_source_line = -_source_line", **_BROKEN),
        "file_is_named_by_its_hash": _rule("_source_sha256 = 'f0'", **_BROKEN),
        "event_is_not_after_its_file": _rule("_source_dt = date '2026-02-01'", **_BROKEN),
        "reason_is_known": _rule("reason = 'odd'", **_BROKEN),
        "raw_form_is_known": _rule("raw_form = 'utf16'", **_BROKEN),
        "reason_fits_the_form": _rule("raw_form = 'base64'", **_BROKEN),
    },
    "gold/funnel_daily": {
        "platform_is_known": _rule("platform = 'tv'", "platform = 'web'"),
        "device_type_is_known": _rule("device_type = 'watch'", "device_type = 'mobile'"),
        "surface_is_known": _rule("surface = 'tv'", "surface = 'email'"),
        "row_is_of_a_grouping_set": _rule(
            "platform = '__all__'", "platform = 'web' and device_type <> '__all__'"
        ),
        "counts_are_not_negative": _rule("job_views = -1", "platform = '__all__' and searches > 1"),
        "row_has_events": _rule(
            "searches = 0, impressions = 0, clicks = 0, job_views = 0, applies = 0, "
            "zero_result_searches = 0, users_search = 0, users_impression = 0, users_click = 0, "
            "users_apply = 0, entered = 0, reached_impression = 0, reached_click = 0, reached_apply = 0, "
            "ctr_user_level = null, apply_per_click_user_level = null, search_to_impression_rate = null, "
            "impression_to_click_rate = null, click_to_apply_rate = null, search_to_apply_rate = null",
            "platform = 'web'",
        ),
        "users_are_within_events": _rule("zero_result_searches = searches + 1"),
        "cohort_has_searched": _rule(
            "entered = users_search + 1, "
            "search_to_impression_rate = reached_impression::double / (users_search + 1), "
            "search_to_apply_rate = reached_apply::double / (users_search + 1)",
            "entered > 0",
        ),
        "steps_fall": _rule(
            "reached_apply = reached_click + 1, "
            "click_to_apply_rate = (reached_click + 1)::double / reached_click, "
            "search_to_apply_rate = (reached_click + 1)::double / entered",
            "reached_click > 0",
            also=("rates_are_shares",),
        ),
        "rates_are_shares": _rule(
            "click_to_apply_rate = 1.01", "reached_click > 0", also=("click_to_apply_rate_is_its_quotient",)
        ),
        "ctr_user_level_is_its_quotient": _rule("ctr_user_level = 0.123", "users_impression > 0"),
        "apply_per_click_user_level_is_its_quotient": _rule(
            "apply_per_click_user_level = null", "users_click > 0"
        ),
        "search_to_impression_rate_is_its_quotient": _rule(
            "search_to_impression_rate = 0.123", "entered > 0"
        ),
        "impression_to_click_rate_is_its_quotient": _rule(
            "impression_to_click_rate = 0", "reached_click > 0"
        ),
        "click_to_apply_rate_is_its_quotient": _rule("click_to_apply_rate = 0", "reached_click = 0"),
        "search_to_apply_rate_is_its_quotient": _rule("search_to_apply_rate = null", "entered > 0"),
    },
    "gold/ranking_metrics_daily": {
        "surface_is_known": _rule("surface = 'tv'", "surface = 'email'"),
        "k_is_known": _rule("k = 6", "k = 5"),
        "row_is_of_a_grouping_set": _rule("surface = 'search'", "variant = 'treatment'"),
        "row_has_lists": _rule(
            "lists = 0, interacted_lists = 0, success_at_k = 0, mrr_at_k = 0, ndcg_at_k = null, "
            "ndcg_at_k_all = 0",
            "variant = 'control'",
        ),
        "counts_are_within_bounds": _rule(
            "interacted_lists = lists + 1, ndcg_at_k = 0, ndcg_at_k_all = 0", "variant = 'control'"
        ),
        "rates_are_shares": _rule(
            "ndcg_at_k = 1.5, ndcg_at_k_all = 1.5 * interacted_lists / lists", "interacted_lists > 0"
        ),
        "ctr_at_k_is_its_quotient": _rule("ctr_at_k = 0.123", "shown_at_k > 0"),
        "apply_rate_at_k_is_its_quotient": _rule("apply_rate_at_k = null", "shown_at_k > 0"),
        "success_is_within_interaction": _rule(
            "success_at_k = 1, mrr_at_k = 0.05",
            "k = 20 and interacted_lists < lists and interacted_lists > 0.05 * lists",
        ),
        "mrr_is_within_bounds": _rule("mrr_at_k = 0", "success_at_k > 0"),
        "sums_by_unit_are_within_bounds": _rule("interacted_units = units + 1", "interacted_lists > units"),
        "sums_are_those_of_the_means": _rule("rr_sum = rr_sum * 0.99", "rr_sum > 0"),
        "rr_squares_are_within_bounds": _rule("rr_ss = rr_sum * rr_sum / units * 0.99", "rr_sum > 0"),
        "success_squares_are_within_bounds": _rule(
            "success_sn = lists_nn", "success_ss > 0 and success_ss < lists_nn"
        ),
        "ndcg_squares_are_within_bounds": _rule("ndcg_sn = ndcg_sn * 1.5 + interacted_nn", "ndcg_sum > 0"),
        "ndcg_over_all_lists_follows": _rule("ndcg_at_k_all = ndcg_at_k_all / 2", "ndcg_at_k_all > 0"),
    },
    "gold/ranking_position_daily": {
        "surface_is_known": _rule("surface = 'tv'", "surface = 'email'"),
        "rank_is_1_to_21": _rule(
            "rank_position = 0", "rank_position = 1", also=("bucket_is_that_of_the_rank",)
        ),
        "bucket_is_that_of_the_rank": _rule("k_bucket = 'k05'", "rank_position = 2"),
        "row_was_shown": _rule(
            "shown = 0, clicked = 0, applied = 0, ctr = null, apply_rate = null",
            "rank_position = 2",
            also=("ctr_is_not_null", "apply_rate_is_not_null"),
        ),
        "counts_are_within_bounds": _rule(
            "clicked = shown + 1, ctr = (shown + 1)::double / shown", also=("rates_are_shares",)
        ),
        "rates_are_shares": _rule("ctr = 1.5", also=("ctr_is_its_quotient",)),
        "ctr_is_its_quotient": _rule("ctr = 0.123"),
        "apply_rate_is_its_quotient": _rule("apply_rate = 0.123"),
    },
    "gold/search_quality_daily": {
        "surface_is_known": _rule("surface = 'tv'", "surface = 'email'"),
        "counts_are_not_negative": _rule("unattributed_clicks = -1", "searches > 40"),
        "counts_are_within_bounds": _rule(
            "counted_searches = searches + 1, zero_result_rate = zero_result_searches / (searches + 1)"
        ),
        "row_counts_something": _rule(
            "searches = 0, zero_result_searches = 0, counted_searches = 0, zero_result_rate = null, lists = 0, "
            "abandoned_lists = 0, abandonment_rate = null, clicked_items = 0, mean_click_position = null, median_seconds_to_first_click = null, "
            "unattributed_clicks = 0, unattributed_applies = 0"
        ),
        "rates_are_shares": _rule(
            "zero_result_rate = 1.5", "zero_result_searches > 0", also=("zero_result_rate_is_its_quotient",)
        ),
        "abandonment_rate_is_its_quotient": _rule("abandonment_rate = 0.123", "lists > 0"),
        "zero_result_rate_is_its_quotient": _rule("zero_result_rate = 0", "zero_result_searches > 0"),
        "click_values_are_within_bounds": _rule(
            "mean_click_position = 0.5", "mean_click_position is not null"
        ),
        "click_values_exist_with_clicks": _rule("clicked_items = 0", "clicked_items > 0"),
    },
    "gold/data_health_daily": {
        "row_has_lines": _rule(
            "lines = 0, events = 0, duplicates = 0, quarantined = 0, quarantined_share = null, "
            "newest_event_ts = null, late_1_day = 0, late_2_days_or_more = 0, with_ingested_at = 0, "
            "median_lateness_seconds = null, p95_lateness_seconds = null",
            also=("quarantined_share_is_not_null",),
        ),
        "lines_have_one_outcome": _rule("duplicates = duplicates + 1"),
        "counts_are_within_bounds": _rule("late_2_days_or_more = -1"),
        "late_events_are_within_events": _rule("late_1_day = events, late_2_days_or_more = 1"),
        "rates_are_shares": _rule("quarantined_share = 1.5", also=("quarantined_share_is_its_quotient",)),
        "quarantined_share_is_its_quotient": _rule("quarantined_share = 0.999"),
        "newest_event_is_of_the_date": _rule("newest_event_ts = newest_event_ts + interval 1 day"),
        "lateness_exists_with_ingested_at": _rule("p95_lateness_seconds = null"),
        "percentiles_are_ordered": _rule("median_lateness_seconds = p95_lateness_seconds + 1"),
    },
    "gold/quarantine_daily": {
        "reason_is_known": _rule("reason = 'odd'", **_BROKEN),
        "row_has_lines": _rule("lines = 0", **_BROKEN),
    },
    "gold/ab_metrics_daily": {
        "row_has_units": _rule(
            "units = 0, users_impression = 0, users_click = 0, users_apply = 0, ctr_user_level = null, "
            "apply_per_click_user_level = null"
        ),
        "users_are_within_units": _rule("units = 1", "users_impression > 1"),
        "users_are_within_events": _rule("clicks = users_click - 1", "users_click > 0"),
        "ctr_user_level_is_its_quotient": _rule("ctr_user_level = 0.123", "users_impression > 0"),
        "apply_per_click_user_level_is_its_quotient": _rule(
            "apply_per_click_user_level = null", "users_click > 0"
        ),
        "squares_are_at_least_sums": _rule("sum_ii = impressions - 1, sum_ic = 0, sum_ia = 0"),
        "products_are_within_squares": _rule("sum_ca = sum_cc + sum_aa"),
    },
    "gold/ab_cumulative_sums": {
        "users_are_within_units": _rule(
            "sum_u = units + 1, sum_a = sum_a + units + 1, sum_aa = sum_aa + sum_a + units + 1"
        ),
        "units_are_within_the_experiment": _rule("multiple_variant_units = experiment_units + 1"),
        "squares_are_at_least_sums": _rule("sum_ii = sum_i - 1, sum_ic = 0", "sum_i > 0"),
        "products_are_within_squares": _rule("sum_ca = -1"),
    },
    "gold/ab_results": {
        "metric_is_known": _rule("metric = 'odd'", "metric = 'ctr'"),
        "status_is_known": _rule("status = 'fine'", "status = 'no_control'"),
        "counts_are_not_negative": _rule("multiple_variant_units = -1"),
        "values_are_not_negative": _rule("value_control = -1", "status = 'invalid_multiple_variants'"),
        "no_invalid_winner": _rule(
            "effect = value_treatment - value_control", "status = 'invalid_multiple_variants'"
        ),
        "ok_has_enough_units": _rule("units_control = 99", "status = 'ok'", day="2026-03-04"),
        "effect_is_the_difference": _rule(
            "value_control = value_control / 2", "status = 'ok' and value_control > 0", day="2026-03-04"
        ),
        "p_values_are_probabilities": _rule("srm_p_value = 1.5"),
        "intervals_hold_the_effect": _rule(
            "seq_ci_low = effect + 1", "seq_ci_low is not null", day="2026-03-04"
        ),
        "interval_comes_whole": _rule("seq_ci_high = null", "p_value is not null", day="2026-03-04"),
        "relative_interval_holds_the_effect": _rule(
            "relative_ci_low = relative_effect + 1", "relative_ci_low is not null", day="2026-03-04"
        ),
        "relative_interval_comes_with_the_other": _rule(
            "relative_ci_high = null", "relative_ci_high is not null", day="2026-03-04"
        ),
        "std_error_is_not_negative": _rule("std_error = -1", "status = 'ok'", day="2026-03-04"),
    },
}
"""{table: {rule: violation}}."""

# The week of 1 March.
VIOLATIONS["gold/funnel_weekly"] = {
    rule: replace(violation, day="2026-02-23") for rule, violation in VIOLATIONS["gold/funnel_daily"].items()
}
