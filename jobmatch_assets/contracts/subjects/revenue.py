"""The contract of placements, hours and invoices by month."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import Rule, TableContract, is_first_of_month, not_negative

REVENUE_MONTHLY = TableContract(
    "gold",
    "revenue_monthly",
    Whole(),
    grain=("month_start", "currency", "company_id"),
    rules=(
        is_first_of_month("month_start"),
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
