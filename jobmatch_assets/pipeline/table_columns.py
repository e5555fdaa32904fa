"""The columns that a table shall have: from dbt's manifest, for bronze from the contracts."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobmatch_assets.contracts.bronze import EVENTS_RAW, EVENTS_RAW_COLUMNS, Column, ColumnType
from jobmatch_assets.contracts.table_contract import TableContract

_TYPES: dict[str, ColumnType] = {
    "string": "string",
    "bigint": "int64",
    "double": "float64",
    "float64": "float64",
    "date": "date",
    "timestamptz": "timestamp",
    "timestamp": "timestamp",
    "boolean": "bool",
    "struct(experiment_id varchar, variant varchar)[]": "experiments",
    "array<struct<experiment_id string, variant string>>": "experiments",
}


def columns_of(contract: TableContract, manifest: Mapping[str, Any]) -> Sequence[Column]:
    """The columns of a table.

    A column may be NULL where its description says what that means (`NULL: …`).

    Raises:
        KeyError: dbt describes no such table.
    """
    if contract.table == EVENTS_RAW:
        return EVENTS_RAW_COLUMNS
    described = {
        (node["schema"], node["name"]): node["columns"].values()
        for node in (*manifest["nodes"].values(), *manifest["sources"].values())
        if node["resource_type"] in ("model", "source")
    }
    return [
        Column(
            column["name"],
            _TYPES[column["data_type"]],
            column["description"],
            nullable="NULL: " in column["description"],
        )
        for column in described[contract.schema, contract.table]
    ]
