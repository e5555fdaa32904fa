"""dbt tests as asset checks: which check a test is, and what its result says."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from jobmatch_assets.contracts.bronze import PARTITION_COLUMNS
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.orchestration.check_outcome import HOLDS_BACK, CheckOutcome
from jobmatch_assets.orchestration.dbt_project import NodeResult
from jobmatch_assets.orchestration.examples import markdown_table, one_line
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.warehouse.port import Warehouse

_MOST_DATES = 100_000


def checks_of_models(
    manifest: Mapping[str, Any], translator: DagsterDbtTranslator
) -> dict[str, dg.AssetCheckKey]:
    """{name of a dbt test of models: its asset check}."""
    found = {
        node["name"]: get_asset_check_key_for_test(manifest, translator, unique_id, project=None)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "test"
    }
    return {name: key for name, key in found.items() if key is not None}


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
    key: dg.AssetCheckKey, result: NodeResult, platform: Platform, days: Collection[dt.date]
) -> CheckOutcome:
    """What a dbt test found, with the first failing rows where it failed."""
    metadata: dict[str, Any] = {"failing rows": result.failures, **result.cost}
    if not result.failures:
        return CheckOutcome(key, passed=True, blocking=result.status != "warn", metadata=metadata)
    warehouse = platform.warehouse()
    warehouse.charge(key.asset_key.path[-1], days)
    examples = warehouse.query(result.sql, MOST_EXAMPLES)
    metadata["examples"] = dg.MetadataValue.md(markdown_table(examples))
    metadata["sql"] = dg.MetadataValue.md(f"```sql\n{result.sql}\n```")
    return CheckOutcome(
        key,
        passed=False,
        blocking=result.status != "warn",
        dates=_failing_dates(key, result, examples, warehouse, days),
        description=(
            f"Check {key.name} of {key.asset_key.to_user_string()} found {result.failures:,} rows, "
            f"the first: {one_line(examples[0]) if examples else '(gone by now)'}"
        ),
        metadata=metadata,
    )


def _failing_dates(
    key: dg.AssetCheckKey,
    result: NodeResult,
    examples: Sequence[Mapping[str, Any]],
    warehouse: Warehouse,
    days: Collection[dt.date],
) -> frozenset[dt.date]:
    """Partitions of the failing rows; where the rows do not say, all that were looked at."""
    column = PARTITION_COLUMNS.get(key.asset_key.path[-1], "event_date")
    if not examples or column not in examples[0]:
        return frozenset(days)
    distinct = f"select distinct {column} from ({result.sql})"  # noqa: S608 (both are our own)
    rows = warehouse.query(distinct, _MOST_DATES)
    return frozenset(row[column] for row in rows).intersection(days) or frozenset(days)
