"""Pages from the published copy: read, put together, written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmatch_assets.dashboards.bundle import bundle
from jobmatch_assets.dashboards.dictionary_page import dictionary_document
from jobmatch_assets.dashboards.document import Kit, document, navigation, registration
from jobmatch_assets.dashboards.files import write_pages
from jobmatch_assets.dashboards.instance_files import instance_file
from jobmatch_assets.dashboards.page import Instances, Page
from jobmatch_assets.dashboards.reading import STATE_TABLES, columns_there, read, values_of
from jobmatch_assets.dashboards.registry import DICTIONARY, file_of, registered
from jobmatch_assets.dashboards.specifications import specifications
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.published.copy import opened
from jobmatch_assets.published.failure import PublicationFailure, failure_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class BuiltPage:
    """A page that was written.

    Attributes:
        name: Its name in the registry.
        files: What it consists of: one file, or one for each of its instances.
        bytes: Their size together.
    """

    name: str
    files: tuple[Path, ...]
    bytes: int


def build_pages(
    copy: Path, folder: Path, dictionary: Dictionary, names: Collection[str] | None = None
) -> list[BuiltPage]:
    """Write pages from the published copy of gold.

    Args:
        copy: The published copy.
        folder: Where pages lie.
        dictionary: What metrics mean.
        names: The pages to write; None for all, which also removes those that are gone.

    Raises:
        CopyError: There is no copy, or it cannot be read.
        DashboardError: The folder cannot be written to.
    """
    pages = registered()
    wanted = [page for page in pages if names is None or page.name in names]
    kit = Kit(bundle(), specifications(pages), dictionary)
    made: dict[str, dict[str, str]] = {}
    with opened(copy) as connection:
        source = _Source(connection, columns_there(connection), pages, failure_of(copy))
        for page in wanted:
            made[page.name] = dict(_documents(source, page, kit))
    documents = {file: text for of_page in made.values() for file, text in of_page.items()}
    documents[DICTIONARY] = dictionary_document(dictionary, navigation(pages, ""))
    write_pages(folder, documents, None if names is None else ())
    return [
        BuiltPage(
            name,
            tuple(folder / file for file in of_page),
            sum(len(text.encode("utf-8")) for text in of_page.values()),
        )
        for name, of_page in made.items()
    ]


class _Source:
    """The copy, read page by page, and what every page says of it."""

    def __init__(
        self,
        connection: "duckdb.DuckDBPyConnection",
        there: Mapping[str, set[str]],
        pages: Sequence[Page],
        failure: PublicationFailure | None,
    ) -> None:
        self._connection = connection
        self._there = there
        self.pages = pages
        self.failure = failure
        self.state = {table.name: read(connection, table, there) for table in STATE_TABLES}
        self.files = {page.name: self._files(page.name, page.instances) for page in pages if page.instances}

    def tables(self, page: Page, only: Mapping[str, str] | None = None) -> dict[str, Any]:
        """{table: its rows} for a page."""
        return {table.name: read(self._connection, table, self._there, only) for table in page.tables}

    def _files(self, page: str, instances: Instances) -> dict[str, str]:
        """{value: file} of a page that stands for each value of a column."""
        values = values_of(self._connection, instances.table, instances.column, self._there)
        return {value: instance_file(page, value) for value in values}


def _documents(source: _Source, page: Page, kit: Kit) -> Iterator[tuple[str, str]]:
    """The files of a page and their texts."""
    shared: dict[str, Any] = {
        "page": registration(page),
        "state": source.state,
        "files": source.files,
        "labels": {metric.name: metric.label for metric in kit.dictionary},
    }
    if source.failure:
        shared["failure"] = {"at": source.failure.when.isoformat(), "message": source.failure.message}
    links = navigation(source.pages, page.name)
    if page.instances is None:
        data = {**shared, "tables": source.tables(page)}
        yield file_of(page.name), document(page, page.title, data, links, kit)
        return
    column = page.instances.column
    for value, file in source.files[page.name].items():
        data = {
            **shared,
            "tables": source.tables(page, {column: value}),
            "instance": {"column": column, "value": value},
        }
        yield file, document(page, f"{page.title} {value}", data, links, kit)
