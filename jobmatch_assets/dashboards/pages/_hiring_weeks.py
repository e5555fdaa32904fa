"""What charts of hiring by week have in common: the column, the lines, and shares of applications."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.dashboards.page import Column

WEEK = Column("day", "Week of", "date")
"""The column of the week, named by its Monday."""

SHARES_BY_WEEK = (
    WEEK,
    Column("series", "What"),
    Column("value", "Share", "percent"),
    Column("hits", "Of them", "count"),
    Column("n", "Applications n", "count"),
)
"""The columns of a chart of shares of applications, which `quotients` gives its options."""

lines = partial(plain_lines, when=("day", "week of"), height=220)
"""Lines over weeks, unless `when` says otherwise, all of one height."""


def quotients(table: str, columns: dict[str, str]) -> dict[str, Any]:
    """The options of a chart of shares of applications: `columns` is {column that counts them: label}."""
    return {
        "table": table,
        "quotients": [
            {"series": label, "numerator": column, "denominator": "applications"}
            for column, label in columns.items()
        ],
    }
