"""The contracts of the gold tables that are computed by day, and by week."""

from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.table_contract import (
    ROUNDING,
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    near,
    not_negative,
    one_of,
    quotient,
    shares,
    within,
)
from jobmatch_assets.contracts.vocabulary import (
    ALL,
    DEVICE_TYPES,
    OTHER,
    PLATFORMS,
    RANK_CUTOFFS,
    SURFACES,
    UNKNOWN,
)

_LAST_RANK = 21  # stands for every rank beyond 20


def _is_a_grouping_set(rows: Rows) -> Condition:
    rolled_up = sum((rows[column] == ALL).cast("int64") for column in ("platform", "device_type", "surface"))
    return rolled_up != 1


_FUNNEL_RULES = (
    one_of("platform", (*PLATFORMS, OTHER, UNKNOWN, ALL)),
    one_of("device_type", (*DEVICE_TYPES, OTHER, UNKNOWN, ALL)),
    one_of("surface", (*SURFACES, ALL)),
    Rule(
        "row_is_of_a_grouping_set",
        f"platform, device_type and surface are all rolled up to {ALL}, all but one, or none",
        (),
        _is_a_grouping_set,
    ),
    not_negative(
        (
            *("searches", "impressions", "clicks", "job_views", "applies", "zero_result_searches"),
            *("users_search", "users_impression", "users_click", "users_apply"),
            *("entered", "reached_impression", "reached_click", "reached_apply"),
        )
    ),
    Rule(
        "row_has_events",
        "the row counts an event or a user who entered",
        ("searches", "impressions", "clicks", "job_views", "applies", "entered"),
        lambda rows: (
            rows.searches + rows.impressions + rows.clicks + rows.job_views + rows.applies + rows.entered > 0
        ),
    ),
    within(
        (
            ("users_search", "searches"),
            ("users_impression", "impressions"),
            ("users_click", "clicks"),
            ("users_apply", "applies"),
            ("zero_result_searches", "searches"),
        ),
        "users_are_within_events",
    ),
    within((("entered", "users_search"),), "cohort_has_searched"),
    within(
        (
            ("reached_impression", "entered"),
            ("reached_click", "reached_impression"),
            ("reached_apply", "reached_click"),
        ),
        "steps_fall",
    ),
    shares(
        (
            *("search_to_impression_rate", "impression_to_click_rate"),
            *("click_to_apply_rate", "search_to_apply_rate"),
        )
    ),
    quotient("ctr_user_level", "users_click", "users_impression"),
    quotient("apply_per_click_user_level", "users_apply", "users_click"),
    quotient("search_to_impression_rate", "reached_impression", "entered"),
    quotient("impression_to_click_rate", "reached_click", "reached_impression"),
    quotient("click_to_apply_rate", "reached_apply", "reached_click"),
    quotient("search_to_apply_rate", "reached_apply", "entered"),
)

FUNNEL_DAILY = TableContract(
    "gold",
    "funnel_daily",
    By("event_date"),
    grain=("event_date", "platform", "device_type", "surface"),
    rules=_FUNNEL_RULES,
)

FUNNEL_WEEKLY = TableContract(
    "gold",
    "funnel_weekly",
    By("week_start", "week"),
    grain=("week_start", "platform", "device_type", "surface"),
    rules=_FUNNEL_RULES,
)


def _squares_are_within(name: str, s: str, ss: str, sn: str, nn: str, units: str) -> Rule:
    """Of sums over units of what each has at most once a list: 0 <= Σs² <= Σsn <= Σn², and Cauchy-Schwarz."""

    def holds(rows: Rows) -> Condition:
        total, squares, products, lists, count = (
            rows[column].cast("float64") for column in (s, ss, sn, nn, units)
        )
        pairs = (
            *((squares, products), (products, lists)),
            *((total * total, squares * count), (products * products, squares * lists)),
        )
        return (squares >= 0) & every(less <= more + ROUNDING * (1 + more) for less, more in pairs)

    return Rule(
        name,
        f"0 <= {ss} <= {sn} <= {nn}, {s}² <= {ss} * {units}, {sn}² <= {ss} * {nn}",
        (s, ss, sn, nn, units),
        holds,
    )


RANKING_METRICS_DAILY = TableContract(
    "gold",
    "ranking_metrics_daily",
    By("event_date"),
    grain=("event_date", "surface", "experiment_id", "variant", "k"),
    rules=(
        one_of("surface", (*SURFACES, ALL)),
        one_of("k", RANK_CUTOFFS),
        Rule(
            "row_is_of_a_grouping_set",
            f"where experiment_id is {ALL}, variant is too; where it is not, surface is {ALL}",
            (),
            # A product may call an experiment or a variant (none), so these two need not go together.
            lambda rows: (rows.experiment_id == ALL).ifelse(rows.variant == ALL, rows.surface == ALL),
        ),
        Rule("row_has_lists", "lists is 1 or more", ("lists",), lambda rows: rows.lists >= 1),
        within(
            (
                ("interacted_lists", "lists"),
                ("clicked_at_k", "shown_at_k"),
                ("applied_at_k", "shown_at_k"),
            ),
            "counts_are_within_bounds",
        ),
        shares(
            (
                *("ctr_at_k", "apply_rate_at_k", "success_at_k"),
                *("mrr_at_k", "ndcg_at_k", "ndcg_at_k_all"),
            )
        ),
        quotient("ctr_at_k", "clicked_at_k", "shown_at_k"),
        quotient("apply_rate_at_k", "applied_at_k", "shown_at_k"),
        Rule(
            "success_is_within_interaction",
            "success_at_k * lists <= interacted_lists",
            ("lists", "interacted_lists", "success_at_k"),
            lambda rows: rows.success_at_k * rows.lists <= rows.interacted_lists + ROUNDING * rows.lists,
        ),
        Rule(
            "mrr_is_within_bounds",
            "success_at_k / k <= mrr_at_k, and mrr_at_k * lists <= interacted_lists",
            ("lists", "interacted_lists", "success_at_k", "mrr_at_k"),
            lambda rows: (
                (rows.mrr_at_k >= rows.success_at_k / rows.k - ROUNDING)
                & (rows.mrr_at_k * rows.lists <= rows.interacted_lists + ROUNDING * rows.lists)
            ),
        ),
        Rule(
            "ndcg_over_all_lists_follows",
            "ndcg_at_k_all * lists = ndcg_at_k * interacted_lists; ndcg_at_k is NULL where nothing was "
            "interacted with",
            ("lists", "interacted_lists", "ndcg_at_k", "ndcg_at_k_all"),
            lambda rows: (
                (rows.ndcg_at_k.isnull() == (rows.interacted_lists == 0))
                & near(
                    rows.ndcg_at_k_all * rows.lists,
                    rows.ndcg_at_k.fill_null(0.0) * rows.interacted_lists,
                )
            ),
        ),
        within(
            (
                *(
                    ("units", "lists"),
                    ("interacted_units", "units"),
                    ("interacted_units", "interacted_lists"),
                ),
                *(("lists", "lists_nn"), ("interacted_lists", "interacted_nn"), ("success_lists", "lists")),
                *(("success_lists", "success_ss"), ("success_ss", "success_sn"), ("success_sn", "lists_nn")),
                ("interacted_nn", "lists_nn"),
            ),
            "sums_by_unit_are_within_bounds",
        ),
        Rule(
            "sums_are_those_of_the_means",
            "rr_sum = mrr_at_k * lists, success_lists = success_at_k * lists, ndcg_sum = ndcg_at_k * "
            "interacted_lists",
            ("lists", "interacted_lists", "rr_sum", "success_lists", "ndcg_sum"),
            lambda rows: (
                near(rows.rr_sum, rows.mrr_at_k * rows.lists)
                & near(rows.success_lists, rows.success_at_k * rows.lists)
                & near(rows.ndcg_sum, rows.ndcg_at_k.fill_null(0.0) * rows.interacted_lists)
            ),
        ),
        _squares_are_within(
            "rr_squares_are_within_bounds", *("rr_sum", "rr_ss", "rr_sn", "lists_nn", "units")
        ),
        _squares_are_within(
            "success_squares_are_within_bounds",
            *("success_lists", "success_ss", "success_sn", "lists_nn", "units"),
        ),
        _squares_are_within(
            "ndcg_squares_are_within_bounds",
            *("ndcg_sum", "ndcg_ss", "ndcg_sn", "interacted_nn", "interacted_units"),
        ),
    ),
)


def _bucket_is_that_of_the_rank(rows: Rows) -> Condition:
    rank, bucket = rows.rank_position, rows.k_bucket
    return every(
        (bucket == name) == ((rank >= first) & (rank <= last))
        for name, first, last in (
            ("k01", 1, 1),
            ("k03", 2, 3),
            ("k05", 4, 5),
            ("k10", 6, 10),
            ("k20", 11, 20),
            ("k_gt20", _LAST_RANK, _LAST_RANK),
        )
    )


RANKING_POSITION_DAILY = TableContract(
    "gold",
    "ranking_position_daily",
    By("event_date"),
    grain=("event_date", "surface", "rank_position"),
    rules=(
        one_of("surface", (*SURFACES, ALL)),
        Rule(
            "rank_is_1_to_21",
            "rank_position is 1 to 20, or 21 for all beyond",
            (),
            lambda rows: rows.rank_position.between(1, _LAST_RANK),
        ),
        Rule(
            "bucket_is_that_of_the_rank",
            "k_bucket is k01, k03, k05, k10, k20 or k_gt20 as rank_position says",
            ("k_bucket",),
            _bucket_is_that_of_the_rank,
        ),
        Rule("row_was_shown", "shown is 1 or more", ("shown",), lambda rows: rows.shown >= 1),
        within((("clicked", "shown"), ("applied", "shown")), "counts_are_within_bounds"),
        shares(("ctr", "apply_rate")),
        quotient("ctr", "clicked", "shown"),
        quotient("apply_rate", "applied", "shown"),
    ),
)

SEARCH_QUALITY_DAILY = TableContract(
    "gold",
    "search_quality_daily",
    By("event_date"),
    grain=("event_date", "surface"),
    rules=(
        one_of("surface", (*SURFACES, ALL)),
        not_negative(("searches", "lists", "unattributed_clicks", "unattributed_applies")),
        within(
            (
                ("zero_result_searches", "counted_searches"),
                ("counted_searches", "searches"),
                ("abandoned_lists", "lists"),
            ),
            "counts_are_within_bounds",
        ),
        Rule(
            "row_counts_something",
            "the row counts a search, a list or an unattributed action",
            ("searches", "lists", "unattributed_clicks", "unattributed_applies"),
            lambda rows: (
                rows.searches + rows.lists + rows.unattributed_clicks + rows.unattributed_applies > 0
            ),
        ),
        shares(("zero_result_rate", "abandonment_rate")),
        quotient("abandonment_rate", "abandoned_lists", "lists"),
        quotient("zero_result_rate", "zero_result_searches", "counted_searches"),
        Rule(
            "click_values_are_within_bounds",
            "mean_click_position is 1 or more, median_seconds_to_first_click 0 or more",
            ("mean_click_position", "median_seconds_to_first_click"),
            lambda rows: (
                (rows.mean_click_position.fill_null(1.0) >= 1)
                & (rows.median_seconds_to_first_click.fill_null(0.0) >= 0)
            ),
        ),
        Rule(
            "click_values_exist_with_clicks",
            "mean_click_position and median_seconds_to_first_click are NULL, and clicked_items 0, exactly "
            "without a clicked list",
            (
                *("lists", "abandoned_lists", "clicked_items"),
                *("mean_click_position", "median_seconds_to_first_click"),
            ),
            lambda rows: (
                (rows.mean_click_position.isnull() == (rows.lists == rows.abandoned_lists))
                & ((rows.clicked_items == 0) == (rows.lists == rows.abandoned_lists))
                & (rows.median_seconds_to_first_click.isnull() == (rows.lists == rows.abandoned_lists))
            ),
        ),
    ),
)
