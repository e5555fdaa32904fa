"""The contracts of what entities and events together make: performance, hiring, openings, market, people, money, marts."""

from jobmatch_assets.contracts.subjects.dates import LAST_DATE

SUBJECT_TABLES = (LAST_DATE,)
"""In the order in which they are built."""
