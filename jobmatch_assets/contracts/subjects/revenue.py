"""The contract of placements, hours and invoices by month."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import Rule, TableContract, not_negative

REVENUE_MONTHLY = TableContract(
    "gold",
    "revenue_monthly",
    Whole(),
    grain=("month_start", "currency", "company_id"),
    rules=(
        Rule(
            "month_starts_with_its_first_date",
            "month_start is the first date of a month",
            ("month_start",),
            lambda rows: rows.month_start.day() == 1,
        ),
        Rule(
            "currency_is_a_code",
            "currency is three capital letters, or (none)",
            ("currency",),
            lambda rows: rows.currency.re_search(r"^([A-Z]{3}|\(none\))$"),
        ),
        not_negative(("placements", "cancelled_placements", "hours_regular", "hours_overtime")),
        Rule(
            "net_is_a_sum",
            "net is invoiced + credited",
            ("net", "invoiced", "credited"),
            lambda rows: rows.net == rows.invoiced + rows.credited,
        ),
    ),
)

REVENUE_TABLES = (REVENUE_MONTHLY,)
"""In the order in which they are built."""
