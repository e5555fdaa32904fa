"""The tables of bronze on BigQuery: how they are stored, and bringing earlier ones up to date."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from jobmatch_assets.contracts.column import TYPES, Column
from jobmatch_assets.contracts.control_tables import (
    CONTROL_TABLES,
    EARLIER_TABLES,
    LAYOUT,
    LAYOUT_IN_FORCE,
    ControlTable,
)
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.layout import Mark, refuse_newer, refuse_too_old

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField, Table

# Lines are partitioned by when they were loaded, so that a load appends to one partition whatever days its
# files are of. The ledger knows the partitions of a day; within them staging finds the day by clustering. The
# time is a column of ours and not _PARTITIONTIME, which a job that is repeated after midnight would change.
_LINES_PARTITION = "ingested_at"
_LINES_CLUSTERED = ("_source_dt", "_load_id", "_source_file")


_SETTING = "JOBMATCH_BIGQUERY_PROJECT"


def tables_of_bronze(client: BigQueryClient) -> set[str]:
    """The tables of bronze; none where the dataset is missing."""
    from google.api_core.exceptions import NotFound

    try:
        return {item.table_id for item in client.api.list_tables(BRONZE_SCHEMA, retry=client.retry)}
    except NotFound:
        return set()


def refuse_other_layouts(client: BigQueryClient, found: Collection[str]) -> set[int]:
    """Refuse datasets of a version that is too new, or too old, for this one; changes nothing, costs nothing.

    Args:
        client: Where they are.
        found: The tables of bronze.

    Returns:
        The layouts that the tables have had.

    Raises:
        LayoutError: It is one.
    """
    place = f"The project {client.project}"
    marks = _marks(client) if LAYOUT.name in found else []
    refuse_newer(marks, place, _SETTING)
    layouts = {mark.layout for mark in marks}
    if LAYOUT_IN_FORCE not in layouts:
        # Each table is a request, which those that bear the mark are spared.
        names = [table.name for table in CONTROL_TABLES if table.name in found]
        refuse_too_old({name: _columns(client, name) for name in names}, place, _SETTING)
    return layouts


def _marks(client: BigQueryClient) -> list[Mark]:
    """The rows of bronze.layout, read without a job."""
    from google.cloud.bigquery import TableReference

    table = TableReference.from_string(f"{client.project}.{BRONZE_SCHEMA}.{LAYOUT.name}")
    rows = client.api.list_rows(table, selected_fields=schema_of(LAYOUT.columns), retry=client.retry)
    return [Mark(row["layout"], row["made_by"]) for row in rows]


def _columns(client: BigQueryClient, table: str) -> set[str]:
    found = client.api.get_table(f"{client.project}.{BRONZE_SCHEMA}.{table}", retry=client.retry)
    return {field.name for field in found.schema}


def make_tables(client: BigQueryClient, found: Collection[str]) -> None:
    """Make bronze tables, and bring those of an earlier version up to date.

    Args:
        client: Where they are.
        found: The tables that are there.
    """
    for earlier, name in EARLIER_TABLES.items():
        if earlier in found and name not in found:
            client.query(f"alter table {BRONZE_SCHEMA}.{earlier} rename to {name}")
    for feed in FEEDS:
        if feed.raw.name not in found:
            _create(client, _lines_table(client, feed))
    for table in CONTROL_TABLES:
        if table.name in found:
            _bring_up_to_date(client, table)
        else:
            _create(client, _control_table(client, table))


def schema_of(columns: Sequence[Column]) -> "list[SchemaField]":
    """Columns of a contract as fields of a table."""
    from google.cloud.bigquery import SchemaField

    return [
        SchemaField(
            column.name,
            TYPES[column.type].bigquery,
            mode="NULLABLE" if column.nullable else "REQUIRED",
            description=column.description,
        )
        for column in columns
    ]


def _create(client: BigQueryClient, table: "Table") -> None:
    client.api.create_table(table, exists_ok=True, retry=client.retry)


def _lines_table(client: BigQueryClient, feed: Feed) -> "Table":
    from google.cloud.bigquery import Table, TimePartitioning

    table = Table(f"{client.project}.{BRONZE_SCHEMA}.{feed.raw.name}", schema=schema_of(feed.layout.columns))
    table.time_partitioning = TimePartitioning(field=_LINES_PARTITION)
    table.require_partition_filter = True
    table.clustering_fields = _LINES_CLUSTERED
    return table


def _control_table(client: BigQueryClient, control: ControlTable) -> "Table":
    from google.cloud.bigquery import Table

    table = Table(f"{client.project}.{BRONZE_SCHEMA}.{control.name}", schema=schema_of(control.columns))
    table.clustering_fields = control.cluster_columns or None
    return table


def _bring_up_to_date(client: BigQueryClient, table: ControlTable) -> None:
    place = f"{BRONZE_SCHEMA}.{table.name}"
    found = client.api.get_table(f"{client.project}.{place}", retry=client.retry)
    names = {field.name for field in found.schema}
    missing = []
    for column in table.columns:
        if column.name in names:
            continue
        earlier = table.earlier_names.get(column.name)
        if earlier in names:
            client.query(f"alter table {place} rename column {earlier} to {column.name}")
        else:
            missing.append(column)
    if not missing:
        return
    found = client.api.get_table(f"{client.project}.{place}", retry=client.retry)
    # A column that is added to a table with rows may be NULL.
    added = [Column(column.name, column.type, column.description, nullable=True) for column in missing]
    found.schema = [*found.schema, *schema_of(added)]
    client.api.update_table(found, ["schema"], retry=client.retry)
    for column in missing:
        if value := table.earlier_values.get(column.name):
            client.query(
                f"update {place} set {column.name} = @value where {column.name} is null", value=value
            )
