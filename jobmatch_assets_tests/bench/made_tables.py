"""Tables that models read, made from rows of Python or from files; and models built on top of them, no others."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.pipeline.entity_sources import renew_sources
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.pipeline.steps.loading import load_new_files
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
    bench.query(f"create schema if not exists {table.split('.', maxsplit=1)[0]}")
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


def build_models(bench: Workbench, days: Collection[dt.date], *models: str) -> None:
    """Build models as the platform does, on these dates; it runs no test and no check."""
    results = DbtProject(bench.settings).build(models, days)
    built = {result.name for result in results if result.ok}
    assert built == set(models), [result.message for result in results]


def load_and_build(bench: Workbench, days: Collection[dt.date], *models: str) -> None:
    """Load the files of these dates, then build models with all that they are made of."""
    session = bench.prepared()
    renew_sources(session)
    for feed in FEEDS:
        report = load_new_files(session, feed, days)
        assert not report.unreadable, report.unreadable
    parents = DbtProject(bench.settings).manifest["parent_map"]
    found: set[str] = set()
    wanted = [f"model.jobmatch.{model}" for model in models]
    while wanted:
        node = wanted.pop()
        if node.startswith("model.") and node not in found:
            found.add(node)
            wanted += parents[node]
    build_models(bench, days, *(node.rsplit(".", 1)[1] for node in found))
