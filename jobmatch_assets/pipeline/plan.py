"""What dbt's models say of themselves: their stage, how far they read, what they are made of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from jobmatch_assets.contracts.clock import By, Whole
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.contracts.published_tables import is_reserved
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.contracts.schemas import SCHEMA_PREFIX
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.pipeline.stages import BRONZE, SILVER, STAGES, Stage, stage_named
from jobmatch_assets.warehouse.port import DateColumn

_STATISTICS = "computed_from"


class PlanError(PlatformError):
    """A model says something of itself that cannot be; the message says which, what, and what to write."""


@dataclass(frozen=True)
class Reach:
    """How far a date of a table reads around itself in another.

    Attributes:
        days_before: Whole days before it.
        days_after: Whole days after it.
        links: Whether it reads whatever shares a link with it, too, wherever that lies.
    """

    days_before: int = 0
    days_after: int = 0
    links: bool = False


@dataclass(frozen=True)
class Replaced:
    """How a table without partitions replaces only those of its rows that need it.

    Attributes:
        told_by: The columns of which one of two rows has another value, if one goes and the other stays.
        entity_key: The column with the key of the entity that a row is made of; else rows go by date.
        date: The column with the date that has changed.
        days_after: So many days after a changed date go, too.
        also: A condition on other rows that go, whatever stays of their date.
        finds: Whether rows of other dates go that only the build finds.
    """

    told_by: tuple[str, ...]
    entity_key: str = ""
    date: str = ""
    days_after: int = 0
    also: str = ""
    finds: bool = False


@dataclass(frozen=True)
class PlannedTable:
    """A table and its place in the build.

    Attributes:
        contract: What it promises.
        stage: The stage that it is built in.
        unique_id: dbt's name of it.
        parents: The tables that it reads.
        reads: {table: how far it reads in it}, where that is not the same date.
        computed_from: The table whose rows Python computes it from; empty where dbt builds it.
        changes: Of a staging model: what a changed line touches.
        entity_table: The table of entities whose histories it holds; empty of any other.
        replaced: Which of its rows a build replaces; None where that is all of it, or partitions.
        newest_file_of: Feeds the day of whose newest file is in its rows, whatever stands in their files.
        previewed: Whether a few of its rows are shown where it is described.
        subject: What people call that which it and others are about; empty where its model does not say.
        headline: Of a table that stands for its subject: the columns that say most at a glance.
        headline_of: And of which of its rows: conditions as `jobmatch show --filter` has them.
    """

    contract: TableContract
    stage: Stage
    unique_id: str
    parents: tuple[str, ...]
    reads: Mapping[str, Reach] = field(default_factory=dict)
    computed_from: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    entity_table: str = ""
    replaced: Replaced | None = None
    newest_file_of: tuple[str, ...] = ()
    previewed: bool = False
    subject: str = ""
    headline: tuple[str, ...] = ()
    headline_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name."""
        return self.contract.table

    @property
    def key(self) -> TableKey:
        """Its layer and name."""
        return self.contract.key

    def reach(self, parent: str) -> Reach:
        """How far it reads in a table."""
        return self.reads.get(parent, Reach())


class Plan:
    """All tables, by name, in the order in which they can be built."""

    def __init__(self, tables: Iterable[PlannedTable]) -> None:
        self.tables = {table.name: table for table in tables}

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Plan":
        """Read dbt's manifest; a time spine is no table of the platform, but a demand of MetricFlow.

        Raises:
            UnknownTableError: A model has no contract.
            PlanError: A model names no stage, one that is built by another unit, or another partition column
                than its contract.
        """
        nodes = {
            unique_id: node
            for unique_id, node in {**manifest["nodes"], **manifest["sources"]}.items()
            if node["resource_type"] in ("model", "source") and not node.get("time_spine")
        }
        feeds = {feed.raw.name for feed in FEEDS}
        found = [
            _planned(node, nodes)
            for node in nodes.values()
            if node["resource_type"] == "model" or _meta(node).get(_STATISTICS) or node["name"] in feeds
        ]
        return cls(sorted(found, key=lambda table: table.name))

    def named(self, name: str) -> PlannedTable:
        """A table.

        Raises:
            PlanError: No model builds it.
        """
        if name not in self.tables:
            raise PlanError(f"There is no model of the table {name}. There are: {', '.join(self.tables)}.")
        return self.tables[name]

    def of_stage(self, stage: Stage, feed: Feed | None = None) -> list[PlannedTable]:
        """What is built in a stage; of a feed, what its files may change, and what is made of none."""
        return [
            table
            for table in self.tables.values()
            if table.stage == stage
            and (feed is None or self._may_change(table, feed) or not self.feeds_of(table.name))
            and table.key not in {found.raw for found in FEEDS}
        ]

    def _may_change(self, table: PlannedTable, feed: Feed) -> bool:
        return feed in self.feeds_of(table.name) or any(
            feed.name in clock.newest_file_of for clock in self.clocks_of(table)
        )

    def stage_of(self, table: str) -> Stage:
        """The stage that a table is built in."""
        return self.named(table).stage

    def feeds_of(self, table: str) -> frozenset[Feed]:
        """The feeds that a table is made of, in however many steps."""
        return self._feeds[table]

    @cached_property
    def _feeds(self) -> Mapping[str, frozenset[Feed]]:
        feeds: dict[str, frozenset[Feed]] = {}

        def of(name: str) -> frozenset[Feed]:
            if name not in feeds:
                own = frozenset(feed for feed in FEEDS if feed.raw.name == name)
                parents = self.tables[name].parents if name in self.tables else ()
                feeds[name] = own.union(*(of(parent) for parent in parents))
            return feeds[name]

        for name in self.tables:
            of(name)
        return feeds

    def upstream(self, stage: Stage, feed: Feed) -> frozenset[str]:
        """Everything that the tables of a stage read, in however many steps."""
        return self.read_by(self.of_stage(stage, feed))

    def clocks_of(self, table: PlannedTable) -> list[PlannedTable]:
        """The tables with the day of a newest file that a table is or reads, in however many steps."""
        return self._clocks[table.name]

    @cached_property
    def _clocks(self) -> Mapping[str, list[PlannedTable]]:
        clocks = [table for table in self.tables.values() if table.newest_file_of]
        read = {name: {name, *self.read_by([table])} for name, table in self.tables.items()}
        return {name: [clock for clock in clocks if clock.name in read[name]] for name in self.tables}

    def entity_tables_of(self, table: PlannedTable) -> frozenset[str]:
        """The tables of entities that a table holds or reads histories of, in however many steps."""
        names = [table, *(self.tables[name] for name in self.read_by([table]))]
        return frozenset(found.entity_table for found in names if found.entity_table)

    def replaced_by_entity(self, after_histories: bool) -> frozenset[str]:
        """The tables of entities by which rows are replaced: of histories, or of what is made of them."""
        return frozenset(
            table.entity_table
            for table in self.tables.values()
            if table.entity_table and table.stage.is_by_entity != after_histories
        )

    def read_by(self, tables: Iterable[PlannedTable]) -> frozenset[str]:
        """Everything that these tables read, in however many steps."""
        found: set[str] = set()
        left = [parent for table in tables for parent in table.parents]
        while left:
            name = left.pop()
            if name not in found and name in self.tables:
                found.add(name)
                left += self.tables[name].parents
        return frozenset(found)

    def stages_read(self, stage: Stage, feed: Feed | None = None) -> frozenset[Stage]:
        """The earlier stages that the tables of a stage are made of; of a feed, those that are made of it."""
        feeds = FEEDS if feed is None else (feed,)
        read = {self.tables[name].stage for found in feeds for name in self.upstream(stage, found)}
        return frozenset(read - {stage})

    def reach(self, stage: Stage, feed: Feed) -> Reach:
        """How far a date of a stage reads around itself in silver, in however many steps, at the most."""
        reaches = [self._reach_into_silver(table) for table in self.of_stage(stage, feed)]
        return _farthest(reaches)

    def _reach_into_silver(self, table: PlannedTable) -> Reach:
        reaches = []
        for name in table.parents:
            parent = self.tables.get(name)
            if parent is None:
                continue
            # The day of a file is no date of silver: a changed line touches its own date.
            own = Reach(links=table.reach(name).links) if parent.stage == BRONZE else table.reach(name)
            further = Reach() if parent.stage in (BRONZE, SILVER) else self._reach_into_silver(parent)
            reaches.append(
                Reach(
                    own.days_before + further.days_before,
                    own.days_after + further.days_after,
                    own.links or further.links,
                )
            )
        return _farthest(reaches)

    def reads_rejected(self, stage: Stage, feed: Feed) -> bool:
        """Whether a table of a stage counts rejected lines."""
        return any(feed.quarantine in table.parents for table in self.of_stage(stage, feed))

    def is_fed(self, table: PlannedTable, there: Collection[Feed]) -> bool:
        """Whether something has come of every feed that a table is made of; until then it is not built."""
        return self.feeds_of(table.name) <= frozenset(there)

    def follows(self, feed: Feed, there: Collection[Feed]) -> list[Stage]:
        """The stages after silver in which something is made of a feed, and of others that are there."""
        before = STAGES.index(SILVER)
        return [
            stage
            for stage in STAGES[before + 1 :]
            if any(
                feed in self.feeds_of(table.name) and self.is_fed(table, there)
                for table in self.of_stage(stage)
            )
        ]

    def is_staged(self, feed: Feed) -> bool:
        """Whether a model stages the lines of a feed; else they stay in bronze as they came."""
        return feed.staged.name in self.tables

    def links_of(self, feed: Feed) -> Mapping[str, str]:
        """{column: the table that tells on which dates its values lie}."""
        return dict(self.named(feed.staged.name).changes.get("links", {})) if self.is_staged(feed) else {}

    def tells_of_entities(self, feed: Feed) -> bool:
        """Whether the lines of a feed are statements about entities, which are built one by one."""
        return "entity" in self.named(feed.staged.name).changes

    def staged_date(self, feed: Feed) -> str:
        """The column of a feed's staged lines with the date that they belong to."""
        return str(self.named(feed.staged.name).changes["date"])


def daily_columns(tables: Iterable[PlannedTable]) -> list[DateColumn]:
    """The dates of those tables that hold what happened on a day each."""
    return [
        DateColumn(table.contract, table.contract.clock.column)
        for table in tables
        if table.stage != BRONZE
        and isinstance(table.contract.clock, By)
        and table.contract.clock.unit == "day"
    ]


def _farthest(reaches: Sequence[Reach]) -> Reach:
    return Reach(
        max((reach.days_before for reach in reaches), default=0),
        max((reach.days_after for reach in reaches), default=0),
        any(reach.links for reach in reaches),
    )


def touched_stages(plan: Plan, feed: Feed, there: Collection[Feed]) -> list[dict[str, object]]:
    """How far dates of later stages read: what the analysis `touched_dates` asks for."""
    return [
        {
            "name": stage.name,
            # Entities have the dates of their files, and nobody reads around these.
            **asdict(Reach() if plan.tells_of_entities(feed) else plan.reach(stage, feed)),
            "of_rejected": plan.reads_rejected(stage, feed),
        }
        for stage in plan.follows(feed, there)
        if not stage.is_scoped
    ]


def table_of(node: Mapping[str, Any]) -> TableKey:
    """The table that a model or a source is."""
    return TableKey(node["schema"].removeprefix(SCHEMA_PREFIX), node["name"])


def _planned(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> PlannedTable:
    meta, name = _meta(node), node["name"]
    if table_of(node).layer == "gold" and is_reserved(name):
        raise PlanError(
            f"The model {name} has the name of a table that publication adds to the published copy of gold "
            "(contracts/published_tables.py): give it another name."
        )
    contract = table_named(name)
    parents = tuple(
        dict.fromkeys(
            nodes[parent]["name"] for parent in node.get("depends_on", {}).get("nodes", ()) if parent in nodes
        )
    )
    computed_from = meta.get(_STATISTICS, "")
    if node["resource_type"] == "source":
        parents = (computed_from,) if computed_from else ()
    else:
        _compare(name, contract, meta)
    stage = _stage(name, node, meta)
    _compare_units(name, contract, stage)
    return PlannedTable(
        contract=contract,
        stage=stage,
        unique_id=node["unique_id"],
        parents=parents,
        reads={parent: Reach(**reach) for parent, reach in meta.get("reads", {}).items()},
        computed_from=computed_from,
        changes=meta.get("changes", {}),
        entity_table=meta.get("entity_table", ""),
        replaced=_replaced(node, meta),
        newest_file_of=tuple(meta.get("newest_file_of", ())),
        previewed=bool(meta.get("preview", False)),
        subject=meta.get("subject", ""),
        headline=tuple(meta.get("headline", ())),
        headline_of=tuple(meta.get("headline_of", ())),
    )


def _replaced(node: Mapping[str, Any], meta: Mapping[str, Any]) -> Replaced | None:
    strategy = (node.get("config") or {}).get("incremental_strategy")
    if strategy == "replace_entities":
        key, member_key = meta["entity_key_column"], meta["member_key"]
        return Replaced((member_key,) if member_key else ("source", key), entity_key=key)
    if strategy == "replace_touched":
        return Replaced(
            (meta["replaced_by"],),
            date=meta["replaced_by"],
            days_after=meta["replaced_days_after"],
            also=meta["replaced_also"] or "",
            finds=bool(meta["replaces_found"]),
        )
    return None


def _stage(name: str, node: Mapping[str, Any], meta: Mapping[str, Any]) -> Stage:
    if node["resource_type"] == "source" and not meta.get(_STATISTICS):
        return BRONZE
    try:
        return stage_named(meta["stage"])
    except KeyError:
        raise PlanError(
            f"The model {name} names the stage {meta.get('stage')!r} in its meta. There are: "
            f"{', '.join(stage.name for stage in STAGES)}."
        ) from None


def _compare_units(name: str, contract: TableContract, stage: Stage) -> None:
    """See that the partitions of a table are as long as those of its stage."""
    if contract.unit != stage.unit:
        fitting = [found.name for found in STAGES if found.unit == contract.unit]
        raise PlanError(
            f"A partition of {name} is a {contract.unit}, and the stage {stage.name}, which its meta names, "
            f"is built by {stage.unit}. Name a stage that fits "
            f"({', '.join(fitting) or 'there is none yet'}): see pipeline/stages.py."
        )


def _compare(name: str, contract: TableContract, meta: Mapping[str, Any]) -> None:
    """See that a model is partitioned as its contract says."""
    column = meta.get("partition_column")
    says = None if isinstance(contract.clock, Whole) else (contract.date_column, contract.unit)
    does = (column, meta.get("partition_unit", "day")) if column else None
    if says != does:
        raise PlanError(
            f"The contract of {name} says that it is partitioned by {says or 'nothing'}, its model by "
            f"{does or 'nothing'}: correct contracts/ or the model's config()."
        )


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = (node.get("config") or {}).get("meta") or node.get("meta") or {}
    return meta
