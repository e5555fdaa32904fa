"""What all steps share: the settings and what is made from them."""

from dataclasses import dataclass, replace

from jobmatch_assets.dates import DateRange
from jobmatch_assets.landing.root import LandingRoot, landing_root
from jobmatch_assets.pipeline.ready import RebuildQueue
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.port import Warehouse

WAREHOUSE_POOL = "warehouse"
"""The Dagster pool of every step that writes: they take turns."""


@dataclass(frozen=True)
class Platform:
    """The settings in force, and the dbt project read with them.

    Attributes:
        settings: The settings.
        dbt: The dbt project.
        run_id: The Dagster run at work; empty where there is none.
    """

    settings: Settings
    dbt: DbtProject
    run_id: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Platform":
        """The platform with these settings; touches no file, bucket or warehouse."""
        return cls(settings, DbtProject(settings))

    def for_run(self, run_id: str) -> "Platform":
        """The same for a Dagster run, whose name is put on the jobs of an engine that bills them."""
        return replace(self, dbt=self.dbt.for_run(run_id), run_id=run_id)

    @property
    def partitions(self) -> DateRange:
        """The dates that have a partition, as of now."""
        return DateRange(self.settings.partitions_start, self.settings.last_partition)

    def rebuild_queue(self) -> RebuildQueue:
        """What waits to be built, as it is at one look."""
        return RebuildQueue(self.warehouse(), self.settings.last_partition)

    def landing(self) -> LandingRoot:
        """Where files land."""
        return landing_root(self.settings.landing, self.settings.google_retry_timeout)

    def warehouse(self) -> Warehouse:
        """Where tables are."""
        if self.settings.target == "bigquery":
            from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
            from jobmatch_assets.warehouse.bigquery.warehouse import BigQueryWarehouse

            client = BigQueryClient(
                self.settings.bigquery_project,
                self.settings.bigquery_location,
                self.settings.bigquery_max_bytes_billed,
                self.settings.google_retry_timeout,
                self.run_id,
            )
            return BigQueryWarehouse(client, self.settings.partitions_start, self.settings.dedup_window_days)
        from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse

        return DuckDBWarehouse(
            self.settings.duckdb_path,
            self.settings.published_path,
            self.settings.lock_timeout,
            self.settings.dedup_window_days,
            self.run_id,
        )
