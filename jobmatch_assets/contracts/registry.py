"""The contracts of all tables. Their columns and types stand with the tables: in dbt, and for bronze here."""

from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS, AB_METRICS_DAILY, AB_RESULTS
from jobmatch_assets.contracts.gold_tables import (
    FUNNEL_DAILY,
    RANKING_METRICS_DAILY,
    RANKING_POSITION_DAILY,
    SEARCH_QUALITY_DAILY,
)
from jobmatch_assets.contracts.line_tables import (
    BRONZE_EVENTS_RAW,
    EVENTS,
    EVENTS_DUPLICATES,
    EVENTS_QUARANTINE,
    STG_EVENTS,
)

CONTRACTS = (
    BRONZE_EVENTS_RAW,
    STG_EVENTS,
    EVENTS,
    EVENTS_DUPLICATES,
    EVENTS_QUARANTINE,
    FUNNEL_DAILY,
    RANKING_METRICS_DAILY,
    RANKING_POSITION_DAILY,
    SEARCH_QUALITY_DAILY,
    AB_METRICS_DAILY,
    AB_CUMULATIVE_SUMS,
    AB_RESULTS,
)
"""In the order in which the tables are built."""
