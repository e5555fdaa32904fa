"""How dbt models become Dagster assets: keys, descriptions, and which days of its parents a day needs."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from jobmatch_assets.orchestration.asset_events import asset_key
from jobmatch_assets.orchestration.partitions import days_around
from jobmatch_assets.pipeline.plan import Plan, Reach, table_of


class LayerTranslator(DagsterDbtTranslator):
    """Names assets [layer, table] and says which days of its parents a day needs."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """[layer, table], the layer by the schema."""
        return asset_key(table_of(dbt_resource_props))

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own description; the default appends its template, which says less than it hides."""
        return str(dbt_resource_props.get("description") or "")

    def get_partition_mapping(
        self, dbt_resource_props: Mapping[str, Any], dbt_parent_resource_props: Mapping[str, Any]
    ) -> dg.PartitionMapping | None:
        """Same day, but for what reads around itself, or has longer partitions than its parent."""
        name, parent = dbt_resource_props["name"], dbt_parent_resource_props["name"]
        table, source = self._plan.tables.get(name), self._plan.tables.get(parent)
        if table is None or source is None:
            return None
        reach = table.reach(parent)
        is_dated = table.contract.date_column and source.contract.date_column
        is_same = table.stage.unit == source.stage.unit
        if not is_dated or (is_same and Reach(reach.days_before, reach.days_after) == Reach()):
            return None
        return days_around(table.stage.unit, reach.days_before, reach.days_after)
