"""The contracts of what campaigns got and spent by date, and of their budgets."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.entities.tables import BUDGET_PERIODS, CAMPAIGN_STATUSES
from jobmatch_assets.contracts.subjects.performance import (
    COUNTS_OF_DEEDS,
    has_no_sum_if_mixed,
    spends_in_a_currency,
)
from jobmatch_assets.contracts.table_contract import (
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    near,
    not_negative,
    one_of,
    shares,
    within,
)

_BUDGET = ("budget_amount", "budget_currency", "budget_period")

_OF_BUDGET = ("spend_in_period", "spend_other_currency", "budget_left", "spend_after_exhausted")
"""What is NULL exactly where the budget is not known."""


def _is_a_campaign() -> Rule:
    return Rule(
        "row_is_of_a_campaign", "campaign_id is not 0", ("campaign_id",), lambda rows: rows.campaign_id != 0
    )


def _is_known(rows: Rows) -> Condition:
    return every(rows[column].notnull() for column in _BUDGET)


def _cost(cost: str, count: str) -> Rule:
    def is_cost(rows: Rows) -> Condition:
        is_empty = (rows[count] == 0) | rows.spend.isnull()
        expected = rows.spend.cast("float64") / rows[count].nullif(0)
        return (rows[cost].isnull() == is_empty) & near(rows[cost], expected).fill_null(True)

    return Rule(
        f"{cost}_is_its_quotient",
        f"{cost} is spend / {count}, and NULL exactly where that is 0 or spend is NULL",
        (cost, "spend", count),
        is_cost,
    )


def _is_not_later(instant: str) -> Rule:
    return Rule(
        f"{instant}_is_not_later",
        f"the date of {instant} is not after event_date",
        ("event_date", instant),
        lambda rows: rows[instant].date() <= rows.event_date,
    )


def _spends_after(rows: Rows) -> Condition:
    is_reached = rows.exhausted_at.notnull()
    return (
        (rows.spend_after_exhausted >= 0)
        & (rows.spend_after_exhausted <= rows.spend_in_period)
        & (is_reached | (rows.spend_after_exhausted == 0))
    )


def _only_what_is_reached_is_exceeded() -> Rule:
    return Rule(
        "spend_after_exhausted_is_part_of_it",
        "0 <= spend_after_exhausted <= spend_in_period, and 0 where exhausted_at is NULL",
        ("spend_in_period", "exhausted_at", "spend_after_exhausted"),
        _spends_after,
    )


def _is_exhausted_by_its_spend(rows: Rows) -> Condition:
    is_reached = rows.exhausted_at.notnull()
    is_spent = rows.spend_in_period >= rows.budget_amount
    # A budget of 0 is reached with a click and not before.
    return (is_reached == is_spent) | (is_spent & (rows.budget_amount == 0))


def _has_pace(rows: Rows) -> Condition:
    planned = rows.budget_amount.cast("float64") * rows.elapsed_share
    expected = rows.spend_in_period.cast("float64") / planned.nullif(0)
    return (rows.pacing.isnull() == expected.isnull()) & near(rows.pacing, expected).fill_null(True)


CAMPAIGN_DATES = TableContract(
    "silver",
    "campaign_dates",
    Whole(),
    grain=("event_date", "campaign_id"),
    rules=(
        _is_a_campaign(),
        one_of("status", CAMPAIGN_STATUSES),
        one_of("budget_period", BUDGET_PERIODS),
        Rule(
            "budget_is_whole",
            f"has_budget is true exactly where {', '.join(_BUDGET)} are not NULL",
            ("has_budget", *_BUDGET),
            lambda rows: rows.has_budget == _is_known(rows),
        ),
        Rule(
            "only_budgets_have_a_period",
            "period_first_date and period_last_date are NULL without a budget",
            ("has_budget", "period_first_date", "period_last_date"),
            lambda rows: rows.has_budget | (rows.period_first_date.isnull() & rows.period_last_date.isnull()),
        ),
        Rule(
            "date_lies_in_its_period",
            "period_first_date <= event_date <= period_last_date, but for a budget in total",
            ("event_date", "budget_period", "period_first_date", "period_last_date"),
            lambda rows: (
                ~rows.has_budget
                | (rows.budget_period == "total")
                | rows.event_date.between(rows.period_first_date, rows.period_last_date).fill_null(False)
            ),
        ),
    ),
)

CAMPAIGN_BUDGETS = TableContract(
    "silver",
    "campaign_budgets",
    Whole(),
    grain=("event_date", "campaign_id"),
    rules=(
        _is_a_campaign(),
        not_negative(("spend_in_period",)),
        within((("days_by_then", "days_of_period"),), "days_by_then_are_of_the_period"),
        _is_not_later("exhausted_at"),
        _only_what_is_reached_is_exceeded(),
    ),
)

CAMPAIGN_DAILY = TableContract(
    "gold",
    "campaign_daily",
    Whole(),
    grain=("event_date", "campaign_id"),
    rules=(
        _is_a_campaign(),
        not_negative(COUNTS_OF_DEEDS),
        has_no_sum_if_mixed("spend"),
        spends_in_a_currency("spend"),
        _cost("cpc", "clicks"),
        _cost("cpa", "conversion"),
        _cost("cpqa", "qualified_application"),
        one_of("status", CAMPAIGN_STATUSES),
        one_of("budget_period", BUDGET_PERIODS),
        Rule(
            "budget_is_whole",
            f"{', '.join(_OF_BUDGET)} are NULL exactly where one of {', '.join(_BUDGET)} is",
            (*_BUDGET, *_OF_BUDGET),
            lambda rows: every(rows[column].notnull() == _is_known(rows) for column in _OF_BUDGET),
        ),
        Rule(
            "period_spends_what_its_date_does",
            "spend_in_period is at least spend, where that is in budget_currency and the budget is not total",
            ("spend_in_period", "spend", "currency", "budget_currency", "budget_period"),
            lambda rows: (
                (rows.currency != rows.budget_currency)
                | (rows.budget_period == "total")
                | (rows.spend_in_period >= rows.spend)
            ),
        ),
        shares(("elapsed_share",)),
        Rule(
            "pacing_is_its_quotient",
            "pacing is spend_in_period / (budget_amount * elapsed_share), and NULL where that is 0 or NULL",
            ("pacing", "spend_in_period", "budget_amount", "elapsed_share"),
            _has_pace,
        ),
        Rule(
            "budget_left_is_the_rest",
            "budget_left is budget_amount - spend_in_period",
            ("budget_left", "budget_amount", "spend_in_period"),
            lambda rows: rows.budget_left == rows.budget_amount - rows.spend_in_period,
        ),
        Rule(
            "budget_is_exhausted_by_its_spend",
            "exhausted_at is there exactly where spend_in_period is budget_amount or more",
            ("exhausted_at", "spend_in_period", "budget_amount"),
            _is_exhausted_by_its_spend,
        ),
        _is_not_later("exhausted_at"),
        _only_what_is_reached_is_exceeded(),
    ),
)

CAMPAIGN_TABLES = (CAMPAIGN_DATES, CAMPAIGN_BUDGETS, CAMPAIGN_DAILY)
"""In the order in which they are built."""
