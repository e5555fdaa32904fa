"""The tables that loads write, as BigQuery stores them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobmatch_assets.contracts.bronze import (
    ACCEPTED_QUARANTINE,
    ACCEPTED_QUARANTINE_COLUMNS,
    BRONZE_SCHEMA,
    EVENTS_RAW,
    EVENTS_RAW_COLUMNS,
    EXPERIMENTS_COMPARED,
    EXPERIMENTS_COMPARED_COLUMNS,
    FAILING_CHECKS,
    FAILING_CHECKS_COLUMNS,
    FILES,
    FILES_COLUMNS,
    LAYOUT,
    LAYOUT_COLUMNS,
    LAYOUT_IN_FORCE,
    REBUILD_QUEUE,
    REBUILD_QUEUE_COLUMNS,
    USED_SETTINGS,
    USED_SETTINGS_COLUMNS,
    Column,
)
from jobmatch_assets.warehouse.bigquery.client import TYPES, BigQueryClient
from jobmatch_assets.warehouse.layout import Mark, refuse_newer, refuse_too_old

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField, Table


@dataclass(frozen=True)
class BronzeTable:
    """A bronze table and how it is laid out.

    Attributes:
        name: Its name in the bronze dataset.
        columns: Its contract.
        partition_column: A date; None for a table that is too small to be cut.
        cluster_columns: What rows are sorted by within a partition.
    """

    name: str
    columns: Sequence[Column]
    partition_column: str | None = None
    cluster_columns: tuple[str, ...] = ()

    def made(self, project: str) -> "Table":
        """The table for the API to create."""
        from google.cloud.bigquery import Table, TimePartitioning

        table = Table(f"{project}.{BRONZE_SCHEMA}.{self.name}", schema=schema_of(self.columns))
        if self.partition_column:
            table.time_partitioning = TimePartitioning(field=self.partition_column)
            table.require_partition_filter = True
        table.clustering_fields = self.cluster_columns or None
        return table


# Lines are partitioned by when they were loaded, so that a load appends to one partition whatever days its
# files are of. The ledger knows the partitions of a day; within them staging finds the day by clustering. The
# time is a column of ours and not _PARTITIONTIME, which a job that is repeated after midnight would change.
BRONZE_TABLES = (
    BronzeTable(EVENTS_RAW, EVENTS_RAW_COLUMNS, "ingested_at", ("_source_dt", "_load_id", "_source_file")),
    BronzeTable(FILES, FILES_COLUMNS, None, ("dt",)),
    BronzeTable(REBUILD_QUEUE, REBUILD_QUEUE_COLUMNS),
    BronzeTable(FAILING_CHECKS, FAILING_CHECKS_COLUMNS),
    BronzeTable(EXPERIMENTS_COMPARED, EXPERIMENTS_COMPARED_COLUMNS),
    BronzeTable(USED_SETTINGS, USED_SETTINGS_COLUMNS),
    BronzeTable(ACCEPTED_QUARANTINE, ACCEPTED_QUARANTINE_COLUMNS),
    BronzeTable(LAYOUT, LAYOUT_COLUMNS),
)


def schema_of(columns: Sequence[Column]) -> "list[SchemaField]":
    """Columns of a contract as fields of a table."""
    from google.cloud.bigquery import SchemaField

    return [
        SchemaField(
            column.name,
            TYPES[column.type],
            mode="NULLABLE" if column.nullable else "REQUIRED",
            description=column.description,
        )
        for column in columns
    ]


_SETTING = "JOBMATCH_BIGQUERY_PROJECT"


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
    marks = _marks(client) if LAYOUT in found else []
    refuse_newer(marks, place, _SETTING)
    layouts = {mark.layout for mark in marks}
    if LAYOUT_IN_FORCE not in layouts:
        # Each table is a request, which those that bear the mark are spared.
        names = [table.name for table in BRONZE_TABLES if table.name in found]
        refuse_too_old({name: _columns(client, name) for name in names}, place, _SETTING)
    return layouts


def _marks(client: BigQueryClient) -> list[Mark]:
    """The rows of bronze.layout, read without a job."""
    from google.cloud.bigquery import TableReference

    table = TableReference.from_string(f"{client.project}.{BRONZE_SCHEMA}.{LAYOUT}")
    rows = client.api.list_rows(table, selected_fields=schema_of(LAYOUT_COLUMNS), retry=client.retry)
    return [Mark(row["layout"], row["made_by"]) for row in rows]


def _columns(client: BigQueryClient, table: str) -> set[str]:
    found = client.api.get_table(f"{client.project}.{BRONZE_SCHEMA}.{table}", retry=client.retry)
    return {field.name for field in found.schema}


def add_columns(client: BigQueryClient, table: BronzeTable) -> None:
    """Add the columns to a table that it lacks, which those of an earlier version may."""
    found = client.api.get_table(f"{client.project}.{BRONZE_SCHEMA}.{table.name}", retry=client.retry)
    names = {field.name for field in found.schema}
    missing = [column for column in table.columns if column.name not in names]
    if missing:
        found.schema = [*found.schema, *schema_of(missing)]
        client.api.update_table(found, ["schema"], retry=client.retry)
