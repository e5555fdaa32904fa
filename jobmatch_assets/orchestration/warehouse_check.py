"""The check on the warehouse itself as a run of its own; the sensor new_files records it by itself."""

import datetime as dt

import dagster as dg

from jobmatch_assets.orchestration.asset_events import asset_check_spec, verdict
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.warehouse_check import WAREHOUSE_CHECK, look_at_warehouse


def build_warehouse_check(platform: Platform) -> dg.AssetChecksDefinition:
    """The check by itself, for a run that somebody starts in the UI."""

    @dg.multi_asset_check(name="check_warehouse", specs=[asset_check_spec(WAREHOUSE_CHECK)])
    def check_warehouse() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(**verdict(look_at_warehouse(platform, dt.datetime.now(dt.UTC))))

    return check_warehouse
