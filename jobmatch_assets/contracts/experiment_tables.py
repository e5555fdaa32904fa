"""The contracts of the gold tables about experiments."""

from jobmatch_assets.contracts.clock import By, Since
from jobmatch_assets.contracts.table_contract import (
    ROUNDING,
    Rule,
    TableContract,
    every,
    near,
    not_negative,
    one_of,
    quotient,
    within,
)
from jobmatch_assets.contracts.vocabulary import AB_METRICS, AB_STATUSES

LEAST_UNITS = 100
"""An arm with fewer units is `insufficient`."""

SRM_LIMIT = 0.001
"""A smaller p-value of the units per variant is `invalid_srm`."""

_PUBLISHED = (
    *("effect", "relative_effect", "relative_ci_low", "relative_ci_high", "std_error"),
    *("ci_low", "ci_high", "p_value", "seq_ci_low", "seq_ci_high", "adjusted_p_value"),
)
_TESTED = ("ci_low", "ci_high", "seq_ci_low", "seq_ci_high", "adjusted_p_value")


def _squares_are_at_least(sums: dict[str, str]) -> Rule:
    """Σx² >= Σx for whole numbers, and nothing below 0. {Σx: Σx²}."""
    return within(tuple(sums.items()), "squares_are_at_least_sums")


def _products_are_within_squares(products: dict[str, tuple[str, str]]) -> Rule:
    """0 <= 2Σxy <= Σx² + Σy². {Σxy: (Σx², Σy²)}."""
    return Rule(
        "products_are_within_squares",
        ", ".join(f"0 <= 2 {xy} <= {xx} + {yy}" for xy, (xx, yy) in products.items()),
        tuple(dict.fromkeys(column for xy, squares in products.items() for column in (xy, *squares))),
        lambda rows: every(
            (rows[xy] >= 0) & (2 * rows[xy] <= rows[xx] + rows[yy]) for xy, (xx, yy) in products.items()
        ),
    )


AB_METRICS_DAILY = TableContract(
    "gold",
    "ab_metrics_daily",
    By("event_date"),
    grain=("event_date", "experiment_id", "variant"),
    rules=(
        Rule("row_has_units", "units is 1 or more", ("units",), lambda rows: rows.units >= 1),
        within(
            (("users_impression", "units"), ("users_click", "units"), ("users_apply", "units")),
            "users_are_within_units",
        ),
        within(
            (("users_impression", "impressions"), ("users_click", "clicks"), ("users_apply", "applies")),
            "users_are_within_events",
        ),
        quotient("ctr_user_level", "users_click", "users_impression"),
        quotient("apply_per_click_user_level", "users_apply", "users_click"),
        _squares_are_at_least({"impressions": "sum_ii", "clicks": "sum_cc", "applies": "sum_aa"}),
        _products_are_within_squares(
            {
                "sum_ic": ("sum_ii", "sum_cc"),
                "sum_ca": ("sum_cc", "sum_aa"),
                "sum_ia": ("sum_ii", "sum_aa"),
            }
        ),
    ),
)

AB_CUMULATIVE_SUMS = TableContract(
    "gold",
    "ab_cumulative_sums",
    Since("as_of_date"),
    grain=("as_of_date", "experiment_id", "variant"),
    rules=(
        within((("sum_u", "units"), ("sum_u", "sum_a")), "users_are_within_units"),
        within(
            (("units", "experiment_units"), ("multiple_variant_units", "experiment_units")),
            "units_are_within_the_experiment",
        ),
        _squares_are_at_least({"sum_i": "sum_ii", "sum_c": "sum_cc", "sum_a": "sum_aa"}),
        _products_are_within_squares({"sum_ic": ("sum_ii", "sum_cc"), "sum_ca": ("sum_cc", "sum_aa")}),
    ),
)

AB_RESULTS = TableContract(
    "gold",
    "ab_results",
    Since("as_of_date"),
    grain=("as_of_date", "experiment_id", "variant", "metric"),
    rules=(
        one_of("metric", AB_METRICS),
        one_of("status", AB_STATUSES),
        not_negative(("units_control", "units_treatment", "multiple_variant_units")),
        Rule(
            "values_are_not_negative",
            "value_control and value_treatment are 0 or more, and at most 1 for apply_user_rate",
            ("value_control", "value_treatment"),
            lambda rows: every(
                (rows[value].fill_null(0.0) >= 0)
                & ((rows.metric != "apply_user_rate") | (rows[value].fill_null(0.0) <= 1))
                for value in ("value_control", "value_treatment")
            ),
        ),
        Rule(
            "no_invalid_winner",
            f"{', '.join(_PUBLISHED)} are NULL unless status is ok",
            ("status", *_PUBLISHED),
            lambda rows: (rows.status == "ok") | every(rows[column].isnull() for column in _PUBLISHED),
        ),
        Rule(
            "ok_has_enough_units",
            f"ok and insufficient have a srm_p_value of {SRM_LIMIT} or more, or none; ok has {LEAST_UNITS} "
            "units in both arms",
            ("status", "units_control", "units_treatment", "srm_p_value"),
            lambda rows: (
                (
                    (rows.status != "ok")
                    | ((rows.units_control >= LEAST_UNITS) & (rows.units_treatment >= LEAST_UNITS))
                )
                & (~rows.status.isin(("ok", "insufficient")) | (rows.srm_p_value.fill_null(1.0) >= SRM_LIMIT))
            ),
        ),
        Rule(
            "effect_is_the_difference",
            "effect = value_treatment - value_control, relative_effect = effect / value_control",
            ("value_control", "value_treatment", "effect", "relative_effect"),
            lambda rows: (
                near(rows.effect, rows.value_treatment - rows.value_control).fill_null(True)
                & near(rows.relative_effect, rows.effect / rows.value_control.nullif(0.0)).fill_null(True)
            ),
        ),
        Rule(
            "p_values_are_probabilities",
            "p_value, adjusted_p_value and srm_p_value lie between 0 and 1, the adjusted not below p_value",
            ("p_value", "adjusted_p_value", "srm_p_value"),
            lambda rows: (
                rows.p_value.fill_null(0.0).between(0, 1)
                & rows.adjusted_p_value.fill_null(1.0).between(rows.p_value.fill_null(0.0), 1)
                & rows.srm_p_value.fill_null(0.0).between(0, 1)
            ),
        ),
        Rule(
            "intervals_hold_the_effect",
            "ci_low <= effect <= ci_high and seq_ci_low <= effect <= seq_ci_high",
            ("effect", "ci_low", "ci_high", "seq_ci_low", "seq_ci_high"),
            lambda rows: (
                rows.effect.between(rows.ci_low, rows.ci_high)
                & rows.effect.between(rows.seq_ci_low, rows.seq_ci_high)
            ),
        ),
        Rule(
            "interval_comes_whole",
            f"{', '.join(_TESTED)} are NULL exactly where p_value is",
            ("p_value", *_TESTED),
            lambda rows: every(rows[column].isnull() == rows.p_value.isnull() for column in _TESTED),
        ),
        Rule(
            "relative_interval_holds_the_effect",
            "-1 <= relative_ci_low <= relative_effect <= relative_ci_high",
            ("relative_effect", "relative_ci_low", "relative_ci_high"),
            lambda rows: (
                (rows.relative_ci_low >= -1)
                & (rows.relative_effect >= rows.relative_ci_low - ROUNDING)
                & (
                    rows.relative_effect
                    <= rows.relative_ci_high + ROUNDING * (1 + rows.relative_effect.abs())
                )
            ),
        ),
        Rule(
            "relative_interval_comes_with_the_other",
            "relative_ci_low and relative_ci_high are NULL exactly where p_value or relative_effect is, or "
            "value_treatment is 0",
            ("p_value", "relative_effect", "value_treatment", "relative_ci_low", "relative_ci_high"),
            lambda rows: every(
                rows[column].isnull()
                == (
                    rows.p_value.isnull()
                    | rows.relative_effect.isnull()
                    | (rows.value_treatment.fill_null(0.0) == 0)
                )
                for column in ("relative_ci_low", "relative_ci_high")
            ),
        ),
        Rule(
            "std_error_is_not_negative",
            "std_error is 0 or more",
            ("std_error",),
            lambda rows: rows.std_error >= 0,
        ),
    ),
)

AB_UNITS_DAILY = TableContract(
    "silver", "ab_units_daily", By("event_date"), grain=("event_date", "experiment_id", "variant", "unit_id")
)
