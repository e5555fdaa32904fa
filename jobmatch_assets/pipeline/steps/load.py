"""The step that brings new files of some days into bronze."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from jobmatch_assets.checks.memory import settle
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.bronze import EVENTS_RAW
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.pipeline.data_checks import data_checks_of, run_data_checks, warm_up
from jobmatch_assets.pipeline.landing_root import admit_landing_root
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.step_events import ROW_COUNT, StepEvent, TableBuilt
from jobmatch_assets.pipeline.steps.loading import LoadReport, load_new_files
from jobmatch_assets.warehouse.port import Warehouse

EVENTS_RAW_KEY = TableKey("bronze", EVENTS_RAW)
FILES_READABLE = "files_are_readable"
_MOST_EVENT_DATES = 100_000


def load_files(platform: Platform, days: Collection[dt.date]) -> Iterator[StepEvent]:
    """Load the files of these days that are not in bronze yet.

    Raises:
        LandingError: The landing root cannot be read.
        WarehouseError: The warehouse cannot be used.
        DbtError: dbt does not start.
    """
    started = time.monotonic()
    warm_up()
    warehouse = platform.warehouse()
    with warehouse.exclusive():
        warehouse.charge(EVENTS_RAW, days)
        warehouse.prepare()
        admit_landing_root(platform)
        report = load_new_files(platform.landing(), warehouse, set(days))
        rows = warehouse.rows_by_date("bronze", EVENTS_RAW, min(days), max(days))
        dates = _event_dates(platform, warehouse, days)
        seconds = time.monotonic() - started
        yield TableBuilt(
            EVENTS_RAW_KEY,
            {
                day: _metadata(report.of_day(day), rows.get(day, 0), dates[day])
                for day in sorted(days)
                if day in platform.partitions
            },
            {"seconds (whole run)": round(seconds, 3), **warehouse.charged()},
        )
        checks = data_checks_of(platform, [EVENTS_RAW_KEY])
        found = run_data_checks(platform, checks, days)
        yield from settle(warehouse, "bronze", days, [_readable(report), *found])


def _event_dates(
    platform: Platform, warehouse: Warehouse, days: Collection[dt.date]
) -> dict[dt.date, list[dt.date]]:
    """{file day: the event dates that its lines fall on}."""
    query = platform.dbt.compile("event_dates_of_files", days)
    dates: dict[dt.date, list[dt.date]] = defaultdict(list)
    for row in warehouse.query(query, _MOST_EVENT_DATES):
        dates[row["_source_dt"]].append(row["event_date"])
    return dates


def _metadata(report: LoadReport, rows: int, event_dates: Sequence[dt.date]) -> dict[str, int | str]:
    """What the partition holds and what is new: a second load brings nothing, and is not empty."""
    return {
        ROW_COUNT: rows,
        "event dates": ", ".join(map(str, event_dates)) or "none",
        "new files": len(report.loaded),
        "new files with known content": len(report.same_content),
        "new lines": sum(record.lines for record in report.loaded),
        "new bytes": sum(record.bytes for record in report.loaded),
    }


def _readable(report: LoadReport) -> CheckOutcome:
    return CheckOutcome(
        CheckKey(EVENTS_RAW_KEY, FILES_READABLE),
        passed=not report.unreadable,
        blocking=False,
        serious=True,
        dates=report.unreadable_days,
        description="\n".join(report.unreadable.values()) or None,
        metadata={"unreadable files": len(report.unreadable)},
    )
