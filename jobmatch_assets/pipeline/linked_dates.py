"""Where rows lie that belong together without lying together, such as the events of a result list."""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.warehouse.port import WarehouseError

_MOST_DATES = 1_000_000


def linked_dates(session: Session, feed: Feed, dates: Collection[dt.date]) -> set[dt.date]:
    """These dates, and every other with lines of the feed that share a link with theirs.

    Raises:
        WarehouseError: The table that tells the dates is missing.
    """
    links = session.plan.links_of(feed)
    if not links:
        return set(dates)
    for model in links.values():
        if not session.warehouse.has_table(TableKey("silver", model)):
            raise WarehouseError(
                f"There is no table silver/{model}, which tells on which dates lines belong together. Build "
                "it first, or everything: `jobmatch run --from … --to …`."
            )
    query = session.dbt.compile("linked_dates", dates, feed=feed.name)
    return set(dates) | {row["linked_date"] for row in session.warehouse.query(query, _MOST_DATES)}
