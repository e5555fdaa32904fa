"""Replacing the dates of a table by rows that Python computed."""

import datetime as dt
import tempfile
import uuid
from typing import TYPE_CHECKING

import pyarrow as pa

from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.bigquery.load_job import load_parquet

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

_TYPES = {
    pa.string(): "STRING",
    pa.int64(): "INT64",
    pa.float64(): "FLOAT64",
    pa.bool_(): "BOOL",
    pa.date32(): "DATE",
}
_MOST_CLUSTERED = 4
_LIFETIME = dt.timedelta(days=1)


def replace_rows(
    client: BigQueryClient, table: str, date_column: str, first: dt.date, last: dt.date, rows: pa.Table
) -> None:
    """Put `rows` in the place of all rows of these dates, with one statement.

    The table is made if it is missing.

    Args:
        client: The client.
        table: The table, as dataset.table.
        date_column: Its partition column.
        first: First date.
        last: Last date.
        rows: The new rows.

    Raises:
        WarehouseError: BigQuery cannot be used; the table is as it was.
    """
    import pyarrow.parquet as pq
    from google.cloud.bigquery import Table, TimePartitioning

    fields = _fields(rows.schema)
    kept = Table(f"{client.project}.{table}", schema=fields)
    kept.time_partitioning = TimePartitioning(field=date_column)
    kept.require_partition_filter = True
    # Readers filter by the names that come after the date: experiment, variant, metric.
    texts = [field.name for field in rows.schema if field.type == pa.string()]
    kept.clustering_fields = texts[:_MOST_CLUSTERED]
    # A table of its own, which goes away by itself, should nobody come to drop it.
    incoming = f"{BRONZE_SCHEMA}.incoming_{uuid.uuid4().hex}"
    passing = Table(f"{client.project}.{incoming}", schema=fields)
    passing.expires = dt.datetime.now(dt.UTC) + _LIFETIME
    with client.explained():
        client.api.create_table(kept, exists_ok=True, retry=client.retry)
        client.api.create_table(passing, retry=client.retry)
    try:
        with tempfile.TemporaryFile(prefix="jobmatch-") as parquet:
            pq.write_table(rows, parquet)
            parquet.seek(0)
            load_parquet(client, parquet, incoming, "rows", {})
        names = ", ".join(rows.schema.names)
        client.query(
            f"merge into {table} as kept using (select {names} from {incoming}) as incoming on false "
            f"when not matched by source and kept.{date_column} >= date '{first}' "
            f"and kept.{date_column} <= date '{last}' then delete "
            f"when not matched then insert ({names}) values ({names})"
        )
    finally:
        with client.explained():
            client.api.delete_table(passing, not_found_ok=True, retry=client.retry)


def _fields(schema: pa.Schema) -> "list[SchemaField]":
    from google.cloud.bigquery import SchemaField

    return [SchemaField(field.name, _TYPES[field.type]) for field in schema]
