"""All checks on data that Python asks for: contracts, and those that a feed has made for itself.

Rules over several rows are dbt tests (`steps/dbt_tests.py`); these here run between the builds, inside the
warehouse.
"""

import datetime as dt
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from jobmatch_assets.checks.accepted_quarantine import most_accepted
from jobmatch_assets.checks.applications import applications_are_counted_once
from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.contract import matches_contract
from jobmatch_assets.checks.duplicates import duplicate_share
from jobmatch_assets.checks.entity_files import dumps_are_complete, sources_are_recent
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.checks.quarantine import quarantine_share
from jobmatch_assets.checks.recency import events_are_recent
from jobmatch_assets.checks.unknown_references import few_references_are_unknown
from jobmatch_assets.checks.volume import row_volume
from jobmatch_assets.contracts.column import Column
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.pipeline.held_back_check import held_back_specs
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.settings_check import (
    BUILT_WITH_CURRENT_SETTINGS,
    check_settings,
    settings_spec,
)
from jobmatch_assets.pipeline.steps.kept_queries import KeptQueries
from jobmatch_assets.pipeline.steps.state_folder import state_of
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis


def checks_of_rows(settings: Settings) -> Iterator[Check]:
    """All checks that look at rows: contracts of all tables, then what is asked of the feeds."""
    for contract in CONTRACTS:
        yield matches_contract(contract.in_force(settings))
    for feed in FEEDS:
        if feed.quarantine:
            yield quarantine_share(settings, feed)
        if feed.kept:
            yield row_volume(settings, feed)
    yield duplicate_share(settings)
    yield applications_are_counted_once(settings)
    yield events_are_recent(settings)
    yield dumps_are_complete()
    yield sources_are_recent()
    yield few_references_are_unknown()


def data_check_specs(platform: Platform) -> list[CheckSpec]:
    """All checks, each with its rules and thresholds in its description."""
    return [
        *(check.spec for check in checks_of_rows(platform.settings)),
        settings_spec(),
        *held_back_specs(),
    ]


def data_checks_of(platform: Platform, tables: Collection[TableKey]) -> list[CheckKey]:
    """The checks of some tables."""
    return [spec.key for spec in data_check_specs(platform) if spec.key.table in tables]


def run_data_checks(
    session: Session,
    keys: Collection[CheckKey],
    days: Collection[dt.date],
    now: dt.datetime | None = None,
    changed: Mapping[TableKey, str] = MappingProxyType({}),
) -> list[CheckOutcome]:
    """Run checks on some partitions, on one short-lived connection.

    Args:
        session: The warehouse.
        keys: The checks to run; keys of other checks are ignored.
        days: The partitions to look at.
        now: The time that ages are measured at; the clock's where it is not given.
        changed: {table: a condition on its rows: of others it is known that they pass its contract}.

    Raises:
        WarehouseError: The warehouse cannot be opened.
    """
    wanted = [check for check in checks_of_rows(session.settings) if check.key in keys]
    asks_for_settings = BUILT_WITH_CURRENT_SETTINGS in keys
    if not days or not (wanted or asks_for_settings):
        return []
    outcomes = []
    kept = _kept_queries(state_of(session.settings.target))
    with ExitStack() as stack:

        def open_backend() -> "ibis.BaseBackend":
            # Two threads that import the same libraries may see unfinished ones.
            _import_ibis().join()
            return stack.enter_context(session.warehouse.ibis())

        look = Look(
            open_backend=open_backend,
            query=session.warehouse.query,
            shape_of=session.warehouse.shape,
            settings=session.settings,
            days=days,
            now=now or dt.datetime.now(dt.UTC),
            columns_of=partial(_columns_of, session),
            counts=partial(_counts, session, days),
            changed=lambda contract: changed.get(contract.key, ""),
            accepted=lambda: most_accepted(session.findings.accepted_quarantine()),
            queries_of=kept.of,
        )
        for check in wanted:
            session.warehouse.charge(check.key.table.name, days)
            outcomes.append(check.run(look))
    kept.keep()
    if asks_for_settings:
        outcomes.append(check_settings(session))
    return outcomes


@cache
def _kept_queries(folder: Path) -> KeptQueries:
    return KeptQueries(folder)


def _columns_of(session: Session, contract: TableContract) -> Sequence[Column]:
    return columns_of(contract, session.dbt.manifest)


def _counts(session: Session, days: Collection[dt.date], contract: TableContract) -> str:
    for feed in FEEDS:
        if feed.raw == contract.key:
            return session.warehouse.is_loaded(feed, days)
    return ""


def warm_up(feeds: Collection[Feed]) -> None:
    """Start to import what checks of these feeds need beside queries, while a load or a build is at work."""
    if any(feed.kept for feed in feeds):
        _import_ibis()


@cache
def _import_ibis() -> threading.Thread:
    """Once a process."""
    thread = threading.Thread(
        target=import_module,
        args=["ibis.backends.duckdb"],
        name="warm_up_checks",
        # An interrupted import may leave Python's lock of imports held: the process must end all the same.
        daemon=True,
    )
    thread.start()
    return thread
