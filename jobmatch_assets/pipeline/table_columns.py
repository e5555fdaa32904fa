"""Which columns tables shall have: from dbt's manifest, for bronze from the contracts."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobmatch_assets.contracts.column import Column, type_named
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.contracts.table_contract import TableContract


def columns_of(contract: TableContract, manifest: Mapping[str, Any]) -> Sequence[Column]:
    """The columns of a table.

    A column may be NULL where its description says what that means (`NULL: …`).

    Raises:
        KeyError: dbt describes no such table.
    """
    raw = {feed.raw: feed.layout.columns for feed in FEEDS}
    if contract.key in raw:
        return raw[contract.key]
    described = {
        (node["schema"], node["name"]): node["columns"].values()
        for node in (*manifest["nodes"].values(), *manifest["sources"].values())
        if node["resource_type"] in ("model", "source")
    }
    return [
        Column(
            column["name"],
            type_named(column["data_type"]),
            column["description"],
            nullable="NULL: " in column["description"],
        )
        for column in described[contract.schema, contract.table]
    ]
