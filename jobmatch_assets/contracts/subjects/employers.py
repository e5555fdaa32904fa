"""The contract of employers: what they post in a month, whom they hire, and who of them comes back."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import (
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    is_first_of_month,
    near,
    not_negative,
    shares,
    within,
)
from jobmatch_assets.contracts.vocabulary import ALL

_OF_ALL = ("active_employers", "new_employers", "repeat_employers")

_OF_ONE = ("is_repeat", "months_active_12")


def _rate_is_its_quotient(rows: Rows) -> Condition:
    is_empty = rows.filled_90d.isnull() | (rows.openings_posted == 0)
    expected = rows.filled_90d / rows.openings_posted.nullif(0)
    return (rows.filled_90d_rate.isnull() == is_empty) & near(rows.filled_90d_rate, expected).fill_null(True)


def _tells_its_kind(rows: Rows) -> Condition:
    is_all = rows.company_id == ALL
    return every(
        (
            *(rows[column].notnull() == is_all for column in _OF_ALL),
            *(rows[column].isnull() == is_all for column in _OF_ONE),
            is_all | rows.repeat_share.isnull(),
        )
    )


EMPLOYERS_MONTHLY = TableContract(
    "gold",
    "employers_monthly",
    Whole(),
    grain=("month_start", "company_id"),
    rules=(
        is_first_of_month("month_start"),
        not_negative(("openings_posted", "live_openings", "applications", "placed", "filled_90d")),
        Rule(
            "row_counts_something",
            "an opening was live, or there is an application or a placed one",
            ("applications_per_opening", "applications", "placed"),
            lambda rows: rows.applications_per_opening.notnull() | (rows.applications + rows.placed > 0),
        ),
        Rule(
            "live_openings_have_applications_per_opening",
            "applications_per_opening is 0 or more, and there where openings are live or posted",
            ("applications_per_opening", "live_openings", "openings_posted"),
            lambda rows: (
                (rows.live_openings + rows.openings_posted == 0)
                | (rows.applications_per_opening >= 0).fill_null(False)
            ),
        ),
        within((("filled_90d", "openings_posted"),), "filled_openings_were_posted"),
        Rule(
            "filled_90d_rate_is_its_quotient",
            "filled_90d_rate is filled_90d / openings_posted, NULL exactly where one is NULL or that 0",
            ("filled_90d_rate", "filled_90d", "openings_posted"),
            _rate_is_its_quotient,
        ),
        Rule(
            "row_tells_its_kind",
            f"{', '.join(_OF_ALL)} are there in {ALL} only, {' and '.join(_OF_ONE)} in the others only",
            ("repeat_share", *_OF_ALL, *_OF_ONE),
            _tells_its_kind,
        ),
        Rule(
            "months_are_those_with_openings",
            "months_active_12 is from 0 to 12, 1 or more where the month has an opening or is_repeat says so",
            ("months_active_12", "openings_posted", "is_repeat"),
            lambda rows: (
                rows.months_active_12.isnull()
                | (
                    rows.months_active_12.between(0, 12)
                    & ((rows.months_active_12 > 0) | (rows.openings_posted == 0))
                    & ((rows.openings_posted > 0) | ~rows.is_repeat)
                )
            ),
        ),
        Rule(
            "new_employers_are_not_back",
            "new_employers and repeat_employers are 0 or more, and together at most active_employers",
            ("new_employers", "repeat_employers", "active_employers"),
            lambda rows: (
                (rows.new_employers >= 0)
                & (rows.repeat_employers >= 0)
                & (rows.new_employers + rows.repeat_employers <= rows.active_employers)
            ),
        ),
        shares(("repeat_share",)),
    ),
)

EMPLOYER_TABLES = (EMPLOYERS_MONTHLY,)
"""In the order in which they are built."""
