"""What all steps share: the settings and what is made from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.dates import DateRange
from jobmatch_assets.landing.layouts import LAYOUTS
from jobmatch_assets.landing.root import LandingRoot, landing_root
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.session import Session
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

    @property
    def plan(self) -> Plan:
        """What is built from what, as dbt's models say."""
        return self.dbt.plan

    def landing(self, feed: Feed) -> LandingRoot:
        """Where the files of a feed land."""
        settings = self.settings
        return landing_root(
            *(settings.landing, feed.name, feed.is_required, settings.google_retry_timeout),
            LAYOUTS[feed.layout.name],
        )

    @contextmanager
    def open(self, wait: bool = True) -> Iterator[Session]:
        """Take a turn at the warehouse, which is open until the block ends.

        Args:
            wait: Wait for others who are at work on it.

        Raises:
            WarehouseBusyError: Another is at work on it, and `wait` is false.
            WarehouseError: It cannot be used.
        """
        warehouse = self.warehouse()
        with warehouse.exclusive(wait):
            yield Session(self, warehouse)

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Open the warehouse for a look that leaves no trace.

        Raises:
            WarehouseError: There is none, or it cannot be used.
        """
        warehouse = self.warehouse()
        with warehouse.reading():
            yield Session(self, warehouse)

    def warehouse(self) -> Warehouse:
        """Where tables are: each use opens it for a moment, unless `open` or `look` keeps it open."""
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
            return BigQueryWarehouse(client, self.settings.partitions_start)
        from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse

        return DuckDBWarehouse(
            self.settings.duckdb_path, self.settings.lock_timeout, self.settings.memory_limit, self.run_id
        )
