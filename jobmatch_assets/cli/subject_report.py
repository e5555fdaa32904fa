"""What became of gold, for the terminal: a row a subject, whatever number of tables it has.

Which subject a table belongs to, and what of it says most at a glance, stands in the meta of its model.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from rich.table import Table

from jobmatch_assets.cli.rows_table import shown
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.experiment_tables import AB_RESULTS
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets.contracts.registry import TABLES, table_named
from jobmatch_assets.dates import shown as shown_days
from jobmatch_assets.metrics.verdict import verdict
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.plan import Plan, PlannedTable
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.warehouse.port import DateColumn, WarehouseError
from jobmatch_assets.warehouse.selection import Filter, Selection

_OTHERS = "other tables"
_LEAST_WIDTH = 100
"""Columns of a terminal on which numbers fit beside what was built."""


def print_subjects(report: RunReport, dates: Sequence[dt.date], session: Session, console: Terminal) -> None:
    """Print what was built of each subject, and which subjects nothing feeds yet.

    Args:
        report: What runs did.
        dates: Dates of events that were built, ascending; it may be none.
        session: The warehouse.
        console: Where to.
    """
    there = session.feeds_there()
    subjects = subjects_of(report.plan)
    built = {
        name: [table for table in tables if report.rows.get(table.name)] for name, tables in subjects.items()
    }
    if not any(built.values()):
        return
    date = _busiest(dates, session)
    told = Table(title="What became of each subject", title_justify="left")
    told.add_column("subject", no_wrap=True)
    told.add_column("tables", justify="right")
    told.add_column("rows built", justify="right")
    told.add_column("built", no_wrap=True)
    told.add_column("at a glance")
    for name, tables in built.items():
        if tables:
            rows = sum(count for table in tables for count in report.rows[table.name].values())
            glance = ""
            if not rows:
                glance = _missing(tables, session)
            elif not report.problems and console.width >= _LEAST_WIDTH:
                glance = _glance(tables, date, session)
            told.add_row(name, f"{len(tables):,}", f"{rows:,}", _extent(tables, report.rows), glance)
    console.print(told)
    for missing, names in _unfed(report.plan, subjects, there).items():
        console.say(f"Not fed, there are no {missing} yet: {', '.join(names)}.")


def subjects_of(plan: Plan) -> dict[str, list[PlannedTable]]:
    """{subject: its tables of gold}, in the order in which they are built."""
    subjects: dict[str, list[PlannedTable]] = {}
    for contract in TABLES:
        table = plan.tables.get(contract.table)
        if table and contract.layer == "gold":
            subjects.setdefault(table.subject or _OTHERS, []).append(table)
    return subjects


def _unfed(
    plan: Plan, subjects: Mapping[str, Sequence[PlannedTable]], there: frozenset[Feed]
) -> dict[str, list[str]]:
    """{feeds of which nothing came: subjects none of whose tables can be made without them}."""
    unfed: dict[str, list[str]] = {}
    for name, tables in subjects.items():
        if not any(plan.is_fed(table, there) for table in tables):
            lacking = set.intersection(*(set(plan.feeds_of(table.name)) for table in tables)) - there
            unfed.setdefault(" and ".join(feed.name for feed in FEEDS if feed in lacking), []).append(name)
    return unfed


def _extent(tables: Sequence[PlannedTable], rows: Mapping[str, Mapping[dt.date | None, int]]) -> str:
    """Which of their rows are new: dates, else weeks or months, else all."""
    by_unit: dict[str, set[dt.date]] = {}
    for table in tables:
        days = {day for day in rows[table.name] if day is not None}
        if days:
            by_unit.setdefault(table.contract.unit, set()).update(days)
    if not by_unit:
        return "as a whole"
    days = by_unit.get("day") or next(iter(by_unit.values()))
    said = shown_days(days)
    return f"{len(days)} of {min(days)}…{max(days)}" if "," in said else said


def _busiest(dates: Sequence[dt.date], session: Session) -> dt.date | None:
    """The built date with the most events, which shows most."""
    if not dates or not session.warehouse.has_table(EVENTS.key):
        return None
    events = session.warehouse.rows_by_date(EVENTS, dates[0], dates[-1])
    return max(dates, key=lambda day: (events.get(day, 0), day))


def _glance(tables: Sequence[PlannedTable], date: dt.date | None, session: Session) -> str:
    """The row of a subject that says most, with its date; empty where no table stands for it."""
    table = next((table for table in tables if table.headline), None)
    if table is None:
        return ""
    contract, filters = table.contract, [Filter.of(text) for text in table.headline_of]
    column = contract.date_column or contract.grain[0]
    day = date if contract.date_column and date else _newest(table, column, session)
    if day is None:
        return f"{table.name} has no rows yet"
    filters.append(Filter(column, "=", str(day)))
    try:
        rows = session.warehouse.preview(Selection(table.name, day, day, filters=tuple(filters), most=1)).rows
    except WarehouseError:
        return "not built yet"
    if not rows:
        return "no such row"
    (row,) = rows
    facts = ", ".join(f"{name} {shown(row[name])}" for name in table.headline)
    said = f"{facts}: {verdict(row).text}" if table.name == AB_RESULTS.table else facts
    return f"{row[column]}: {said}"


def _newest(table: PlannedTable, column: str, session: Session) -> dt.date | None:
    """The last date that stands in a column of dates."""
    dates = DateColumn(table.contract, column)
    return max(session.warehouse.dates_between([dates], dt.date.min, session.partitions.last), default=None)


def _missing(tables: Sequence[PlannedTable], session: Session) -> str:
    """Why there are no rows: the entities that they are made of and of which none is known."""
    read = {name for table in tables for name in session.plan.entity_tables_of(table)}
    versions = {table.plural: table_named(table.versions) for table in ENTITY_TABLES if table.name in read}
    there = session.warehouse.columns(list(versions.values()))
    lacking = [
        plural
        for plural, contract in versions.items()
        if contract.key not in there or not session.warehouse.row_count(contract)
    ]
    return f"not fed: no {', '.join(lacking)} yet" if lacking else "no rows"
