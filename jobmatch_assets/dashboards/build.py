"""Pages from the published copy: read, put together, written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmatch_assets.dashboards.bundle import bundle
from jobmatch_assets.dashboards.dictionary_page import dictionary_document
from jobmatch_assets.dashboards.document import document, navigation, registration
from jobmatch_assets.dashboards.files import write_pages
from jobmatch_assets.dashboards.instance_files import instance_file
from jobmatch_assets.dashboards.page import Instances, Page
from jobmatch_assets.dashboards.reading import STATE_TABLES, columns_there, read, values_of
from jobmatch_assets.dashboards.registry import DICTIONARY, file_of, registered
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.published.copy import opened

if TYPE_CHECKING:
    import duckdb

_LIBRARY = ".library"


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
    library = bundle(folder / _LIBRARY)
    made: dict[str, dict[str, str]] = {}
    with opened(copy) as connection:
        there = columns_there(connection)
        state = {table.name: read(connection, table, there) for table in STATE_TABLES}
        files = {
            page.name: _files_of(connection, page.name, page.instances, there)
            for page in pages
            if page.instances
        }
        for page in wanted:
            made[page.name] = dict(
                _documents(connection, page, pages, there, state, files, library, dictionary)
            )
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


def _files_of(
    connection: "duckdb.DuckDBPyConnection", page: str, instances: Instances, there: Mapping[str, set[str]]
) -> dict[str, str]:
    """{value: file} of a page that stands for each value of a column."""
    values = values_of(connection, instances.table, instances.column, there)
    return {value: instance_file(page, value) for value in values}


def _documents(
    connection: "duckdb.DuckDBPyConnection",
    page: Page,
    pages: Sequence[Page],
    there: Mapping[str, set[str]],
    state: Mapping[str, Any],
    files: Mapping[str, Mapping[str, str]],
    library: str,
    dictionary: Dictionary,
) -> Iterator[tuple[str, str]]:
    """The files of a page and their texts."""
    shared = {"page": registration(page), "state": state, "files": files}
    if page.instances is None:
        tables = {table.name: read(connection, table, there) for table in page.tables}
        links = navigation(pages, page.name)
        yield (
            file_of(page.name),
            document(page, page.title, {**shared, "tables": tables}, links, library, dictionary),
        )
        return
    column = page.instances.column
    for value, file in files[page.name].items():
        tables = {table.name: read(connection, table, there, {column: value}) for table in page.tables}
        data = {**shared, "tables": tables, "instance": {"column": column, "value": value}}
        heading, links = f"{page.title} {value}", navigation(pages, page.name)
        yield file, document(page, heading, data, links, library, dictionary)
