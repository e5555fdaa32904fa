"""The contracts of what entities and events make together: hiring, openings, market, people, money, marts."""

from jobmatch_assets.contracts.subjects.campaigns import CAMPAIGN_TABLES
from jobmatch_assets.contracts.subjects.dates import LAST_DATE
from jobmatch_assets.contracts.subjects.employers import EMPLOYER_TABLES
from jobmatch_assets.contracts.subjects.hiring import HIRING_TABLES
from jobmatch_assets.contracts.subjects.marts import MART_TABLES
from jobmatch_assets.contracts.subjects.openings import OPENING_TABLES
from jobmatch_assets.contracts.subjects.people import PEOPLE_TABLES
from jobmatch_assets.contracts.subjects.performance import PERFORMANCE_TABLES
from jobmatch_assets.contracts.subjects.postings import POSTING_TABLES
from jobmatch_assets.contracts.subjects.revenue import REVENUE_TABLES

SUBJECT_TABLES = (
    LAST_DATE,
    *PERFORMANCE_TABLES,
    *CAMPAIGN_TABLES,
    *HIRING_TABLES,
    *POSTING_TABLES,
    *OPENING_TABLES,
    *EMPLOYER_TABLES,
    *PEOPLE_TABLES,
    *REVENUE_TABLES,
    *MART_TABLES,
)
"""In the order in which they are built."""
