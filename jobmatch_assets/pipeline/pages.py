"""Pages after a publication: made from the copy, when the warehouse is free for others again."""

from collections.abc import Collection, Iterator

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.dashboards.build import build_pages
from jobmatch_assets.dashboards.facts import Facts, Registry
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.pipeline.docs_page import write_docs_page
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.step_events import TableBuilt

LAYER = "dashboards"
"""Where pages stand beside the layers of tables: the asset of a page is `dashboards/<page>`."""


def page_key(name: str) -> TableKey:
    """The key of a page, as that of a table is."""
    return TableKey(LAYER, name)


def facts_of(platform: Platform) -> Facts:
    """What pages are told besides the copy."""
    stages = {table.name: table.stage.name for table in platform.plan.tables.values()}
    return Facts(Registry.of(platform.settings.experiments), stages)


def built_pages(platform: Platform, names: Collection[str] | None = None) -> Iterator[TableBuilt]:
    """Make pages from the published copy.

    Args:
        platform: Where the copy lies, and where pages go.
        names: The pages; None for all.

    Yields:
        Each page, when all are written.

    Raises:
        CopyError: There is no copy, or it cannot be read.
        DashboardError: The pages cannot be written.
        DocsPageError: dbt's documentation of the tables cannot be put beside them.
    """
    settings = platform.settings
    made = build_pages(
        settings.published_path,
        settings.dashboards_path,
        Dictionary.of(platform.dbt.manifest),
        names,
        facts_of(platform),
    )
    write_docs_page(platform.dbt, platform.plan, settings.dashboards_path)
    for page in made:
        yield TableBuilt(
            page_key(page.name),
            None,
            {
                "path": str(page.files[0] if page.files else settings.dashboards_path),
                "files": len(page.files),
                "bytes": page.bytes,
            },
        )
