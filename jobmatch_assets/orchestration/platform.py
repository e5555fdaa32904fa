"""What all steps share: the settings and what is made from them."""

from dataclasses import dataclass

from jobmatch_assets.landing.root import LandingRoot, landing_root
from jobmatch_assets.orchestration.dbt_project import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.port import Warehouse, WarehouseError

WAREHOUSE_POOL = "warehouse"
"""The Dagster pool of every step that writes: they take turns."""


@dataclass(frozen=True)
class Platform:
    """The settings in force, and the dbt project read with them."""

    settings: Settings
    dbt: DbtProject

    @classmethod
    def of(cls, settings: Settings) -> "Platform":
        """The platform with these settings; touches no file, bucket or warehouse."""
        return cls(settings, DbtProject(settings))

    def landing(self) -> LandingRoot:
        """Where files land."""
        return landing_root(self.settings.landing)

    def warehouse(self) -> Warehouse:
        """Where tables are."""
        if self.settings.target != "duckdb":
            raise WarehouseError(
                f"JOBMATCH_TARGET={self.settings.target}: this installation runs on duckdb only. "
                "Unset JOBMATCH_TARGET."
            )
        from jobmatch_assets.warehouse.duckdb_warehouse import DuckDBWarehouse

        return DuckDBWarehouse(
            self.settings.duckdb_path,
            self.settings.published_path,
            self.settings.lock_timeout,
            self.settings.dedup_window_days,
        )
