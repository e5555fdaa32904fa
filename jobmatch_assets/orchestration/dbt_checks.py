"""dbt tests as asset checks: which check a test is, and what its result says."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from jobmatch_assets.orchestration.dbt_project import NodeResult
from jobmatch_assets.orchestration.examples import MOST_EXAMPLES, markdown_table, one_line
from jobmatch_assets.orchestration.partitions import DateRange
from jobmatch_assets.warehouse.port import Warehouse


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


def tests_of_source(manifest: Mapping[str, Any], unique_id: str) -> dict[str, str]:
    """{name of a dbt test of a source table: its description}."""
    return {
        node["name"]: node.get("description") or ""
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and unique_id in node["depends_on"]["nodes"]
    }


def check_result(key: dg.AssetCheckKey, result: NodeResult, warehouse: Warehouse) -> dg.AssetCheckResult:
    """The asset check's result, with the first failing rows where it failed."""
    metadata: dict[str, Any] = {"failing rows": result.failures}
    if not result.failures:
        return dg.AssetCheckResult(
            asset_key=key.asset_key, check_name=key.name, passed=True, metadata=metadata
        )
    examples = warehouse.query(result.sql, MOST_EXAMPLES)
    metadata["examples"] = dg.MetadataValue.md(markdown_table(examples))
    metadata["sql"] = dg.MetadataValue.md(f"```sql\n{result.sql}\n```")
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=False,
        severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
        description=(
            f"Check {key.name} of {key.asset_key.to_user_string()} found {result.failures:,} rows, "
            f"the first: {one_line(examples[0]) if examples else '(gone by now)'}"
        ),
        metadata=metadata,
    )


def fail_if_broken(results: Sequence[NodeResult], window: DateRange) -> None:
    """Fail the step where a model could not be built or a test failed; what is downstream is not built.

    Raises:
        dg.Failure: Names what failed.
    """
    broken = [result for result in results if not result.ok and result.status != "skipped"]
    if broken:
        what = "; ".join(
            f"{'check' if result.is_test else 'model'} {result.name}: {result.message.strip()}"
            for result in broken
        )
        raise dg.Failure(f"Building {window} failed. {what}", allow_retries=False)
