"""The contract of the date up to which subjects are counted."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import Rule, TableContract

LAST_DATE = TableContract(
    "silver",
    "last_date",
    Whole(),
    grain=("last_date",),
    rules=(
        Rule(
            "close_is_that_of_the_date",
            "closes_at is 00:00 UTC of the date after last_date",
            ("last_date", "closes_at"),
            lambda rows: (
                (rows.closes_at.date().delta(rows.last_date, unit="day") == 1)
                & (rows.closes_at == rows.closes_at.truncate("D"))
            ),
        ),
    ),
)
