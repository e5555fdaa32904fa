"""What every table of silver and gold must say of itself, as functions over the manifest of dbt.

Each returns a line of text per violation.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb

from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.contracts.table_contract import TableContract

Manifest = Mapping[str, Any]
Types = Mapping[str, Mapping[str, str]]

LAYERS = {"job_matching_silver": "silver", "job_matching_gold": "gold"}


def tables(manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    """The models of silver and gold, and the tables there that the platform writes without a model."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] in LAYERS:
            yield node
    yield from (source for source in manifest["sources"].values() if source["schema"] in LAYERS)


def full_name(table: Mapping[str, Any]) -> str:
    return f"{table['schema']}.{table['name']}"


def descriptions_begin_with_the_grain(manifest: Manifest) -> list[str]:
    return [
        f"{full_name(table)}: the description does not begin with its grain"
        for table in tables(manifest)
        if not table["description"].startswith("One row per ")
    ]


def contracts_are_enforced(manifest: Manifest) -> list[str]:
    return [
        f"{full_name(table)}: the contract is not enforced"
        for table in tables(manifest)
        if table["resource_type"] == "model" and not table["config"]["contract"]["enforced"]
    ]


def grains_are_checked(manifest: Manifest, contracts: Collection[TableContract] = CONTRACTS) -> list[str]:
    """By the table's contract, or by a dbt test."""
    under_contract = {f"{contract.schema}.{contract.table}" for contract in contracts if contract.grain}
    tested = {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == "unique_grain"
        for parent in node["depends_on"]["nodes"]
    }
    return [
        f"{full_name(table)}: nothing checks that its grain is unique"
        for table in tables(manifest)
        if table["unique_id"] not in tested and full_name(table) not in under_contract
    ]


def gold_has_subjects(manifest: Manifest) -> list[str]:
    """A table of gold names its subject; what it shows of it are columns of its own."""
    return [
        f"{full_name(table)}: {problem}"
        for table in tables(manifest)
        if LAYERS[table["schema"]] == "gold"
        for problem in _problems_of_its_subject(table)
    ]


def _problems_of_its_subject(table: Mapping[str, Any]) -> Iterator[str]:
    meta = table["config"].get("meta") or table["meta"]
    if not meta.get("subject"):
        yield "its meta names no subject"
    for column in meta.get("headline", ()):
        if column not in table["columns"]:
            yield f"its headline has {column}, which is no column of it"


def columns_are_described(manifest: Manifest, built: Types) -> list[str]:
    """Every column of every built table has a description and the type that it was built with."""
    described = {full_name(table): table["columns"] for table in tables(manifest)}
    problems = [f"{table}: not described" for table in built.keys() - described.keys()]
    for table, columns in described.items():
        if table not in built:
            problems.append(f"{table}: not built")
            continue
        problems += [f"{table}.{name}: not described" for name in built[table].keys() - columns.keys()]
        problems += [f"{table}.{name}: not built" for name in columns.keys() - built[table].keys()]
        for name in columns.keys() & built[table].keys():
            column = columns[name]
            if not column["description"].strip():
                problems.append(f"{table}.{name}: no description")
            if not column["data_type"]:
                problems.append(f"{table}.{name}: no data_type")
            elif type_name(column["data_type"]) != built[table][name]:
                problems.append(
                    f"{table}.{name}: described as {column['data_type']}, built as {built[table][name]}"
                )
    return sorted(problems)


def type_name(data_type: str) -> str:
    """The name that DuckDB itself uses for a type."""
    row = duckdb.sql(f"select typeof(cast(null as {data_type}))").fetchone()
    assert row is not None
    return str(row[0])


def gold_has_owners(specs: Iterable[dg.AssetSpec], built: Types) -> list[str]:
    """Every gold table is an asset of the group gold with an owner."""
    by_key = {spec.key.to_user_string(): spec for spec in specs}
    problems = []
    for table in built:
        layer, name = LAYERS[table.split(".")[0]], table.split(".")[1]
        spec = by_key.get(f"{layer}/{name}")
        if layer != "gold":
            continue
        if spec is None:
            problems.append(f"{table}: no asset")
            continue
        if not spec.owners:
            problems.append(f"{table}: no owner")
        if spec.group_name != layer:
            problems.append(f"{table}: in the group {spec.group_name}")
    return problems
