"""The check on the warehouse itself: can the platform work on it, or does a program of somebody else keep it.

It looks at no table. The sensor evaluates it, since no run can work meanwhile.
"""

import datetime as dt

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseHeldError

PATIENCE = dt.timedelta(minutes=5)
"""How long a program may keep the warehouse before people are told."""

WAREHOUSE_IS_FREE = CheckKey(FEEDS[0].raw, "warehouse_is_free")

WAREHOUSE_CHECK = CheckSpec(
    WAREHOUSE_IS_FREE,
    "No program of somebody else (a SQL shell, a notebook) keeps the warehouse, so that nothing can be "
    "loaded or built. Looked at by the sensor new_files, which records a failure after "
    f"{PATIENCE.seconds // 60} minutes without a break, and when it is over.",
)


def look_at_warehouse(platform: Platform, now: dt.datetime) -> CheckOutcome:
    """Whether the warehouse can be had at this moment, or a process of the platform has it."""
    try:
        with platform.open(wait=False):
            return free()
    except WarehouseHeldError as error:
        return held(error, now, platform)
    except WarehouseBusyError:
        return free()


def free() -> CheckOutcome:
    """Nobody keeps it."""
    return CheckOutcome(WAREHOUSE_IS_FREE, passed=True, blocking=False, serious=True, of_partitions=False)


def held(error: WarehouseHeldError, since: dt.datetime, platform: Platform) -> CheckOutcome:
    """Somebody keeps it.

    Args:
        error: Who keeps what.
        since: When that was seen first.
        platform: Which has a copy for readers.
    """
    return CheckOutcome(
        WAREHOUSE_IS_FREE,
        passed=False,
        blocking=False,
        serious=True,
        of_partitions=False,
        description=(
            f"Check {WAREHOUSE_IS_FREE.name} of {WAREHOUSE_IS_FREE.table}: {error.what} is held by "
            f"{error.holder}, seen first at {since:%Y-%m-%d %H:%M} UTC. Nothing is loaded or built "
            "meanwhile. Close that program (a SQL shell, a notebook): what waits is then built by itself. "
            f"Who wants to read gold opens {platform.settings.published_path}, which holds up nobody."
        ),
    )
