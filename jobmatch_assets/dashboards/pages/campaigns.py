"""Campaign desk: what campaigns cost and bring, and whether their budgets last."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.budgets import budgets
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Table, Tile

_CAMPAIGNS, _LEDGER, _PERFORMANCE = "campaign_daily", "job_spend_hourly", "job_performance_hourly"
_COSTS, _BUDGETS = "costs", "budgets"
_NO_CAMPAIGN = {"campaign_id": 0}
_MOST_CAMPAIGNS = 1000

_BY_CURRENCY = ("currency",)
_BUDGET = (
    *("campaign_id", "company_id", "status", "budget_amount", "budget_currency", "budget_period"),
    *("spend_in_period", "spend_other_currency", "elapsed_share", "pacing", "budget_left"),
    *("exhausted_at", "spend_after_exhausted"),
)

_TABLES = (
    Table(
        _CAMPAIGNS,
        ("clicks", "conversion", "qualified_application", "spend"),
        "event_date",
        _BY_CURRENCY,
        (_BY_CURRENCY,),
        key=_COSTS,
        # On a date without a bid, applications are what earlier clicks of the campaign brought.
        carried={"currency": ("campaign_id",)},
        is_summed=True,
    ),
    Table(
        _CAMPAIGNS,
        _BUDGET,
        "event_date",
        newest_by=("campaign_id",),
        key=_BUDGETS,
        at_most=_MOST_CAMPAIGNS,
        largest_first=("event_date", "pacing"),
    ),
    Table(
        _LEDGER,
        ("clicks", "spend_hour", "spend_repeat"),
        "event_date",
        _BY_CURRENCY,
        (_BY_CURRENCY,),
        without=_NO_CAMPAIGN,
        is_summed=True,
    ),
    Table(
        _PERFORMANCE,
        ("clicks", "repeat_clicks", "clicks_without_bid"),
        "event_date",
        without=_NO_CAMPAIGN,
        is_summed=True,
    ),
    Table("dim_campaign", ("campaign_id", "name"), where={"is_current": True}),
)

_COUNTS = {
    "cpc": ("clicks", "Cost per click", "clicks"),
    "cpa": ("conversion", "Cost per application", "applications"),
    "cpqa": ("qualified_application", "Cost per qualified application", "qualified applications"),
}


def _lines(label: str, form: str, of: str) -> dict[str, Any]:
    currency = (("panel", "currency", ""),)
    return plain_lines(label, ",.4~f", form, of, what=label, more=currency, height=160)


def _shares(label: str) -> dict[str, Any]:
    return plain_lines(label, ".1~%", ".1%", "of clicks", what=label, height=180)


def _amounts(name: str, title: str, caption: str, column: str, none: str) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="amounts_by_date",
        options={"column": column, "none": none},
        columns=(
            Column("day", "Date", "date"),
            Column("panel", "Currency"),
            Column("value", "Amount", "money"),
            Column("n", "Clicks with a bid n", "count"),
        ),
        spec=partial(_lines, "amount", ",.2f", "clicks with a bid"),
        metrics=(f"ledger_{column}",),
        in_panels=True,
    )


def _cost(name: str) -> Chart:
    column, title, of = _COUNTS[name]
    return Chart(
        name=f"{name}_by_date",
        title=title,
        caption=f"Over the seven days up to and with each date: what was spent, by the {of} of the same "
        "campaigns. A gap: there were none, or the data do not reach back seven days.",
        rows="costs_by_date",
        options={"count": column},
        columns=(
            Column("day", "Date", "date"),
            Column("panel", "Currency"),
            Column("value", "Cost", "money"),
            Column("spend", "Spend of seven days", "money"),
            Column("n", f"{of.capitalize()} n", "count"),
        ),
        spec=partial(_lines, "cost", ",.4~f", of),
        metrics=(name,),
        in_panels=True,
        is_wide=False,
    )


def _cost_tile(name: str) -> Tile:
    column, title, of = _COUNTS[name]
    return Tile(name, title, "cost", {"count": column, "of": of}, "money", metric=name)


def _share_of_clicks(name: str, title: str, caption: str, column: str) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="of_campaigns",
        options={
            "rows": "quotients_by_date",
            "table": _PERFORMANCE,
            "quotients": [{"series": title, "numerator": column, "denominator": "clicks"}],
        },
        columns=(
            Column("day", "Date", "date"),
            Column("hits", "Clicks", "count"),
            Column("value", "Share", "percent"),
            Column("n", "All clicks n", "count"),
        ),
        spec=partial(_shares, "share of clicks"),
        metrics=(f"performance_{column}", "performance_clicks"),
        is_wide=False,
    )


_BY_CURRENCY_TABLE = Chart(
    name="by_currency",
    title="Costs by currency",
    caption="Of the dates shown. Amounts of different currencies are never added up. What a campaign got on "
    "a date without a bid counts in the currency of its last bid before.",
    rows="costs_by_currency",
    columns=(
        Column("currency", "Currency"),
        Column("spend", "Spend", "money"),
        Column("clicks", "Clicks", "count"),
        Column("cpc", "Per click", "money"),
        Column("conversion", "Applications", "count"),
        Column("cpa", "Per application", "money"),
        Column("qualified_application", "Qualified", "count"),
        Column("cpqa", "Per qualified", "money"),
    ),
    metrics=("campaign_clicks", "campaign_conversion", "campaign_qualified_application"),
)

_PACE = Chart(
    name="pace",
    title="How far budgets have gone",
    caption="Bar: the share of the budget that is spent in its period; mark: the share of the period that is "
    "over. A bar beyond its mark goes too fast. Red: the budget is used up. The twenty that are furthest; "
    "bars end at 150 %, their numbers do not.",
    rows="furthest_budgets",
    columns=(
        Column("label", "Campaign", "name"),
        Column("used", "Of the budget", "percent"),
        Column("elapsed", "Of its time", "percent"),
        Column("pacing", "Pace", "figures"),
    ),
    spec=partial(
        budgets,
        (
            ("label", "campaign", ""),
            ("used", "spent of the budget", ".1%"),
            ("elapsed", "of its time is over", ".1%"),
            ("pacing", "pace", ".2f"),
            ("amount", "budget", ""),
        ),
    ),
    metrics=("pacing", "elapsed_share"),
)

_ALL_BUDGETS = Chart(
    name="all_budgets",
    title="All budgets",
    caption="Pace is spend by what the budget is for until then: 1 is even, above it the money goes too "
    "fast. Red: the budget is used up. A campaign that has ended stands here as of its last date.",
    rows="budgets",
    columns=(
        Column("label", "Campaign", "name"),
        Column("company_id", "Company", "name"),
        Column("status", "Status"),
        Column("event_date", "As of", "date"),
        Column("budget_period", "Per"),
        Column("budget_currency", "Currency"),
        Column("budget_amount", "Budget", "money"),
        Column("spend_in_period", "Spent", "money"),
        Column("budget_left", "Left", "money"),
        Column("used", "Spent of it", "percent"),
        Column("elapsed", "Time over", "percent"),
        Column("pacing", "Pace", "figures"),
        Column("used_up", "Used up"),
        Column("spend_after_exhausted", "Spent after", "money"),
        Column("others", "Other currencies"),
    ),
    metrics=("spend_in_period", "budget_left", "spend_after_exhausted"),
)

PAGE = Page(
    name="campaigns",
    title="Campaign desk",
    question="What do campaigns cost and bring, and will their budgets last?",
    position=52,
    tables=_TABLES,
    filters=(Filter("currency", "Currency"),),
    sections=(
        Section(
            "What do they cost?",
            (
                Tile(
                    "spend", "Spend", "spend", {"column": "spend_hour"}, "money", metric="ledger_spend_hour"
                ),
                *map(_cost_tile, _COUNTS),
                _BY_CURRENCY_TABLE,
                _amounts(
                    "spend_by_date",
                    "Spend by date",
                    "Bids of the clicks of a date, each currency on a scale of its own.",
                    "spend_hour",
                    "Nothing was spent",
                ),
                *map(_cost, _COUNTS),
            ),
            intro="Spend is the sum of the bids of clicks. An application counts on its own date, which may "
            "be after that of the click: compare weeks, not dates. Numbers are of the currency with the most "
            "clicks where none is chosen.",
        ),
        Section(
            "Will budgets last?",
            (
                Tile("used_up", "Budgets used up", "budgets_that", {"are": "used_up"}),
                Tile("too_fast", "Going too fast", "budgets_that", {"are": "too_fast"}),
                Tile("too_slow", "Going too slowly", "budgets_that", {"are": "too_slow"}),
                Tile(
                    "spend_after_exhausted",
                    "Spent after budgets were used up",
                    "spent_after",
                    {},
                    "money",
                    metric="spend_after_exhausted",
                ),
                _PACE,
                _ALL_BUDGETS,
            ),
            intro="As of the last date, whatever dates are chosen, of campaigns that run on it; the table "
            "also has those that ended on one of the dates shown. Too fast: a pace above 1.1; too slowly: "
            "below 0.9.",
        ),
        Section(
            "Are clicks paid twice?",
            (
                Tile(
                    "repeat_share",
                    "Clicks that repeat another",
                    "of_campaigns",
                    {
                        "value": "quotient",
                        "table": _PERFORMANCE,
                        "numerator": "repeat_clicks",
                        "denominator": "clicks",
                        "of": "clicks",
                    },
                    "percent",
                    metric="performance_repeat_clicks",
                ),
                Tile(
                    "spend_repeat",
                    "Spent on them",
                    "spend",
                    {"column": "spend_repeat"},
                    "money",
                    metric="ledger_spend_repeat",
                ),
                _amounts(
                    "repeat_spend_by_date",
                    "Spent on clicks that repeat another",
                    "A part of the spend above; nothing is taken off it.",
                    "spend_repeat",
                    "Nothing was spent on clicks that repeat another",
                ),
                _share_of_clicks(
                    "repeats",
                    "Clicks that repeat another",
                    "The share of a campaign's clicks that came at most ten seconds after another of the "
                    "same user on the same job.",
                    "repeat_clicks",
                ),
                _share_of_clicks(
                    "without_bid",
                    "Clicks without a bid",
                    "The share of clicks that cost nothing, as they name no bid. Where it rises, costs per "
                    "click fall: look at what the product sends first.",
                    "clicks_without_bid",
                ),
            ),
            intro="Somebody who clicks the same job again within ten seconds has seldom seen anything new.",
        ),
    ),
    scripts=("quotients.js", "campaigns.js"),
)
