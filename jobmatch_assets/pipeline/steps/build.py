"""The step that builds the dbt models of a stage for some dates and looks at what it built."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_assets.checks.memory import held_back, settle
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.clock import days_of
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.dates import NO_DATE
from jobmatch_assets.pipeline.data_checks import data_checks_of, run_data_checks, warm_up
from jobmatch_assets.pipeline.held_back_check import HELD_BACK_CHECKS, check_held_back
from jobmatch_assets.pipeline.linked_dates import linked_dates
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.preview import preview_of
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.settings_check import note_settings
from jobmatch_assets.pipeline.stages import BRONZE, PUBLICATION, Stage
from jobmatch_assets.pipeline.step_events import PREVIEW, ROW_COUNT, StepEvent, TableBuilt
from jobmatch_assets.pipeline.steps.dbt_runner import NodeResult
from jobmatch_assets.pipeline.steps.dbt_tests import checks_of_models, outcome_of
from jobmatch_assets.pipeline.steps.staging import keep_staged, queue_staged


@dataclass(frozen=True)
class Selection:
    """What of a stage is built and looked at.

    Attributes:
        tables: The tables that are built.
        tests: {dbt's name of a test: the check that it is}.
        checks: Checks that are no dbt tests.
        is_complete: Whether these are all tables of the stage that are made of the feed.
    """

    tables: Sequence[PlannedTable]
    tests: Mapping[str, CheckKey]
    checks: Collection[CheckKey]
    is_complete: bool


def everything(session: Session, stage: Stage, feed: Feed) -> Selection:
    """All tables of a stage that are made of a feed, and all their tests."""
    tables = [table for table in session.plan.of_stage(stage, feed) if not table.computed_from]
    keys = {table.key for table in tables}
    tests = checks_of_models(session.dbt.manifest)
    return Selection(
        tables=tables,
        tests={name: key for name, key in tests.items() if key.table in keys},
        # What is held back is known when all stages are done.
        checks=[key for key in data_checks_of(session.platform, keys) if key not in HELD_BACK_CHECKS],
        is_complete=True,
    )


def build_stage(
    session: Session,
    stage: Stage,
    feed: Feed,
    days: Collection[dt.date],
    selection: Selection,
    to_the_end: bool,
) -> Iterator[StepEvent]:
    """Replace these partitions of the stage's tables, and run the checks.

    What is built leaves the rebuild queue, whether it passes its checks or not: a failing check is remembered
    by itself.

    Args:
        session: The warehouse.
        stage: The stage.
        feed: What is built is made of it.
        days: The partitions.
        selection: What of the stage is built.
        to_the_end: Whether nothing that counts these days follows them, so that what adds up all dates before
            is done with them.

    Raises:
        WarehouseError: The warehouse cannot be used.
        DbtError: A model cannot be built, or dbt does not start.
    """
    warm_up()
    days = stage.whole(days)
    warehouse = session.warehouse
    warehouse.charge(stage.name, days)
    session.prepare()
    waiting = [] if stage == BRONZE or stage.is_scoped else session.ready().ready(stage, feed)
    reads_links = any(session.plan.reach(stage, found).links for found in _feeds(session, selection, feed))
    linked = linked_dates(session, feed, days) if reads_links and stage != BRONZE else set()
    reach = {date for date in linked if date >= session.settings.partitions_start}
    is_staged = stage == BRONZE and feed.staged in {table.key for table in selection.tables}
    if is_staged:
        keep_staged(session, feed, days)
    results = _build_all(session, selection, days, reach)
    if selection.is_complete:
        note_settings(session, stage, feed, days)
    yield from _tables(session, results, selection.tables, days)
    looked_at = dates_looked_at(stage, days)
    found = [
        outcome_of(selection.tests[result.name], result, session, looked_at)
        for result in results
        if result.name in selection.tests
    ]
    found += run_data_checks(session, selection.checks, days if stage.is_whole else looked_at)
    outcomes = settle(session.findings, stage.name, looked_at, found)
    if stage == BRONZE:
        # Those of the load's checks are among them.
        queue_staged(session, feed, set(days) - session.ready().blocked(BRONZE, feed))
    elif selection.is_complete and not stage.is_scoped:
        done = [entry for entry in waiting if stage.is_whole or entry.event_date in days]
        built = done if to_the_end or not stage.since else []
        then = PUBLICATION if stage.is_published else None
        session.queue.finish(stage.name, built, then=then)
    yield from outcomes
    yield from check_held_back(session, selection.checks)


def dates_looked_at(stage: Stage, days: Collection[dt.date]) -> Collection[dt.date]:
    """The partitions that checks of a stage are about."""
    return {NO_DATE} if stage.is_whole else stage.partitions_of(days)


def _feeds(session: Session, selection: Selection, feed: Feed) -> set[Feed]:
    return {feed}.union(*(session.plan.feeds_of(table.name) for table in selection.tables))


def _build_all(
    session: Session, selection: Selection, days: Collection[dt.date], linked: Collection[dt.date]
) -> list[NodeResult]:
    """Build models and run tests, all of them: what a failing check holds back are dates, not models.

    dbt leaves out what depends on a model with a failing test, so that is built after it.
    """
    nodes: set[str] = {*(table.name for table in selection.tables), *selection.tests}
    results: list[NodeResult] = []
    while nodes:
        some = session.dbt.build(sorted(nodes), days, linked)
        results += [result for result in some if result.status != "skipped"]
        nodes = {result.name for result in some if result.status == "skipped"}
    return results


def _tables(
    session: Session,
    results: Sequence[NodeResult],
    tables: Sequence[PlannedTable],
    days: Collection[dt.date],
) -> Iterator[TableBuilt]:
    by_name = {table.name: table for table in tables}
    for result in results:
        if result.name in by_name and result.ok:
            table = by_name[result.name]
            metadata = {"seconds (whole run)": round(result.seconds, 3), **result.cost}
            yield table_built(session, table, days, metadata)


def table_built(
    session: Session, table: PlannedTable, days: Collection[dt.date], metadata: Mapping[str, object]
) -> TableBuilt:
    """What to tell of a table of which these dates were built."""
    contract, warehouse = table.contract, session.warehouse
    if contract.date_column is None:
        count = {ROW_COUNT: warehouse.row_count(contract)}
        return TableBuilt(table.key, None, {**metadata, **count, **_preview(session, table, None)})
    unit = table.stage.unit
    partitions = table.stage.partitions_of(days)
    rows = warehouse.rows_by_date(contract, min(partitions), max(partitions))
    built: dict[dt.date, dict[str, Any]] = {
        first: {ROW_COUNT: rows.get(first, 0)}
        for first in sorted(partitions)
        if any(day in session.partitions for day in days_of(unit, first))
    }
    if built and rows:
        # Dagster shows what the last partition says.
        built[max(built)] |= _preview(session, table, max(rows))
    return TableBuilt(table.key, built, metadata)


def _preview(session: Session, table: PlannedTable, date: dt.date | None) -> dict[str, Any]:
    rows = preview_of(session, table, date)
    return {PREVIEW: rows} if rows else {}


def held_back_message(outcomes: Collection[CheckOutcome], days: Collection[dt.date]) -> str | None:
    """Why nothing may be built from some of the days; None where nothing stands in the way."""
    held = held_back(outcomes, days)
    reasons = [
        outcome.description or outcome.key.name
        for outcome in outcomes
        if outcome.held_back.intersection(held)
    ]
    return " ".join(reasons) if held else None
