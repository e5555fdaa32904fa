"""Descriptions of BigQuery's tables and columns. A request that changes one is sent where it is another."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.descriptions import TableDescription

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField


def write_descriptions(client: BigQueryClient, descriptions: Sequence[TableDescription]) -> int:
    """Make descriptions those of the tables and columns that there are; asking and changing cost nothing.

    Returns:
        How many tables were not so.

    Raises:
        WarehouseError: BigQuery refuses it, or cannot be reached.
    """
    from google.api_core.exceptions import NotFound

    changed = 0
    for described in descriptions:
        with client.explained():
            try:
                table = client.api.get_table(
                    f"{client.project}.{described.schema}.{described.table}", retry=client.retry
                )
            except NotFound:
                continue
            fields = [_described(field, described.columns) for field in table.schema]
            if (table.description or "", table.schema) == (described.text, fields):
                continue
            table.description, table.schema = described.text or None, fields
            client.api.update_table(table, ["description", "schema"], retry=client.retry)
        changed += 1
    return changed


def _described(field: "SchemaField", texts: Mapping[str, str]) -> "SchemaField":
    from google.cloud.bigquery import SchemaField

    if (field.description or "") == texts.get(field.name, field.description or ""):
        return field
    return SchemaField.from_api_repr({**field.to_api_repr(), "description": texts[field.name]})
