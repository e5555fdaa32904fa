"""Tables that an earlier version made with other columns, or not at all, are built anew for all dates."""

from collections.abc import Set

from jobmatch_assets.contracts.experiment_tables import AB_UNITS_DAILY
from jobmatch_assets.contracts.feed import EVENTS, FEEDS, Feed
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, SILVER, STAGES, Stage
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.warehouse.control.queue import QueuedDate
from jobmatch_assets.warehouse.port import DateColumn

_REQUEST = "columns"


def renew_tables(session: Session) -> None:
    """Queue all dates of what is missing or has other columns than dbt describes, and drop the latter.

    Its stage is built anew from what lies before it, as if it had never been built. The queue comes first:
    a run that is stopped in between finds the rest of it to do.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    missing, other = _not_as_described(session)
    renewed = missing + other
    if not renewed:
        return
    queued: list[tuple[str, QueuedDate]] = []
    for feed in FEEDS:
        stages = [
            stage
            for stage in STAGES
            if any(table.stage == stage and feed in session.plan.feeds_of(table.name) for table in renewed)
        ]
        for stage in stages:
            there = session.queue.entries(stage.name)
            entries = _of_experiments(session) if stage.is_scoped else _by_date(session, stage, feed)
            queued += [(stage.name, entry) for entry in entries if entry not in there]
    with session.warehouse.transaction():
        session.queue.add(queued)
        for table in other:
            session.warehouse.drop_table(table.contract)


def _not_as_described(session: Session) -> tuple[list[PlannedTable], list[PlannedTable]]:
    """(tables that are missing, tables with other columns), of those that are made of staged lines."""
    fed = session.feeds_there()
    tables = [
        table
        for table in session.plan.tables.values()
        if table.stage != BRONZE and session.plan.is_fed(table, fed)
    ]
    there = session.warehouse.columns([table.contract for table in tables])
    missing = [table for table in tables if table.key not in there]
    return missing, [
        table for table in tables if table.key in there and there[table.key] != _described(session, table)
    ]


def _described(session: Session, table: PlannedTable) -> Set[str]:
    return {column.name for column in columns_of(table.contract, session.dbt.manifest)}


def _by_date(session: Session, stage: Stage, feed: Feed) -> list[QueuedDate]:
    """All dates with lines of a feed that a stage counts."""
    plan, partitions = session.plan, session.partitions
    staged = DateColumn(table_named(feed.staged.name), plan.staged_date(feed), lag=1)
    counts_all = stage == SILVER or plan.reads_rejected(stage, feed) or not feed.kept
    kept = [table_named(feed.kept)] if feed.kept else []
    columns = [staged] if counts_all else [DateColumn(table, str(table.date_column)) for table in kept]
    dates = session.warehouse.dates_between(columns, partitions.first, partitions.last)
    return [QueuedDate(date, date, _REQUEST, feed.name) for date in sorted(dates)]


def _of_experiments(session: Session) -> list[QueuedDate]:
    """The first date of every experiment: all later ones follow."""
    partitions = session.partitions
    units = session.warehouse.dates_by_value(
        AB_UNITS_DAILY, "experiment_id", partitions.first, partitions.last, None
    )
    return [
        QueuedDate(min(dates), min(dates), _REQUEST, EVENTS.name, name)
        for name, dates in sorted(units.items())
    ]
