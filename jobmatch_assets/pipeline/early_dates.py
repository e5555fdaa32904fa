"""Rows of dates after the last partition, which an earlier version built, or an earlier setting let in."""

import datetime as dt

from jobmatch_assets.contracts.bronze import EVENTS_RAW
from jobmatch_assets.pipeline.experiment_plan import SUMS, UNITS
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.warehouse.port import BuiltLayer, QueuedDate

_OUTCOMES = ("events", "events_duplicates", "events_quarantine")
_REQUEST = "partitions"


def withdraw_early_rows(platform: Platform) -> None:
    """Take rows of dates that have no partition yet out of silver and gold, and queue their dates.

    So tables are as if their lines had not come, and when a date has a partition it is built.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    warehouse, last = platform.warehouse(), platform.settings.last_partition
    first, end = last + dt.timedelta(days=1), dt.date.max
    # A file holds no date later than the day after its own, and mostly there is no file of such a day.
    if not warehouse.rows_by_date("bronze", EVENTS_RAW, last, end):
        return
    dates = {
        date
        for table in _OUTCOMES
        if warehouse.has_table("silver", table)
        for date in warehouse.rows_by_date("silver", table, first, end)
    }
    units, sums = (
        warehouse.dates_of_experiments(layer, table, first, end, None) for layer, table in (UNITS, SUMS)
    )
    if not (dates or sums):
        return
    queued: dict[BuiltLayer, list[QueuedDate]] = {
        "silver": [QueuedDate(date, date, _REQUEST) for date in sorted(dates)],
        # Lists and cohorts that reach into them are counted without them, and again when their day has come.
        "gold": [
            *(QueuedDate(date, date, _REQUEST) for date in sorted(dates)),
            *(
                QueuedDate(date, cause, _REQUEST)
                for date in sorted({last, *warehouse.list_dates(dates)} - dates)
                for cause in (date, min(dates, default=date))
            ),
        ],
        "experiments": [
            *(
                QueuedDate(date, date, _REQUEST, name)
                for name in sorted(units)
                for date in sorted(units[name])
            ),
            # What was built up to there ends with the last event before.
            *(QueuedDate(last, last, _REQUEST, name) for name in sorted(units.keys() | sums.keys())),
        ],
    }
    warehouse.withdraw_rows(first, queued)
