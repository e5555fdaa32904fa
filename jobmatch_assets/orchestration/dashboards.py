"""Pages as assets, downstream of the tables that they read: one step makes them from the published copy."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg

from jobmatch_assets.dashboards.exposures import Exposure, exposures_of
from jobmatch_assets.dashboards.registry import registered
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.orchestration.asset_events import as_result, asset_key, table_key
from jobmatch_assets.orchestration.asset_step import told_failures
from jobmatch_assets.pipeline.pages import LAYER, built_pages, page_key
from jobmatch_assets.pipeline.plan import table_of
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.publish import Readers


def build_dashboards(platform: Platform) -> dg.AssetsDefinition:
    """All pages as assets."""
    exposures = exposures_of(platform.dbt.manifest)
    specs = [_spec(platform, exposures[page.name]) for page in registered()]

    @dg.multi_asset(name="build_pages", specs=specs, can_subset=True)
    def build(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        names = [table_key(key).name for key in context.selected_asset_keys]
        with told_failures(context):
            for event in built_pages(platform, names):
                yield as_result(event, context)

    return build


@contextmanager
def pages_follow(
    platform: Platform, context: dg.OpExecutionContext | dg.AssetExecutionContext
) -> Iterator[Readers]:
    """Make all pages anew when the block has ended and readers have news; it publishes for them.

    Pages are made when the warehouse is free for others again, so this is to be entered before it is opened.

    Raises:
        CopyError: There is no copy, or it cannot be read.
        DashboardError: The pages cannot be written.
    """
    readers = Readers()
    try:
        yield readers
    except Exception:
        if readers.have_news:
            # Pages say that publishing failed; what failed first is what the run tells.
            with suppress(PlatformError):
                _make_pages(platform, context)
        raise
    if readers.have_news:
        _make_pages(platform, context)


def _make_pages(platform: Platform, context: dg.OpExecutionContext | dg.AssetExecutionContext) -> None:
    for page in built_pages(platform):
        context.log_event(dg.AssetMaterialization(asset_key(page.key), metadata=page.metadata))


def _spec(platform: Platform, exposure: Exposure) -> dg.AssetSpec:
    manifest = platform.dbt.manifest
    nodes = {**manifest["nodes"], **manifest["sources"]}
    return dg.AssetSpec(
        asset_key(page_key(exposure.name)),
        deps=[asset_key(table_of(nodes[node])) for node in exposure.nodes],
        description=exposure.description,
        group_name=LAYER,
        owners=[exposure.owner],
        kinds={"python", "html"},
        skippable=True,
    )
