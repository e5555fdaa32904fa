"""The meaning of tables and columns in the warehouse itself, where a SQL shell or a BI tool shows it.

Done once for all tables, those that Python writes included: dbt's `persist_docs` knows its own only, and
writes each comment again with each build.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jobmatch_assets.contracts.control_tables import CONTROL_TABLES
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.warehouse.descriptions import TableDescription


def describe_tables(session: Session) -> int:
    """Write the descriptions that are other than those in the warehouse.

    Returns:
        How many were.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    return session.warehouse.describe(list(descriptions(session.plan, session.dbt.manifest)))


def descriptions(plan: Plan, manifest: Mapping[str, Any]) -> Iterator[TableDescription]:
    """What dbt's files say of its tables, and the contracts of all others."""
    nodes = {**manifest["nodes"], **manifest["sources"]}
    for table in plan.tables.values():
        columns = {column.name: column.description for column in columns_of(table.contract, manifest)}
        text = nodes[table.unique_id]["description"]
        yield TableDescription(table.contract.schema, table.name, text, columns)
    texts = {
        source["name"]: source["description"]
        for source in manifest["sources"].values()
        if source["schema"] == BRONZE_SCHEMA
    }
    for control in CONTROL_TABLES:
        columns = {column.name: column.description for column in control.columns}
        yield TableDescription(BRONZE_SCHEMA, control.name, texts.get(control.name, ""), columns)
