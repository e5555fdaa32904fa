"""The tables as assets: what loads write, what dbt builds stage by stage, and what Python computes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import dagster as dg

from jobmatch_assets.checks.registered_variants import variants_are_registered_spec
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import CheckSpec
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import DateRange
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS
from jobmatch_assets.orchestration.asset_events import (
    asset_check_key,
    asset_check_spec,
    asset_key,
)
from jobmatch_assets.orchestration.asset_step import results_of
from jobmatch_assets.orchestration.column_lineage import with_lineage
from jobmatch_assets.orchestration.column_schema import column_schema
from jobmatch_assets.orchestration.dashboards import pages_follow
from jobmatch_assets.orchestration.freshness import freshness_policy
from jobmatch_assets.orchestration.partitions import partitions_of
from jobmatch_assets.orchestration.translator import LayerTranslator
from jobmatch_assets.pipeline.data_checks import data_check_specs
from jobmatch_assets.pipeline.landed import with_day_before
from jobmatch_assets.pipeline.lineage.record import Lineage, column_lineage
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.pipeline.renewed_tables import renew_tables
from jobmatch_assets.pipeline.stages import BRONZE, STAGES, Stage
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.build import Selection, build_stage, dates_looked_at
from jobmatch_assets.pipeline.steps.compare_variants import compare_variants
from jobmatch_assets.pipeline.steps.dbt_tests import checks_of_models, description_of, tests_of_source
from jobmatch_assets.pipeline.steps.load import files_readable, load_files

Results = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


def build_assets(platform: Platform) -> list[dg.AssetsDefinition]:
    """All tables as assets, a step for what is built together."""
    assets = [_loaded(platform, feed) for feed in FEEDS]
    lineage = column_lineage(platform.dbt.manifest)
    for step, (stage, tables) in dbt_steps(platform).items():
        assets.append(_built(platform, step, stage, tables, lineage))
    computed = [table for table in platform.plan.tables.values() if table.computed_from]
    return assets + [_computed(platform, table) for table in computed]


def dbt_steps(platform: Platform) -> dict[str, tuple[Stage, list[PlannedTable]]]:
    """{step: its stage, and the tables that dbt builds in it}: all with the same kind of partition."""
    steps: dict[str, tuple[Stage, list[PlannedTable]]] = {}
    for stage in STAGES:
        tables = [table for table in platform.plan.of_stage(stage) if not table.computed_from]
        by_step: dict[str, list[PlannedTable]] = defaultdict(list)
        for table in tables:
            by_step[_step_of(platform, table)].append(table)
        steps |= {step: (stage, found) for step, found in by_step.items()}
    return steps


def _step_of(platform: Platform, table: PlannedTable) -> str:
    names = [table.stage.step]
    if table.stage == BRONZE:
        names += sorted(feed.name for feed in platform.plan.feeds_of(table.name))
    return "_".join(names)


def _loaded(platform: Platform, feed: Feed) -> dg.AssetsDefinition:
    """The asset that reads the landing root."""
    key, contract = asset_key(feed.raw), table_named(feed.raw.name)
    source = platform.dbt.manifest["sources"][f"source.jobmatch.bronze.{feed.raw.name}"]
    readable = CheckSpec(
        files_readable(feed),
        "Every file and folder of the day could be read to its end and is in bronze.",
    )

    @dg.multi_asset(
        name=f"load_{feed.raw.name}",
        specs=[
            dg.AssetSpec(
                key,
                description=source["description"],
                group_name="bronze",
                owners=["data-engineering@example.com"],
                kinds={"python", platform.settings.target},
                freshness_policy=freshness_policy(platform.settings),
                metadata={
                    "dagster/table_name": f"{contract.schema}.{contract.table}",
                    "dagster/column_schema": column_schema(feed.layout.columns),
                },
            )
        ],
        check_specs=[
            asset_check_spec(readable),
            *(asset_check_spec(spec) for spec in data_check_specs(platform) if spec.key.table == feed.raw),
        ],
        partitions_def=partitions_of(contract.clock, platform.settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def load(context: dg.AssetExecutionContext) -> Results:
        asked = DateRange.of_partition_keys(context.partition_keys)
        days = with_day_before(asked, platform.partitions).days
        with platform.for_run(context.run.run_id).open() as session:
            yield from results_of(load_files(session, feed, days), days, context)

    return load


def _built(
    platform: Platform,
    step: str,
    stage: Stage,
    tables: Sequence[PlannedTable],
    lineage: Mapping[str, Lineage],
) -> dg.AssetsDefinition:
    """What dbt builds in a step."""
    manifest, translator = platform.dbt.manifest, LayerTranslator(platform.plan)
    by_key = {asset_key(table.key): table for table in tables}
    # One by one: dbt's selection of nodes by their names would take longer than all the rest here.
    specs = [translator.get_asset_spec(manifest, table.unique_id, None) for table in tables]
    policy = freshness_policy(platform.settings)
    tests = {name: key for name, key in checks_of_models(manifest).items() if asset_key(key.table) in by_key}
    checks = {
        asset_check_key(spec.key): spec
        for spec in data_check_specs(platform)
        if asset_key(spec.key.table) in by_key
    }
    # What is built as a whole may have dates, as a view of all events has.
    partitions = None if stage.is_whole else partitions_of(tables[0].contract.clock, platform.settings)

    @dg.multi_asset(
        name=step,
        specs=[
            with_lineage(spec, lineage.get(spec.key.path[-1])).replace_attributes(
                skippable=True, freshness_policy=policy
            )
            for spec in specs
        ],
        check_specs=[
            *(
                asset_check_spec(CheckSpec(key, description_of(manifest, name) or ""))
                for name, key in tests.items()
            ),
            *map(asset_check_spec, checks.values()),
        ],
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run() if partitions else None,
        pool=WAREHOUSE_POOL,
        can_subset=True,
    )
    def materialize_stage(context: dg.AssetExecutionContext) -> Results:
        days = _days_of(context, platform, stage, partitions)
        wanted = [by_key[key] for key in context.selected_asset_keys]
        selected = context.selected_asset_check_keys
        selection = Selection(
            tables=wanted,
            tests={test: key for test, key in tests.items() if asset_check_key(key) in selected},
            checks=[spec.key for key, spec in checks.items() if key in selected],
            # The definition itself knows only of what the run selects.
            is_complete=len(wanted) == len(tables),
            every_entity=True,
        )

        def built() -> Iterator[StepEvent]:
            with (
                pages_follow(platform, context) as readers,
                platform.for_run(context.run.run_id).open() as session,
            ):
                session.prepare()
                renew_tables(session)
                to_the_end = max(days) >= platform.partitions.last
                for feeds, part in _parts(platform, stage, selection, tables):
                    yield from build_stage(session, stage, feeds, days, part, to_the_end)
                readers.publish(session)

        yield from results_of(built(), dates_looked_at(stage, days), context)

    return materialize_stage


def _computed(platform: Platform, table: PlannedTable) -> dg.AssetsDefinition:
    """The asset that compares variants; its checks are the dbt tests of the table."""
    manifest = platform.dbt.manifest
    tests = tests_of_source(manifest, table.unique_id)
    key = asset_key(table.key)
    partitions = partitions_of(table.contract.clock, platform.settings)

    @dg.multi_asset(
        name="compare_variants",
        specs=[
            dg.AssetSpec(
                key,
                deps=[asset_key(platform.plan.named(table.computed_from).key)],
                description=manifest["sources"][table.unique_id]["description"],
                group_name=table.key.layer,
                owners=["product-analytics@example.com"],
                kinds={"python", platform.settings.target},
                freshness_policy=freshness_policy(platform.settings),
                metadata={
                    "dagster/table_name": f"{table.contract.schema}.{table.name}",
                    "dagster/column_schema": column_schema(AB_RESULTS_COLUMNS),
                },
            )
        ],
        check_specs=[
            *(
                dg.AssetCheckSpec(name, asset=key, description=description or None)
                for name, description in tests.items()
            ),
            asset_check_spec(variants_are_registered_spec()),
            *(asset_check_spec(spec) for spec in data_check_specs(platform) if spec.key.table == table.key),
        ],
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WAREHOUSE_POOL,
    )
    def materialize_results(context: dg.AssetExecutionContext) -> Results:
        days = DateRange.of_partition_keys(context.partition_keys).days

        def compared() -> Iterator[StepEvent]:
            with (
                pages_follow(platform, context) as readers,
                platform.for_run(context.run.run_id).open() as session,
            ):
                session.prepare()
                renew_tables(session)
                yield from compare_variants(session, days)
                readers.publish(session)

        yield from results_of(compared(), days, context)

    return materialize_results


def _days_of(
    context: dg.AssetExecutionContext,
    platform: Platform,
    stage: Stage,
    partitions: dg.TimeWindowPartitionsDefinition | None,
) -> list[dt.date]:
    """The days that a step is asked for."""
    if partitions is None:
        return platform.partitions.days[-1:]
    # Checks that are executed by themselves have no partition: they look at every date.
    is_partitioned = context.has_partition_key or context.has_partition_key_range
    keys = context.partition_keys if is_partitioned else partitions.get_partition_keys()
    asked = DateRange.of_partition_keys(keys)
    return (with_day_before(asked, platform.partitions) if stage == BRONZE else asked).days


def _parts(
    platform: Platform, stage: Stage, selection: Selection, of_step: Sequence[PlannedTable]
) -> list[tuple[list[Feed], Selection]]:
    """What is built at once: tables without dates of all their feeds, others of one feed after the other."""
    # Where nothing but checks is selected, they may be of any of the tables.
    tables = selection.tables or of_step
    if stage.is_whole:
        feeds = {feed for table in tables for feed in platform.plan.feeds_of(table.name)}
        return [([feed for feed in FEEDS if feed in feeds] or [FEEDS[0]], selection)]
    return [([feed], _of_feed(platform, selection, of_step, feed)) for feed in _feeds_of(platform, tables)]


def _feeds_of(platform: Platform, tables: Sequence[PlannedTable]) -> list[Feed]:
    """The feeds that tables are made of; of what is made of several, the first will do."""
    found: list[Feed] = []
    for table in tables:
        feeds = platform.plan.feeds_of(table.name)
        first = next((feed for feed in FEEDS if feed in feeds), FEEDS[0])
        if first not in found:
            found.append(first)
    return found


def _of_feed(
    platform: Platform, selection: Selection, of_step: Sequence[PlannedTable], feed: Feed
) -> Selection:
    """The part of a selection that is made of a feed."""

    def is_of_feed(name: str) -> bool:
        return _feeds_of(platform, [platform.plan.named(name)]) == [feed]

    tables = [table for table in selection.tables if is_of_feed(table.name)]
    return replace(
        selection,
        tables=tables,
        tests={test: key for test, key in selection.tests.items() if is_of_feed(key.table.name)},
        checks=[key for key in selection.checks if is_of_feed(key.table.name)],
        is_complete=len(tables) == sum(is_of_feed(table.name) for table in of_step),
    )
