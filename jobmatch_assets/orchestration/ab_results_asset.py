"""The asset gold/ab_results: statistics in Python on sums that the warehouse computed."""

from collections.abc import Iterator

import dagster as dg

from jobmatch_assets.contracts.bronze import GOLD_SCHEMA
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS
from jobmatch_assets.metrics.experiment_registry import RegistryError, read_registry
from jobmatch_assets.orchestration.bronze_assets import WAREHOUSE_POOL
from jobmatch_assets.orchestration.dbt_checks import check_result, fail_if_broken
from jobmatch_assets.orchestration.dbt_project import DbtError
from jobmatch_assets.orchestration.partitions import DateRange, daily_partitions
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.orchestration.translator import translated_spec
from jobmatch_assets.warehouse.port import WarehouseError

AB_RESULTS_KEY = dg.AssetKey(["gold", "ab_results"])
SUMS_KEY = dg.AssetKey(["gold", "ab_cumulative_sums"])
_UNIQUE_ID = "source.jobmatch.statistics.ab_results"
