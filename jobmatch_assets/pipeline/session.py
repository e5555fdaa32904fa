"""A turn at the warehouse: opened once for everything that a run, or a look, does, and handed down."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jobmatch_assets.archives.folder import ArchiveFolder
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.dates import DateRange
from jobmatch_assets.landing.root import LandingRoot
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.ready import Ready
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.privacy.erased import Erased
from jobmatch_assets.privacy.lines import Eraser
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.control.archived import Archived
from jobmatch_assets.warehouse.control.findings import Findings
from jobmatch_assets.warehouse.control.ledger import Ledger
from jobmatch_assets.warehouse.control.queue import Queue
from jobmatch_assets.warehouse.control.touched import Touched
from jobmatch_assets.warehouse.port import Warehouse
from jobmatch_assets.warehouse.publication.place import check_published_path

if TYPE_CHECKING:
    from jobmatch_assets.pipeline.platform import Platform


@dataclass
class Session:
    """The platform with its warehouse open.

    Attributes:
        platform: Settings, and what is made from them.
        warehouse: The tables.
    """

    platform: "Platform"
    warehouse: Warehouse

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.platform.settings

    @property
    def dbt(self) -> DbtProject:
        """The dbt project."""
        return self.platform.dbt

    @property
    def plan(self) -> Plan:
        """What is built from what."""
        return self.platform.plan

    @property
    def partitions(self) -> DateRange:
        """The dates that have a partition."""
        return self.platform.partitions

    def prepare(self) -> None:
        """Make what is missing in the warehouse, and see that the published copy has a place.

        Raises:
            LayoutError: The warehouse is of a version that is too new, or too old, for this one.
            WarehouseError: The copy would take the place of something else. Either way nothing was changed.
        """
        check_published_path(self.settings.published_path, self.settings.duckdb_path)
        self.warehouse.prepare()

    def landing(self, feed: Feed) -> LandingRoot:
        """Where the files of a feed land."""
        return self.platform.landing(feed)

    @cached_property
    def ledger(self) -> Ledger:
        """The files that were loaded."""
        return Ledger(self.warehouse)

    @cached_property
    def erased(self) -> Erased:
        """Who was erased."""
        return Erased(self.warehouse)

    def eraser(self) -> Eraser | None:
        """What takes erased persons out of lines; None where there is none, as on BigQuery ever.

        Raises:
            ErasureKeyError: Somebody was erased, and the key is not that of then.
        """
        # A look at the smallest table is billed on BigQuery.
        return self.erased.eraser(self.settings.erasure_key) if self.settings.target == "duckdb" else None

    @cached_property
    def queue(self) -> Queue:
        """What waits."""
        return Queue(self.warehouse)

    @cached_property
    def touched(self) -> Touched:
        """The entities that wait to be walked again."""
        return Touched(self.warehouse)

    @cached_property
    def findings(self) -> Findings:
        """What checks found."""
        return Findings(self.warehouse)

    @cached_property
    def archived(self) -> Archived:
        """The lines that are in archives."""
        return Archived(self.warehouse)

    @property
    def archives(self) -> ArchiveFolder:
        """Where archives are."""
        return ArchiveFolder(self.settings.archive_path)

    def feeds_there(self) -> frozenset[Feed]:
        """The feeds of which something was staged, and those that must be there."""
        return frozenset(feed for feed in FEEDS if feed.is_required or self.warehouse.has_table(feed.staged))

    def ready(self) -> Ready:
        """What can be built, as it is at one look."""
        return Ready(self.warehouse, lambda: self.plan, self.settings.last_partition)
