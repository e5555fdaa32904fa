"""A platform on BigQuery: the workbench of all tests, with a bucket and datasets in the emulators."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets_tests.bench import golden_entities
from jobmatch_assets_tests.bench.cloud import BUCKET, PROJECT, Cloud, serving
from jobmatch_assets_tests.bench.events import encoded
from jobmatch_assets_tests.bench.golden import LANDING
from jobmatch_assets_tests.bench.workbench import Workbench

SCHEMAS = ("job_matching_bronze", "job_matching_silver", "job_matching_gold")


class CloudBench(Workbench):
    """A workbench whose files lie in a bucket and whose tables are on BigQuery.

    Questions about tables are answered by a DuckDB file with a copy of them, so that all that can be asked of a
    platform on DuckDB can be asked of this one; `download` makes it.

    Attributes:
        cloud: The emulators.
    """

    def __init__(self, folder: Path, instance: dg.DagsterInstance, cloud: Cloud, **environment: str) -> None:
        super().__init__(
            folder,
            instance,
            JOBMATCH_TARGET="bigquery",
            **{
                "JOBMATCH_LANDING": f"gs://{BUCKET}",
                "JOBMATCH_BIGQUERY_PROJECT": PROJECT,
                "JOBMATCH_BIGQUERY_LOCATION": "US",
                "JOBMATCH_GOOGLE_RETRY_TIMEOUT": "20",
                **environment,
            },
        )
        self.cloud = cloud

    def land(self, name: str, lines: Iterable[bytes | str | Mapping[str, Any]]) -> Path:
        """Write an events file into the bucket, a line each."""
        self.cloud.put(f"events/{name}", encoded(lines))
        return self.landing / "events" / name

    def download(self) -> "CloudBench":
        """Copy every table of the datasets, but no view, into the DuckDB file."""
        self.warehouse.unlink(missing_ok=True)
        client = self.cloud.client()
        with duckdb.connect(str(self.warehouse)) as connection:
            for schema in SCHEMAS:
                connection.execute(f"create schema {schema}")
                for item in client.list_tables(schema):
                    if item.table_type == "VIEW":
                        continue
                    found = client.list_rows(item.reference).to_arrow(create_bqstorage_client=False)
                    connection.register("found", found)
                    connection.execute(f"create table {schema}.{item.table_id} as from found")
                    connection.unregister("found")
        return self

    def rows_of_view(self, view: str, date_column: str) -> list[tuple[Any, ...]]:
        """The rows of a view, of all dates."""
        query = f"select * from {view} where {date_column} >= '{self.settings.partitions_start}'"
        return [row.values() for row in self.cloud.client().query_and_wait(query)]


def golden_bench(folder: Path, instance: dg.DagsterInstance, cloud: Cloud) -> CloudBench:
    """The golden set in the bucket, nothing built."""
    cloud.upload(LANDING)
    return CloudBench(folder, instance, cloud)


def entities_bench(
    folder: Path, instance: dg.DagsterInstance, cloud: Cloud, without: Iterable[str] = ()
) -> CloudBench:
    """The golden set of entities in the bucket but for some files, nothing built."""
    cloud.upload(golden_entities.LANDING, without=without)
    return CloudBench(folder, instance, cloud, JOBMATCH_SOURCES=str(golden_entities.SOURCES))


def tables_of_events(plan: Plan) -> set[str]:
    """The tables that files of events alone make."""
    return {
        name
        for name, table in plan.tables.items()
        if EVENTS in plan.feeds_of(name) and plan.is_fed(table, [EVENTS])
    }


@contextmanager
def in_the_cloud(folder: Path) -> Iterator[Cloud]:
    """Emulators of their own, and the environment that leads google's libraries there."""
    with serving(folder) as cloud, pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.environment().items():
            patch.setenv(name, value)
        yield cloud


def cell_differences(expected: Path, actual: Path) -> list[str]:
    """Where the tables that dbt and Python build differ between two DuckDB files: in tables, columns or rows.

    Decimals are equal by their value, however many digits their columns have. Of lists, BigQuery keeps none that is
    NULL but an empty one in its place, so both are the same here.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{expected}' as expected (read_only)")
        connection.execute(f"attach '{actual}' as actual (read_only)")
        tables = [_tables(connection, name) for name in ("expected", "actual")]
        differences = [f"{table} is in one only" for table in sorted(set(tables[0]) ^ set(tables[1]))]
        for table in tables[0]:
            if table in tables[1]:
                differences += _table_differences(connection, table)
        return differences


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables where table_catalog = ? "
        "and table_type = 'BASE TABLE' and table_schema in ('job_matching_silver', 'job_matching_gold') order by all",
        [database],
    )
    return [name for (name,) in rows.fetchall()]


def _table_differences(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    columns = [
        [name for name, *_ in connection.execute(f"describe {side}.{table}").fetchall()]
        for side in ("expected", "actual")
    ]
    if columns[0] != columns[1]:
        return [f"{table}: columns {columns[0]} and {columns[1]}"]
    selected = "*"
    if table == "job_matching_silver.stg_events":
        # What the fields of a rejected line would have meant nobody asks, and parsers that refuse it differ.
        judged = ("_source_dt", "_source_file", "_source_line", "_source_sha256", "raw_line", "raw_form")
        read = [name for name in columns[0] if name not in (*judged, "reason", "event_date")]
        selected = (
            f"* replace ({', '.join(f'case when reason is null then {name} end as {name}' for name in read)})"
        )
    elif table == "job_matching_silver.stg_entity_records":
        # Engines differ in which numbers they would write with other digits.
        selected = "* exclude (is_marked)"
    elif "made_of" in columns[0]:
        # Each engine has a hash of its own.
        selected = "* exclude (made_of)"
    rows = [_rows(connection, f"select {selected} from {side}.{table}") for side in ("expected", "actual")]
    return [
        f"{table}: {kind} {row}"
        for kind, ours, theirs in (("missing", *rows), ("unexpected", *reversed(rows)))
        for row in sorted(set(ours) - set(theirs))[:5]
    ] + ([f"{table}: {len(rows[0])} rows and {len(rows[1])}"] if len(rows[0]) != len(rows[1]) else [])


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return [repr(tuple(map(_comparable, row))) for row in rows]


def _comparable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value.normalize()
    return None if value == [] else value
