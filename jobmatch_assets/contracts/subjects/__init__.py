"""The contracts of what entities and events together make: performance, hiring, openings, market, people, money, marts."""

from jobmatch_assets.contracts.subjects.campaigns import CAMPAIGN_TABLES
from jobmatch_assets.contracts.subjects.dates import LAST_DATE
from jobmatch_assets.contracts.subjects.hiring import HIRING_TABLES

SUBJECT_TABLES = (
    LAST_DATE,
    *HIRING_TABLES,
from jobmatch_assets.contracts.subjects.performance import PERFORMANCE_TABLES

SUBJECT_TABLES = (
    LAST_DATE,
    *PERFORMANCE_TABLES,
    *CAMPAIGN_TABLES,
from jobmatch_assets.contracts.subjects.employers import EMPLOYER_TABLES
from jobmatch_assets.contracts.subjects.openings import OPENING_TABLES
from jobmatch_assets.contracts.subjects.postings import POSTING_TABLES

SUBJECT_TABLES = (
    LAST_DATE,
    *POSTING_TABLES,
    *OPENING_TABLES,
    *EMPLOYER_TABLES,
)
"""In the order in which they are built."""
