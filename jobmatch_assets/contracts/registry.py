"""What tables there are, and what each promises. Their columns and types stand with them in dbt."""

from jobmatch_assets.contracts.dimension_tables import DIMENSION_TABLES
from jobmatch_assets.contracts.experiment_tables import (
    AB_CUMULATIVE_SUMS,
    AB_METRICS_DAILY,
    AB_RESULTS,
    AB_UNITS_DAILY,
)
from jobmatch_assets.contracts.fact_tables import FACT_TABLES
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.contracts.gold_tables import (
    FUNNEL_DAILY,
    FUNNEL_WEEKLY,
    RANKING_METRICS_DAILY,
    RANKING_POSITION_DAILY,
    SEARCH_QUALITY_DAILY,
)
from jobmatch_assets.contracts.health_tables import DATA_HEALTH_DAILY, EARLIER_COPIES, QUARANTINE_DAILY
from jobmatch_assets.contracts.line_tables import (
    EVENTS,
    EVENTS_DUPLICATES,
    EVENTS_QUARANTINE,
    RESULT_LIST_ITEMS,
    STG_EVENTS,
    STG_SEARCH_DATES,
)
from jobmatch_assets.contracts.raw_tables import raw_contract
from jobmatch_assets.contracts.subjects import SUBJECT_TABLES
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.contracts.version_tables import VERSION_TABLES

TABLES = (
    *map(raw_contract, FEEDS),
    STG_EVENTS,
    STG_SEARCH_DATES,
    EVENTS,
    EVENTS_DUPLICATES,
    EVENTS_QUARANTINE,
    EARLIER_COPIES,
    DATA_HEALTH_DAILY,
    QUARANTINE_DAILY,
    RESULT_LIST_ITEMS,
    AB_UNITS_DAILY,
    FUNNEL_DAILY,
    RANKING_METRICS_DAILY,
    RANKING_POSITION_DAILY,
    SEARCH_QUALITY_DAILY,
    AB_METRICS_DAILY,
    FUNNEL_WEEKLY,
    AB_CUMULATIVE_SUMS,
    AB_RESULTS,
    *VERSION_TABLES,
    *DIMENSION_TABLES,
    *FACT_TABLES,
    *SUBJECT_TABLES,
)
"""In the order in which the tables are built."""

CONTRACTS = tuple(table for table in TABLES if table.rules)
"""Those that a check compares with their contract; what lies between the layers keeps its rules in dbt."""


class UnknownTableError(KeyError):
    """Nothing is registered under the name of a table."""


def table_named(name: str) -> TableContract:
    """A table.

    Raises:
        UnknownTableError: It has no contract.
    """
    for table in TABLES:
        if table.table == name:
            return table
    raise UnknownTableError(
        f"the table {name} has no contract: write one, and name it in TABLES of contracts/registry.py"
    )


def is_table(name: str) -> bool:
    """Whether there is a table of this name."""
    return any(table.table == name for table in TABLES)
