"""How dbt models become Dagster assets: keys, partition mappings, kinds."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from jobmatch_assets.orchestration.partitions import EVENT_DATES_OF_A_METRIC, FILES_OF_AN_EVENT_DATE

LAYER_OF_SCHEMA = {
    "job_matching_bronze": "bronze",
    "job_matching_silver": "silver",
    "job_matching_gold": "gold",
}


class LayerTranslator(DagsterDbtTranslator):
    """Names assets [layer, table] and says which days of its parents a day needs."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """[layer, table], the layer by the schema."""
        return dg.AssetKey([LAYER_OF_SCHEMA[dbt_resource_props["schema"]], dbt_resource_props["name"]])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own description; the default appends its template, which says less than it hides."""
        return str(dbt_resource_props.get("description") or "")

    def get_partition_mapping(
        self, dbt_resource_props: Mapping[str, Any], dbt_parent_resource_props: Mapping[str, Any]
    ) -> dg.PartitionMapping | None:
        """Same day, but for what reaches over midnight."""
        name, parent = dbt_resource_props["name"], dbt_parent_resource_props["name"]
        if parent == "stg_events" and name != "stg_search_dates":
            return FILES_OF_AN_EVENT_DATE
        if parent == "events" and name not in ("events_duplicates", "events_quarantine"):
            return EVENT_DATES_OF_A_METRIC
        return None
