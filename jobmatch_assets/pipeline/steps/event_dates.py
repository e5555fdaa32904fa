"""On which event dates the lines of a day's files fall, told with the table in which they are staged."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.session import Session

_MOST = 100_000


def event_dates(
    session: Session, table: PlannedTable, days: Collection[dt.date]
) -> dict[dt.date, list[dt.date]]:
    """{file day: the event dates of its lines, without those that were rejected}.

    Empty for what is no table of staged lines, and for a feed whose lines have no date.
    """
    staged = {feed.staged: f"event_dates_of_{feed.name}" for feed in FEEDS}
    analysis = staged.get(table.key)
    if not (days and analysis and session.dbt.has_analysis(analysis)):
        return {}
    dates: dict[dt.date, list[dt.date]] = defaultdict(list)
    for row in session.warehouse.query(session.dbt.compile(analysis, days), _MOST):
        dates[row["_source_dt"]].append(row["date_of_lines"])
    return dates
