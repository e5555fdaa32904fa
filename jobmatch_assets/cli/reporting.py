"""What a run built and left, for the terminal."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.table import Table

from jobmatch_assets.cli.entity_report import print_entities
from jobmatch_assets.cli.subject_report import print_subjects
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.contracts.feed import ENTITIES, FEEDS
from jobmatch_assets.contracts.feed import EVENTS as EVENTS_FEED
from jobmatch_assets.contracts.line_tables import EVENTS, EVENTS_DUPLICATES, EVENTS_QUARANTINE
from jobmatch_assets.contracts.registry import TABLES
from jobmatch_assets.dates import shown as shown_days
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.held_back import told
from jobmatch_assets.pipeline.landed import LandingLook
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import EXPERIMENTS, GOLD, SILVER
from jobmatch_assets.pipeline.work import WaitingWork
from jobmatch_assets.warehouse.port import Warehouse

_OUTCOMES = {"events": EVENTS, "duplicates": EVENTS_DUPLICATES, "quarantined": EVENTS_QUARANTINE}
_MOST_DATES = 31
_MOST_NAMES = 4
_MOST_ROWS = 200


def print_report(
    report: RunReport, seen: LandingLook, left: WaitingWork, session: Session, console: Terminal
) -> None:
    """Print what a run did: by date what became of the lines, then what was left out."""
    warehouse = session.warehouse
    dates = report.built(SILVER.name, EVENTS_FEED) or report.built(GOLD.name, EVENTS_FEED)
    if not report.runs:
        console.print(f"Nothing new: {seen.file_count:,} files, all loaded and built before.")
    elif not (dates or report.built(SILVER.name) or report.problems):
        results = report.built(EXPERIMENTS.name)
        built = f"A/B results of {shown_days(results)} were built anew" if results else "No date was built"
        console.say(f"{built}: no file brings a new line.")
    if dates:
        columns = _columns(dates, warehouse)
        console.print(_by_date(dates, columns))
        _tell_quarantine(dates, warehouse, console)
        if not any(columns["events"].values()):
            console.print("None of these lines is a valid event, so there is nothing to count in gold.")
    for feed in FEEDS:
        if feed != EVENTS_FEED and (days := report.built(SILVER.name, feed)):
            console.say(f"{feed.name}: {len(days):,} date{'s' * (len(days) > 1)} built, {shown_days(days)}.")
            if feed == ENTITIES:
                print_entities(days, warehouse, console)
    print_subjects(report, dates, session, console)
    print_left_out(seen, console)
    if left.without_partition:
        console.say(
            f"Not built before their day has come, or JOBMATCH_PARTITIONS_END lies behind them: "
            f"{shown_days(left.without_partition)}."
        )
    held_back = left.held_back_dates
    if held_back:
        console.say(f"Not built in gold until a check of silver passes: {shown_days(held_back)}.")
        for text in told(check for check in session.findings.failing_checks() if check.is_blocking):
            console.say(f"  {text}")


def _tell_quarantine(dates: Sequence[dt.date], warehouse: Warehouse, console: Terminal) -> None:
    """How many lines are in quarantine and why, and where to look."""
    first, last = dates[0], dates[-1]
    reasons = warehouse.query(
        f"select reason, count(*) as lines from {EVENTS_QUARANTINE.schema}.{EVENTS_QUARANTINE.table} "  # noqa: S608
        f"where {EVENTS_QUARANTINE.date_column} between date '{first}' and date '{last}' "
        "group by reason order by lines desc, reason",
        _MOST_ROWS,
    )
    if not reasons:
        return
    lines = sum(row["lines"] for row in reasons)
    span = f"--from {first}" if first == last else f"--from {first} --to {last}"
    more = [f"{len(reasons) - _MOST_NAMES} more reasons"] if len(reasons) > _MOST_NAMES else []
    named = [f"{row['reason']} {row['lines']:,}" for row in reasons[:_MOST_NAMES]]
    console.say(f"In quarantine: {lines:,} lines ({', '.join(named + more)}).")
    console.say(f"Which they are: jobmatch show {EVENTS_QUARANTINE.table} {span}")


def print_left_out(seen: LandingLook, console: Terminal) -> None:
    """Print what is left where it is, why, and what to do."""
    for why, names in seen.left_out.items():
        shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
        console.say(f"Left where they are: {len(names):,} ({shown}): {why.value}")


def _columns(dates: Sequence[dt.date], warehouse: Warehouse) -> dict[str, dict[dt.date, int]]:
    first, last = dates[0], dates[-1]
    found = {
        name: warehouse.rows_by_date(table, first, last) if warehouse.has_table(table.key) else {}
        for name, table in _OUTCOMES.items()
    }
    return found | {"gold rows": _gold_rows(dates, warehouse)}


def _gold_rows(dates: Sequence[dt.date], warehouse: Warehouse) -> dict[dt.date, int]:
    total: Counter[dt.date] = Counter()
    for table in TABLES:
        if table.layer == "gold" and table.date_column and warehouse.has_table(table.key):
            total.update(warehouse.rows_by_date(table, dates[0], dates[-1]))
    return dict(total)


def _by_date(dates: Sequence[dt.date], columns: Mapping[str, Mapping[dt.date, int]]) -> Table:
    table = Table(title="What became of the lines, by event date", title_justify="left")
    table.add_column("partition")
    for name in ("lines in", *columns):
        table.add_column(name, justify="right")
    last_dates = dates[-_MOST_DATES:]
    if len(last_dates) < len(dates):
        table.add_row(f"… {len(dates) - len(last_dates)} earlier dates", *[""] * 5)
    for date in last_dates:
        table.add_row(str(date), *_cells({name: rows.get(date, 0) for name, rows in columns.items()}))
    table.add_section()
    table.add_row(
        f"{len(dates)} partitions",
        *_cells({name: sum(rows.get(date, 0) for date in dates) for name, rows in columns.items()}),
    )
    return table


def _cells(counts: dict[str, int]) -> list[str]:
    lines = counts["events"] + counts["duplicates"] + counts["quarantined"]
    return [f"{count:,}" for count in (lines, *counts.values())]
