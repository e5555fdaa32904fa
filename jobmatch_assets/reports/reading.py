"""Questions to the published copy that several sections ask: sums are made there, intervals in Python."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.metrics.ratios import UnitSums
from jobmatch_assets.reports.week import Week

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class RatioColumns:
    """The columns that a ratio and its interval are made of.

    Attributes:
        s: Σ S over units.
        n: Σ N.
        ss: Σ S².
        sn: Σ S·N.
        nn: Σ N².
        units: How many units.
    """

    s: str
    n: str
    ss: str
    sn: str
    nn: str
    units: str


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, **parameters: Any) -> Rows:
    """The rows of a query as dictionaries."""
    found = connection.execute(query, parameters)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def has_columns(connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Collection[str]]) -> bool:
    """Whether the copy has these columns of tables that not every platform has."""
    found = set(
        connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = $schema and database_name = current_database()",
            {"schema": GOLD_SCHEMA},
        ).fetchall()
    )
    return all((table, column) in found for table, names in columns.items() for column in names)


def of_week(connection: duckdb.DuckDBPyConnection, week: Week, by: str = "") -> Rows:
    """The rows of `funnel_weekly` of a week: the one of all, or one for each value of a dimension."""
    where = " and ".join(
        f"{dimension} {'<>' if dimension == by else '='} $all"
        for dimension in ("platform", "device_type", "surface")
    )
    order = f"entered desc, {by}" if by else "1"
    query = f"from funnel_weekly where week_start = $monday and {where} order by {order}"
    return rows_of(connection, query, monday=week.monday, all=ALL)


def unit_sums(
    connection: duckdb.DuckDBPyConnection,
    columns: RatioColumns,
    first: dt.date,
    last: dt.date,
    k: int,
) -> dict[dt.date, UnitSums]:
    """{date: sums by unit} of all lists, from `ranking_metrics_daily`."""
    names = [columns.s, columns.n, columns.ss, columns.sn, columns.nn, columns.units]
    found = connection.execute(
        f"select event_date, {', '.join(names)} from ranking_metrics_daily "  # noqa: S608 - names of sections
        "where event_date between $first and $last and k = $k "
        "and surface = $all and experiment_id = $all and variant = $all order by event_date",
        {"first": first, "last": last, "k": k, "all": ALL},
    ).fetchall()
    return {day: UnitSums(*sums) for day, *sums in found}


def total(rows: Sequence[dict[str, Any]], column: str) -> float | None:
    """The sum of a column; None where there is no row."""
    return sum(row[column] for row in rows) if rows else None
