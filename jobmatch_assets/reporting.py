"""Tables for the terminal: what a run built, and rows of a table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from jobmatch_assets.orchestration.partitions import shown as shown_days
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.orchestration.waiting_work import Landed, WaitingWork
from jobmatch_assets.warehouse.port import Warehouse

_MOST_DATES = 31
_MOST_NAMES = 4
_MOST_COLUMNS = 10
_MOST_ROWS = 200

# Of every gold table: which row says most at a glance, and which of its columns.
_HEADLINES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "funnel_daily": ({}, ("searches", "impressions", "clicks", "applies", "search_to_apply_rate")),
    "ranking_metrics_daily": ({"k": 10}, ("k", "lists", "success_at_k", "mrr_at_k", "ndcg_at_k")),
    "ranking_position_daily": ({"rank_position": 1}, ("rank_position", "shown", "clicked", "ctr")),
    "search_quality_daily": (
        {},
        ("zero_result_rate", "abandonment_rate", "median_seconds_to_first_click"),
    ),
    "ab_metrics_daily": ({}, ("experiment_id", "variant", "units", "clicks", "applies")),
    "ab_results": (
        {"metric": "ctr"},
        ("experiment_id", "variant", "metric", "status", "effect", "ci_low", "ci_high"),
    ),
}


def print_report(
    report: RunReport, landed: Landed, left: WaitingWork, warehouse: Warehouse, console: Console
) -> None:
    """Print what a run did: by date what became of the lines, then what was left out."""
    dates = report.built("silver") or report.built("gold")
    if not report.runs:
        console.print(f"Nothing new: {len(landed.files):,} files, all loaded and built before.")
    if dates:
        console.print(_by_date(dates, warehouse))
        if not report.problems:
            console.print(_first_look(dates, warehouse))
    print_left_out(landed, console)
    if left.without_partition:
        console.print(
            f"Not built before their day has come, or JOBMATCH_PARTITIONS_END lies behind them: "
            f"{shown_days(left.without_partition)}.",
            markup=False,
        )
    held_back = left.held_back["gold"] | left.held_back["experiments"]
    if held_back:
        console.print(
            f"Not built in gold until a check of silver passes: {shown_days(held_back)}. "
            "The table job_matching_bronze.failing_checks says which.",
            markup=False,
        )


def print_left_out(landed: Landed, console: Console) -> None:
    """Print what is left where it is, why, and what to do."""
    for why, names in landed.left_out.items():
        shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
        told = f"Left where they are: {len(names):,} ({shown}): {why.value}"
        console.print(told, markup=False, emoji=False)


def _first_look(dates: Sequence[dt.date], warehouse: Warehouse) -> Table:
    """One line of every gold table, of the built date with the most events."""
    events = warehouse.rows_by_date("silver", "events", dates[0], dates[-1])
    date = max(dates, key=lambda day: (events.get(day, 0), day))
    table = Table(title=f"A first look, {date}", title_justify="left")
    table.add_column("gold table", no_wrap=True)
    table.add_column("one of its rows")
    for name, (chosen, shown) in _HEADLINES.items():
        rows = warehouse.preview(name, date, date, totals_only=True, most=_MOST_ROWS)
        row = next((row for row in rows if all(row[key] == value for key, value in chosen.items())), None)
        facts = "no rows" if row is None else ", ".join(f"{key} {_shown(row[key])}" for key in shown)
        table.add_row(name, facts)
    return table


def print_rows(name: str, rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print rows of a table; one with many columns and few rows is turned on its side."""
    if not rows:
        console.print(f"{name} has no such rows.")
        return
    columns = [name for name in rows[0] if any(row[name] != "__all__" for row in rows)]
    if len(columns) > _MOST_COLUMNS >= len(rows):
        console.print(_sideways(name, columns, rows))
        return
    table = Table(title=name, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(_shown(row[column]) for column in columns))
    console.print(table)


def _sideways(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table with a line per column; its partition date, which comes first, is the head."""
    date, *others = columns
    dates = [row[date] for row in rows]
    table = Table(title=f"{name}, {dates[0]} to {dates[-1]}", title_justify="left")
    table.add_column(date, no_wrap=True)
    for day in dates:
        table.add_column(f"{day:%m-%d}", justify="right", no_wrap=True)
    for column in others:
        table.add_row(column, *(_shown(row[column]) for row in rows))
    return table


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _by_date(dates: list[dt.date], warehouse: Warehouse) -> Table:
    first, last = dates[0], dates[-1]
    columns = {
        "events": warehouse.rows_by_date("silver", "events", first, last),
        "duplicates": warehouse.rows_by_date("silver", "events_duplicates", first, last),
        "quarantined": warehouse.rows_by_date("silver", "events_quarantine", first, last),
        "gold rows": warehouse.gold_rows_by_date(first, last),
    }
    table = Table(title="What became of the lines, by event date", title_justify="left")
    table.add_column("partition")
    for name in ("lines in", *columns):
        table.add_column(name, justify="right")
    shown = dates[-_MOST_DATES:]
    if len(shown) < len(dates):
        table.add_row(f"… {len(dates) - len(shown)} earlier dates", *[""] * 5)
    for date in shown:
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
