"""Tables that models read, made from rows of Python, and models built on top of them."""

import datetime as dt
from collections.abc import Mapping, Sequence

from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets_tests.bench.workbench import Workbench

SILVER = "job_matching_silver"


def make_table(
    bench: Workbench, table: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Make a table, or make it anew.

    Args:
        bench: Whose warehouse it stands in.
        table: Its name with its schema.
        columns: {name: type} of its columns, in the order of the rows' values.
        rows: At least one.
    """
    bench.query(f"create schema if not exists {table.split('.')[0]}")
    selected = ", ".join(f"unnest(?::{kind}[]) as {name}" for name, kind in columns.items())
    bench.query(
        f"create or replace table {table} as select {selected}",
        *(list(column) for column in zip(*rows, strict=True)),
    )


def make_last_date(bench: Workbench, day: dt.date) -> None:
    """Have the data end with this date."""
    close = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    columns = {"last_date": "date", "closes_at": "timestamptz"}
    make_table(bench, f"{SILVER}.last_date", columns, [(day, close)])


def build_models(bench: Workbench, day: dt.date, *models: str) -> None:
    """Build models as the platform does, on a date."""
    results = DbtProject(bench.settings).build(models, [day])
    built = {result.name for result in results if result.ok}
    assert built == set(models), [result.message for result in results]
