"""The contracts of what entities and events together make: performance, hiring, openings, market, people, money, marts."""

from jobmatch_assets.contracts.subjects.dates import LAST_DATE
from jobmatch_assets.contracts.subjects.marts import MART_TABLES

SUBJECT_TABLES = (
    LAST_DATE,
    *MART_TABLES,
)
"""In the order in which they are built."""
