"""The step that builds the dbt models of a stage for some dates and looks at what it built."""

import datetime as dt
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobmatch_assets.checks.memory import held_back, settle
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.clock import days_of
from jobmatch_assets.contracts.control_tables import ACCEPTED_DELETES
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.dates import NO_DATE, shown
from jobmatch_assets.pipeline.archived_lines import bring_back_days
from jobmatch_assets.pipeline.data_checks import data_checks_of, run_data_checks, warm_up
from jobmatch_assets.pipeline.held_back_check import HELD_BACK_CHECKS, check_held_back
from jobmatch_assets.pipeline.linked_dates import linked_dates
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.preview import preview_of
from jobmatch_assets.pipeline.ready import Ready
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.settings_check import built_with_other_settings, note_settings
from jobmatch_assets.pipeline.stages import BRONZE, PUBLICATION, Stage
from jobmatch_assets.pipeline.step_events import PREVIEW, ROW_COUNT, StepEvent, TableBuilt
from jobmatch_assets.pipeline.steps.dbt_runner import NodeResult, Touched
from jobmatch_assets.pipeline.steps.dbt_tests import checks_of_models, outcome_of, tables_read
from jobmatch_assets.pipeline.steps.event_dates import event_dates
from jobmatch_assets.pipeline.steps.parts import in_parts
from jobmatch_assets.pipeline.steps.replaced_rows import replaced_rows
from jobmatch_assets.pipeline.steps.staging import keep_staged, queue_staged
from jobmatch_assets.pipeline.steps.touched import (
    forget_touched,
    queue_unseen,
    queue_what_is_made_of_histories,
    touched_by,
)
from jobmatch_assets.warehouse.control.ledger import is_of_loads
from jobmatch_assets.warehouse.control.queue import QueuedDate
from jobmatch_assets.warehouse.port import DateColumn

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Selection:
    """What of a stage is built and looked at.

    Attributes:
        tables: The tables that are built.
        tests: {dbt's name of a test: the check that it is}.
        checks: Checks that are no dbt tests.
        is_complete: Whether these are all tables of the stage that are made of the feeds.
        every_entity: Whether tables that are built by entity are built for all, not for those that wait: a
            person asks for it, and accepts the deletes that dumps imply.
        restaged: Days whose staged lines are staged again; None for all that are built.
    """

    tables: Sequence[PlannedTable]
    tests: Mapping[str, CheckKey]
    checks: Collection[CheckKey]
    is_complete: bool
    every_entity: bool = False
    restaged: Collection[dt.date] | None = None


def everything(session: Session, stage: Stage, feeds: Collection[Feed]) -> Selection:
    """All tables of a stage that one of these feeds may change and that can be made, and all their tests.

    A test that reads a table which cannot be made yet is not run.
    """
    found = {table.name: table for feed in feeds for table in session.plan.of_stage(stage, feed)}
    there = session.feeds_there() | set(feeds)
    tables = [
        table for table in found.values() if not table.computed_from and session.plan.is_fed(table, there)
    ]
    keys = {table.key for table in tables}
    unfed = {table.name for table in session.plan.tables.values() if not session.plan.is_fed(table, there)}
    read = tables_read(session.dbt.manifest)
    tests = checks_of_models(session.dbt.manifest)
    return Selection(
        tables=tables,
        tests={
            name: key for name, key in tests.items() if key.table in keys and read[name].isdisjoint(unfed)
        },
        # What is held back is known when all stages are done.
        checks=[key for key in data_checks_of(session.platform, keys) if key not in HELD_BACK_CHECKS],
        is_complete=True,
    )


def build_stage(
    session: Session,
    stage: Stage,
    feeds: Sequence[Feed],
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
        feeds: What is built is made of one of them; only tables without dates are built of several at once.
        days: The partitions.
        selection: What of the stage is built.
        to_the_end: Whether nothing that counts these days follows them, so that what adds up all dates before
            is done with them.

    Raises:
        WarehouseError: The warehouse cannot be used.
        ArchiveError: Days to stage are archived, and their archive is missing or damaged.
        DbtError: A model cannot be built, or dbt does not start.
    """
    warm_up(feeds)
    days = stage.whole(days)
    warehouse = session.warehouse
    warehouse.charge(stage.name, days)
    session.prepare()
    ready = session.ready()
    waiting = [] if stage == BRONZE or stage.is_scoped else _waiting(ready, stage, feeds)
    if stage == BRONZE and feeds[0].staged in {table.key for table in selection.tables}:
        bring_back_days(session, feeds[0], days)
        keep_staged(session, feeds[0], _days_to_restage(session, feeds[0], days, selection))
    missing = _missing_parents(session, selection)
    part, touched, changed = selection, None, dict[TableKey, str]()
    if stage.is_whole and waiting and selection.is_complete and not (selection.every_entity or missing):
        part, touched, changed = _what_waits(session, stage, waiting, selection)
    owed: list[QueuedDate] = []
    if stage.is_whole and selection.is_complete:
        owed = _owed(session, ready, part, max(days))
        part = _without_suspects(session, ready, part)
    if stage.is_by_entity and selection.every_entity:
        queue_what_is_made_of_histories(session, feeds, max(days))
    unseen: list[QueuedDate] = []
    if stage.is_whole and touched is None:
        unseen = queue_unseen(session, stage, feeds, part.tables, max(days))
    if stage.is_whole:
        nodes = {*_models(part, missing), *part.tests}
        every = bool(missing) or (touched is None and not stage.is_by_entity)
        results = _build_all(session, part, nodes, (), every, touched=touched)
    else:
        results = _build_in_parts(session, stage, feeds, days, part, missing)
    if selection.is_complete:
        note_settings(session, stage, feeds[0], days)
    yield from _tables(session, results, part.tables, days)
    looked_at = dates_looked_at(stage, days)
    outcomes = [
        outcome_of(part.tests[result.name], result, session, looked_at)
        for result in results
        if result.name in part.tests
    ]
    outcomes += run_data_checks(session, part.checks, days if stage.is_whole else looked_at, changed=changed)
    outcomes = settle(session.findings, stage.name, looked_at, outcomes)
    if _is_looked_at(session, selection):
        session.queue.clear(stage.name, unseen)
    if stage.is_by_entity and selection.every_entity:
        _accept_deletes(session, selection)
    # What is left waits for who builds all of the stage.
    if stage == BRONZE and selection.is_complete:
        # Those of the load's checks are among them.
        queue_staged(session, feeds[0], set(days) - session.ready().blocked(BRONZE, feeds[0]))
    elif selection.is_complete and not stage.is_scoped:
        done = [entry for entry in waiting if stage.is_whole or entry.event_date in days]
        _finish(session, stage, done if to_the_end or not stage.since else [], owed)
    yield from outcomes
    yield from check_held_back(session, selection.checks)


def _finish(session: Session, stage: Stage, built: Sequence[QueuedDate], owed: Sequence[QueuedDate]) -> None:
    """Take what was built off the queue; what is owed comes in its place."""
    for entry in owed:
        session.touched.add_table(stage.name, entry.request_id, str(entry.owed))
    # Whoever dies in between leaves a request that names nothing, for which nothing is built.
    if stage.is_whole:
        forget_touched(session, stage, {entry.request_id for entry in built})
    then = PUBLICATION if stage.is_published else None
    session.queue.finish(stage.name, built, rest=owed, then=then)


def _is_looked_at(session: Session, selection: Selection) -> bool:
    """Whether all checks on the rows of what is built are among those that run."""
    keys = data_checks_of(session.platform, {table.key for table in selection.tables})
    return set(keys) - set(HELD_BACK_CHECKS) <= set(selection.checks)


def _days_to_restage(
    session: Session, feed: Feed, days: Collection[dt.date], selection: Selection
) -> set[dt.date]:
    """Those of the days whose staged lines are staged again; of the others only new files are."""
    if selection.restaged is None or not session.warehouse.stages_by_file:
        return set(days)
    return set(selection.restaged).intersection(days) | built_with_other_settings(session, BRONZE, feed, days)


def _what_waits(
    session: Session, stage: Stage, waiting: Sequence[QueuedDate], selection: Selection
) -> tuple[Selection, Touched | None, dict[TableKey, str]]:
    """What of tables without dates is built, for what, and which of their rows that replaces."""
    there = session.warehouse.columns([table.contract for table in selection.tables])
    part = _part_touched(session, stage, waiting, selection, there)
    touched = touched_by(session, stage, waiting)
    if touched is None:
        return part, None, {}
    renewed = [table for table in part.tables if table.key in there]
    return part, touched, {table.key: replaced_rows(table, touched) for table in renewed}


def _part_touched(
    session: Session,
    stage: Stage,
    waiting: Sequence[QueuedDate],
    selection: Selection,
    there: Collection[TableKey],
) -> Selection:
    """Of tables without dates, those that read what the waiting requests touched.

    A load of entities says of which tables they are, also where they are none: a header without records, or
    records that are all rejected. It may move the last date that is counted. Of other requests all that is
    made of their feed counts. What reads no history, or is not there yet, always
    does: nothing tells which of its rows changed.
    """
    plan, by_request = session.plan, session.touched.tables(stage.name)
    behind = {
        table.name for table in selection.tables if table.key in there and _is_behind(session, table, waiting)
    }
    requests = {(entry.feed, entry.request_id) for entry in waiting}
    touched = {name for _, request in requests for name in by_request.get(request, ())}
    telling = {feed.name for feed in FEEDS if plan.is_staged(feed) and plan.tells_of_entities(feed)}
    whole = {
        feed
        for feed, request in requests
        if request not in by_request and not (feed in telling and is_of_loads(request))
    }

    def counts(table: PlannedTable) -> bool:
        read, clocks = plan.entity_tables_of(table), plan.clocks_of(table)
        return (
            not (read or clocks)
            or table.key not in there
            or any(clock.name in behind for clock in clocks)
            or not read.isdisjoint(touched)
            or any(feed.name in whole for feed in plan.feeds_of(table.name))
        )

    return _only(selection, [table for table in selection.tables if counts(table)])


def _only(selection: Selection, tables: Sequence[PlannedTable]) -> Selection:
    """These tables of a selection, and what looks at them."""
    keys = {table.key for table in tables}
    return replace(
        selection,
        tables=tables,
        tests={name: key for name, key in selection.tests.items() if key.table in keys},
        checks=[key for key in selection.checks if key.table in keys],
    )


def _without_suspects(session: Session, ready: Ready, selection: Selection) -> Selection:
    """Without tables that read a history which fails a blocking check, and without tests of those."""
    if not ready.suspects:
        return selection
    part = _only(selection, [table for table in selection.tables if not ready.suspects_of(table)])
    left = {table.name for table in session.plan.tables.values() if ready.suspects_of(table)}
    read = tables_read(session.dbt.manifest)
    tests = {name: key for name, key in part.tests.items() if read[name].isdisjoint(left)}
    return replace(part, tests=tests)


def _owed(session: Session, ready: Ready, selection: Selection, date: dt.date) -> list[QueuedDate]:
    """What is left for later of tables that read a history which fails a blocking check."""
    found = {
        QueuedDate.owed_to(name, date, feed.name)
        for table in selection.tables
        for name in ready.suspects_of(table)
        for feed in session.plan.feeds_of(table.name)
        if session.plan.tells_of_entities(feed)
    }
    return sorted(found)


def _is_behind(session: Session, table: PlannedTable, waiting: Sequence[QueuedDate]) -> bool:
    """Whether a file that waits is newer than the newest one that a table tells of."""
    days = [entry.event_date for entry in waiting if entry.feed in table.newest_file_of]
    last = session.partitions.last
    column = DateColumn(table.contract, table.contract.grain[0])
    return bool(days) and not session.warehouse.dates_between([column], min(max(days), last), last)


def _accept_deletes(session: Session, selection: Selection) -> None:
    """Whoever builds a table of entities for all of them accepts what its dumps imply."""
    if tables := sorted({table.entity_table for table in selection.tables} - {""}):
        accepted = session.dbt.compile("suspicious_deletes", (), of_tables=tables)
        session.warehouse.append_query(ACCEPTED_DELETES.name, accepted)


def dates_looked_at(stage: Stage, days: Collection[dt.date]) -> Collection[dt.date]:
    """The partitions that checks of a stage are about."""
    return {NO_DATE} if stage.is_whole else stage.partitions_of(days)


def _waiting(ready: Ready, stage: Stage, feeds: Collection[Feed]) -> list[QueuedDate]:
    return [entry for feed in feeds for entry in ready.ready(stage, feed)]


def _feeds(session: Session, selection: Selection, feeds: Collection[Feed]) -> set[Feed]:
    return set(feeds).union(*(session.plan.feeds_of(table.name) for table in selection.tables))


def _missing_parents(session: Session, selection: Selection) -> set[str]:
    """Tables that are read and that no record has asked for yet: they are made, without rows."""
    own = {table.name for table in selection.tables}
    tables = [session.plan.tables[name] for name in session.plan.read_by(selection.tables) - own]
    read = [table for table in tables if not table.computed_from and table.unique_id.startswith("model.")]
    there = session.warehouse.columns([table.contract for table in read])
    return {table.name for table in read if table.key not in there}


def _models(selection: Selection, missing: Collection[str]) -> set[str]:
    return {*(table.name for table in selection.tables), *missing}


def _build_in_parts(
    session: Session,
    stage: Stage,
    feeds: Sequence[Feed],
    days: Collection[dt.date],
    selection: Selection,
    missing: Collection[str],
) -> list[NodeResult]:
    """Build the models of a stage part by part, and then run the tests on all dates at once.

    A model reads of others of its stage the rows of its own dates only. One part is built and tested at once.
    """
    # Staging reads files only.
    reads_links = stage != BRONZE and any(
        session.plan.reach(stage, feed).links for feed in _feeds(session, selection, feeds)
    )

    def build(nodes: Collection[str], dates: Collection[dt.date]) -> list[NodeResult]:
        linked = linked_dates(session, feeds[0], dates) if reads_links else set()
        reach = {date for date in linked if date >= session.settings.partitions_start}
        return _build_all(session, selection, nodes, dates, bool(missing), reach)

    models = _models(selection, missing)
    parts = in_parts(session, stage, feeds[0], days) if models else [list(days)]
    if len(parts) == 1:
        return build({*models, *selection.tests}, days)
    built: dict[str, NodeResult] = {}
    for number, part in enumerate(parts, start=1):
        _log.info("%s: part %d of %d, %s", stage.name, number, len(parts), shown(part))
        for result in build(models, part):
            before = built.get(result.name)
            built[result.name] = replace(result, seconds=result.seconds + (before.seconds if before else 0))
    return [*built.values(), *build(selection.tests, days)]


def _build_all(
    session: Session,
    selection: Selection,
    nodes: Collection[str],
    days: Collection[dt.date],
    every_entity: bool,
    linked: Collection[dt.date] = (),
    touched: Touched | None = None,
) -> list[NodeResult]:
    """Build models and run tests, all of them: what a failing check holds back are dates, not models.

    dbt leaves out what depends on a model with a failing test, so that is built after it.
    """
    results: list[NodeResult] = []
    while nodes:
        some = session.dbt.build(
            sorted(nodes),
            days,
            linked,
            touched,
            every_entity=selection.every_entity or every_entity,
            # A history may be wrong where nothing is built now.
            every_entity_tested=touched is None,
            accepts_deletes=selection.every_entity,
        )
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
    if table.stage.is_whole:
        # A view of all events has dates, and counting it would read them all.
        count = {} if contract.date_column else {ROW_COUNT: warehouse.row_count(contract)}
        return TableBuilt(table.key, None, {**metadata, **count, **_preview(session, table, None)})
    unit = table.stage.unit
    partitions = table.stage.partitions_of(days)
    rows = warehouse.rows_by_date(contract, min(partitions), max(partitions))
    built: dict[dt.date, dict[str, Any]] = {
        first: {ROW_COUNT: rows.get(first, 0)}
        for first in sorted(partitions)
        if any(day in session.partitions for day in days_of(unit, first))
    }
    for first, dates in event_dates(session, table, built).items():
        built[first]["event dates"] = ", ".join(map(str, dates))
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
