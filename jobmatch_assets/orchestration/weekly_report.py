"""The weekly report as an asset, a partition a week, and the job that makes one."""

import datetime as dt
from typing import Any

import dagster as dg

from jobmatch_assets.dashboards.exposures import exposures_of
from jobmatch_assets.orchestration.asset_events import asset_key
from jobmatch_assets.orchestration.asset_step import told_failures
from jobmatch_assets.orchestration.partitions import ended_weeks
from jobmatch_assets.pipeline.plan import table_of
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.reports import LAYER, WEEKLY_REPORT, built_weekly
from jobmatch_assets.reports.week import Week

REPORT_KEY = asset_key(WEEKLY_REPORT)
"""The asset."""

PATH, WEEK, IS_FINAL, CONTENT = "path", "week", "is_final", "content"
"""What its materializations say: the file, the week, whether it is final, a hash of what the report says."""


def build_weekly_report(platform: Platform) -> dg.AssetsDefinition:
    """The asset; a partition is a week that has ended."""
    exposure = exposures_of(platform.dbt.manifest, "analysis")[WEEKLY_REPORT.name]
    nodes = {**platform.dbt.manifest["nodes"], **platform.dbt.manifest["sources"]}

    @dg.asset(
        key=REPORT_KEY,
        deps=[asset_key(table_of(nodes[node])) for node in exposure.nodes],
        partitions_def=ended_weeks(platform.settings),
        description=exposure.description,
        group_name=LAYER,
        owners=[exposure.owner],
        kinds={"python", "pdf"},
    )
    def weekly(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        with told_failures(context):
            made = built_weekly(platform, Week.of_date(dt.date.fromisoformat(context.partition_key)))
            return dg.MaterializeResult(
                metadata={
                    PATH: dg.MetadataValue.path(str(made.path)),
                    WEEK: str(made.week),
                    IS_FINAL: made.is_final,
                    CONTENT: made.content,
                    "bytes": made.bytes,
                }
            )

    return weekly


def build_weekly_report_job() -> Any:
    """The job that makes the report of a week from what is published; it builds no table."""
    return dg.define_asset_job(
        "weekly_report",
        selection=dg.AssetSelection.assets(REPORT_KEY),
        description="Writes the report of a week (PDF) from the published copy of gold; builds no table.",
    )
