"""dbt tests as asset checks: which check a test is, and what its result says."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jobmatch_assets.checks.examples import markdown_table, one_line
from jobmatch_assets.checks.outcome import HOLDS_BACK, CheckOutcome, Markdown
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.pipeline.plan import table_of
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.steps.dbt_runner import NodeResult
from jobmatch_assets.warehouse.port import Warehouse

_MOST_DATES = 100_000


def checks_of_models(manifest: Mapping[str, Any]) -> dict[str, CheckKey]:
    """{name of a dbt test of models: the check that it is}."""
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and (model := _tested_model(manifest, node)):
            found[node["name"]] = CheckKey(table_of(model), node["name"])
    return found


def tables_read(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """{name of a dbt test: the models that it reads}."""
    nodes = manifest["nodes"]
    return {
        node["name"]: {nodes[parent]["name"] for parent in node["depends_on"]["nodes"] if parent in nodes}
        for node in nodes.values()
        if node["resource_type"] == "test"
    }


def _tested_model(manifest: Mapping[str, Any], test: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The model that a test stands with; None where that is a source.

    A test that is a query of its own says so itself, unless it reads one model only.
    """
    models = [manifest["nodes"][name] for name in test["depends_on"]["nodes"] if name in manifest["nodes"]]
    if len(test["depends_on"]["nodes"]) == 1:
        return models[0] if models else None
    named = test["config"]["meta"].get("dagster", {}).get("ref", {}).get("name")
    if named:
        return next((model for model in models if model["name"] == named), None)
    attached = test.get("attached_node")
    return manifest["nodes"].get(attached) if attached else None


def description_of(manifest: Mapping[str, Any], test: str) -> str | None:
    """What a dbt test says of itself; all of them block."""
    for node in manifest["nodes"].values():
        if node["name"] == test:
            says = node.get("description")
            return f"{says} {HOLDS_BACK}" if says else None
    return None


def tests_of_source(manifest: Mapping[str, Any], unique_id: str) -> dict[str, str]:
    """{name of a dbt test of a source table: its description}."""
    return {
        node["name"]: description_of(manifest, node["name"]) or ""
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and unique_id in node["depends_on"]["nodes"]
    }


def outcome_of(
    key: CheckKey, result: NodeResult, session: Session, days: Collection[dt.date]
) -> CheckOutcome:
    """What a dbt test found, with the first failing rows where it failed."""
    metadata: dict[str, Any] = {"failing rows": result.failures, **result.cost}
    if not result.failures:
        return CheckOutcome(key, passed=True, blocking=result.status != "warn", metadata=metadata)
    warehouse = session.warehouse
    warehouse.charge(key.table.name, days)
    examples = warehouse.query(result.sql, MOST_EXAMPLES)
    metadata["examples"] = Markdown(markdown_table(examples))
    metadata["sql"] = Markdown(f"```sql\n{result.sql}\n```")
    return CheckOutcome(
        key,
        passed=False,
        blocking=result.status != "warn",
        dates=_failing_dates(key, result, examples, warehouse, days),
        description=(
            f"Check {key.name} of {key.table} found {result.failures:,} rows, "
            f"the first: {one_line(examples[0]) if examples else '(gone by now)'}"
        ),
        metadata=metadata,
    )


def _failing_dates(
    key: CheckKey,
    result: NodeResult,
    examples: Sequence[Mapping[str, Any]],
    warehouse: Warehouse,
    days: Collection[dt.date],
) -> frozenset[dt.date]:
    """Partitions of the failing rows; where the rows do not say, all that were looked at."""
    column = table_named(key.table.name).date_column
    if column is None or not examples or column not in examples[0]:
        return frozenset(days)
    distinct = f"select distinct {column} from ({result.sql})"  # noqa: S608 (both are our own)
    rows = warehouse.query(distinct, _MOST_DATES)
    return frozenset(row[column] for row in rows).intersection(days) or frozenset(days)
