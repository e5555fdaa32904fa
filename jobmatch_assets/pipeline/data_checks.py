"""All checks on data that Python asks for: contracts, volumes, repetitions, and the age of the newest event.

Rules over several rows are dbt tests (`dbt_checks.py`); these here run between the builds, on a connection of
their own, inside the warehouse.
"""

import datetime as dt
import threading
from collections.abc import Collection
from functools import cache, partial

from jobmatch_assets.checks.accepted_quarantine import most_accepted
from jobmatch_assets.checks.applications import (
    APPLICATIONS_ARE_COUNTED_ONCE,
    applications_are_counted_once_spec,
    check_applications_are_counted_once,
)
from jobmatch_assets.checks.contract import (
    check_contract,
    contract_key,
    contract_spec,
    rehearse,
)
from jobmatch_assets.checks.duplicates import (
    DUPLICATE_SHARE,
    check_duplicate_share,
    duplicate_share_spec,
)
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.checks.recency import (
    EVENTS_ARE_RECENT,
    check_events_are_recent,
    events_are_recent_spec,
)
from jobmatch_assets.checks.volume import (
    QUARANTINE_SHARE,
    ROW_VOLUME,
    check_quarantine_share,
    check_row_volume,
    quarantine_share_spec,
    row_volume_spec,
)
from jobmatch_assets.contracts.bronze import EVENTS_RAW, EVENTS_RAW_COLUMNS
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.contracts.line_tables import BRONZE_EVENTS_RAW
from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.pipeline.held_back_check import held_back_specs
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.settings_check import (
    BUILT_WITH_CURRENT_SETTINGS,
    check_settings,
    settings_spec,
)
from jobmatch_assets.pipeline.table_columns import columns_of

_OTHERS = (
    QUARANTINE_SHARE,
    DUPLICATE_SHARE,
    ROW_VOLUME,
    APPLICATIONS_ARE_COUNTED_ONCE,
    EVENTS_ARE_RECENT,
    BUILT_WITH_CURRENT_SETTINGS,
)
"""The checks that are no contracts."""


def data_check_specs(platform: Platform) -> list[CheckSpec]:
    """All checks, each with its rules and thresholds in its description."""
    return [
        *(contract_spec(contract) for contract in CONTRACTS),
        quarantine_share_spec(platform.settings),
        duplicate_share_spec(platform.settings),
        row_volume_spec(platform.settings),
        applications_are_counted_once_spec(platform.settings),
        events_are_recent_spec(platform.settings),
        settings_spec(),
        *held_back_specs(),
    ]


def data_checks_of(platform: Platform, assets: Collection[TableKey]) -> list[CheckKey]:
    """The checks of some assets."""
    return [spec.key for spec in data_check_specs(platform) if spec.key.table in assets]


def run_data_checks(
    platform: Platform,
    keys: Collection[CheckKey],
    days: Collection[dt.date],
    now: dt.datetime | None = None,
) -> list[CheckOutcome]:
    """Run checks on some partitions, on one short-lived connection.

    Args:
        platform: Settings, tables, and what dbt says of them.
        keys: The checks to run; keys of other checks are ignored.
        days: The partitions to look at.
        now: The time that ages are measured at; the clock's where it is not given.

    Raises:
        WarehouseError: The warehouse cannot be opened.
    """
    contracts = [contract for contract in CONTRACTS if contract_key(contract) in keys]
    others = [key for key in _OTHERS if key in keys]
    if not days or not (contracts or others):
        return []
    # Two threads that import the same libraries may see unfinished ones.
    warm_up().join()
    settings, now = platform.settings, now or dt.datetime.now(dt.UTC)
    warehouse = platform.warehouse()
    outcomes = []
    with warehouse.ibis() as backend:
        for contract in contracts:
            warehouse.charge(contract.table, days)
            narrowed = partial(warehouse.loaded_lines, days=days) if contract.table == EVENTS_RAW else None
            columns = columns_of(contract, platform.dbt.manifest)
            outcomes.append(check_contract(contract, columns, backend, days, narrowed))
        if QUARANTINE_SHARE in others:
            warehouse.charge(QUARANTINE_SHARE.table.name, days)
            accepted = most_accepted(warehouse.accepted_quarantine())
            outcomes.append(check_quarantine_share(backend, settings, days, accepted))
        if DUPLICATE_SHARE in others:
            warehouse.charge(DUPLICATE_SHARE.table.name, days)
            outcomes.append(check_duplicate_share(backend, settings, days))
        if ROW_VOLUME in others:
            warehouse.charge(ROW_VOLUME.table.name, days)
            outcomes.append(check_row_volume(backend, settings, days, now))
        if APPLICATIONS_ARE_COUNTED_ONCE in others:
            warehouse.charge(APPLICATIONS_ARE_COUNTED_ONCE.table.name, days)
            outcomes.append(check_applications_are_counted_once(backend, settings, days))
        if EVENTS_ARE_RECENT in others:
            warehouse.charge(EVENTS_ARE_RECENT.table.name, days)
            outcomes.append(check_events_are_recent(backend, settings, now))
    if BUILT_WITH_CURRENT_SETTINGS in others:
        outcomes.append(check_settings(platform))
    return outcomes


@cache
def warm_up() -> threading.Thread:
    """Start to import what the checks need, a second's work beside a load; once a process."""
    thread = threading.Thread(
        target=lambda: rehearse(BRONZE_EVENTS_RAW, EVENTS_RAW_COLUMNS), name="warm_up_checks"
    )
    thread.start()
    return thread
