"""The contracts of what entities and events together make: hiring, openings, market, people, money, marts."""

from jobmatch_assets.contracts.subjects.dates import LAST_DATE
from jobmatch_assets.contracts.subjects.people import PEOPLE_TABLES
from jobmatch_assets.contracts.subjects.revenue import REVENUE_TABLES

SUBJECT_TABLES = (LAST_DATE, *PEOPLE_TABLES, *REVENUE_TABLES)
"""In the order in which they are built."""
