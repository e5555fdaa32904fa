"""What campaigns cost in the week, and how far their budgets have gone; told where the copy has campaigns."""

from collections.abc import Mapping
from typing import Any

import duckdb

from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Paragraph, Part, Section, Table
from jobmatch_assets.reports.reading import Rows, has_columns, rows_of
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.wording import amount, count, name, percent, score

TABLES = ("campaign_daily", "job_spend_hourly")

_COLUMNS = {
    "campaign_daily": (
        *("event_date", "campaign_id", "clicks", "conversion", "qualified_application", "spend", "currency"),
        *("budget_currency", "budget_amount", "budget_period", "spend_in_period", "elapsed_share"),
        *("pacing", "budget_left", "exhausted_at"),
    ),
    "job_spend_hourly": ("event_date", "campaign_id", "currency", "spend_hour"),
}
_KINDS = {"clicks": "click", "conversion": "application", "qualified_application": "qualified application"}
_METRICS = (
    *("campaign_spend", "campaign_clicks", "campaign_conversion", "cpc", "cpa", "cpqa"),
    *("spend_in_period", "elapsed_share", "pacing", "budget_left"),
)
_FAST, _SLOW = 1.1, 0.9
_MOST_CAMPAIGNS = 10
_LONGEST_NAME = 24


def campaigns(connection: duckdb.DuckDBPyConnection, comparing: Comparing, _axis: TimeAxis) -> Section | None:
    """The section; None where the copy has no campaign in the week."""
    if not has_columns(connection, _COLUMNS):
        return None
    week = comparing.state.week
    parts = [*_costs(connection, comparing), *_budgets(connection, week)]
    if not parts:
        return None
    return Section(
        "Campaigns",
        "What was paid for clicks, and what it brought. Spend is the sum of the bids of clicks, by currency: "
        "nothing is converted or added over currencies. All clicks are counted, so these numbers have no "
        "interval.",
        parts,
        _METRICS,
    )


def _costs(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> list[Part]:
    """A row for each currency that was bid in the week, with the week before below each number."""
    week = comparing.state.week
    now = _by_currency(connection, week)
    before = {} if comparing.obstacle else _by_currency(connection, week.before)
    if not now:
        return []
    order = sorted(now, key=lambda currency: (-now[currency]["clicks"], currency))
    return [
        Table(
            "Costs by currency",
            (
                *("", "> Spend", "> Clicks", "> Per click"),
                *("> Applications", "> Per application", "> Qualified", "> Per qualified"),
            ),
            [
                [
                    Cell(name(currency), strong=True),
                    *_cells(now[currency], before.get(currency), currency),
                ]
                for currency in order
            ],
            (1, 2, 1.3, 1.5, 1.6, 1.9, 1.4, 1.9),
            "Below each number that of the week before. What a campaign got on a date without a bid counts "
            "in the currency of its last bid. A date of a campaign with bids in several currencies is in the "
            "spend of each, and in no cost.",
        )
    ]


def _cells(now: Mapping[str, Any], before: Mapping[str, Any] | None, currency: str) -> list[Cell]:
    def cell(form: Any) -> Cell:
        return Cell(form(now), form(before) if before else "")

    cells = [cell(lambda row: amount(row["spent"], currency))]
    for column in _KINDS:
        cells.append(cell(lambda row, column=column: count(row[column])))
        cells.append(cell(lambda row, column=column: amount(_quotient(row["spend"], row[column]), currency)))
    return cells


def _quotient(of: float | None, by: float | None) -> float | None:
    return float(of) / float(by) if of is not None and by else None


def _by_currency(connection: duckdb.DuckDBPyConnection, week: Week) -> dict[str, dict[str, Any]]:
    """{currency: what was spent, and what campaigns that bid in it got}, of the currencies with a bid."""
    found = rows_of(
        connection,
        """
        with bid as (
            select
                *,
                coalesce(currency, last_value(currency ignore nulls) over (
                    partition by campaign_id order by event_date
                )) as bid_in
            from campaign_daily
            where event_date <= $last
        ),
        got as (
            select bid_in, sum(spend) as spend, sum(clicks) as clicks, sum(conversion) as conversion,
                   sum(qualified_application) as qualified_application
            from bid
            where event_date >= $first and bid_in not like '(%'
            group by bid_in
        ),
        paid as (
            select currency, sum(spend_hour) as spent
            from job_spend_hourly
            where event_date between $first and $last and campaign_id <> 0 and currency not like '(%'
            group by currency
        )
        select
            coalesce(got.bid_in, paid.currency) as currency, coalesce(spent, 0) as spent, spend,
            coalesce(clicks, 0) as clicks, coalesce(conversion, 0) as conversion,
            coalesce(qualified_application, 0) as qualified_application
        from got full join paid on got.bid_in = paid.currency
        """,
        first=week.monday, last=week.sunday,
    )  # fmt: skip
    return {row["currency"]: row for row in found}


def _budgets(connection: duckdb.DuckDBPyConnection, week: Week) -> list[Part]:
    """Budgets of campaigns that have a row on Sunday: how many go how fast, and those that are furthest."""
    found = rows_of(
        connection,
        "from campaign_daily where event_date = $sunday and spend_in_period is not null "
        "order by exhausted_at is null, pacing desc nulls last, campaign_id",
        sunday=week.sunday,
    )
    if not found:
        return []
    used_up = [row for row in found if row["exhausted_at"] is not None]
    going = [row["pacing"] for row in found if row["exhausted_at"] is None and row["pacing"] is not None]
    fast, slow = (sum(map(test, going)) for test in (_FAST.__lt__, _SLOW.__gt__))
    return [
        Paragraph(
            f"Of {count(len(found))} budgets on Sunday, {count(len(used_up))} are used up, {count(fast)} go "
            f"too fast (a pace above {_FAST}) and {count(slow)} too slowly (below {_SLOW}). A pace of 1 is "
            "even."
        ),
        _furthest(found),
    ]


def _furthest(found: Rows) -> Table:
    shown = found[:_MOST_CAMPAIGNS]
    left_out = len(found) - len(shown)
    return Table(
        "Budgets that are furthest, on Sunday",
        ("Campaign", "> Budget", "> Spent of it", "> Time over", "> Pace", "> Left"),
        [
            [
                Cell(name(str(row["campaign_id"]), _LONGEST_NAME), strong=True),
                Cell(
                    amount(row["budget_amount"], row["budget_currency"]), f"per {name(row['budget_period'])}"
                ),
                Cell(
                    percent(_quotient(row["spend_in_period"], row["budget_amount"])),
                    "used up" if row["exhausted_at"] is not None else "",
                ),
                Cell(percent(row["elapsed_share"])),
                Cell(score(row["pacing"], 2)),
                Cell(amount(row["budget_left"], row["budget_currency"])),
            ]
            for row in shown
        ],
        (1.6, 2.4, 1.8, 1.6, 1.3, 2.4),
        f"{count(left_out)} more stand on the page of campaigns." if left_out else "",
    )
