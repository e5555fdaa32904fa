"""The feeds: landing folders, each with a bronze table of its own."""

from dataclasses import dataclass

from jobmatch_assets.contracts.feed_layout import ENTITIES as ENTITY_FILES_BY_TABLE
from jobmatch_assets.contracts.feed_layout import LINES, FeedLayout
from jobmatch_assets.contracts.keys import TableKey


@dataclass(frozen=True)
class Feed:
    """Files that land in a folder of their own, line by line in bronze, and staged by a dbt model.

    Attributes:
        name: The folder in the landing root. Its lines go to bronze.<name>_raw and are staged in
            silver.stg_<name>.
        kept: The silver table with the rows that count; empty where there is none of this kind.
        duplicates: The silver table with the lines that lost to one of those.
        quarantine: The silver table with the lines that were rejected.
        staged_as: What the model that stages them is called after stg_; empty: the name.
        layout: How its files are named and read, and what bronze keeps of them.
        is_required: Whether the folder must be there; one that need not be may come later.
    """

    name: str
    kept: str = ""
    duplicates: str = ""
    quarantine: str = ""
    staged_as: str = ""
    layout: FeedLayout = LINES
    is_required: bool = False

    @property
    def raw(self) -> TableKey:
        """The bronze table with its lines."""
        return TableKey("bronze", f"{self.name}_raw")

    @property
    def staged(self) -> TableKey:
        """The table in which every line is read and judged."""
        return TableKey("silver", f"stg_{self.staged_as or self.name}")

    @property
    def staged_before(self) -> str:
        """The table of bronze that keeps what was staged until it is compared with what is."""
        return f"{self.name}_staged_before"

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The silver tables that share its lines among themselves."""
        return tuple(filter(None, (self.kept, self.duplicates, self.quarantine)))


EVENTS = Feed("events", "events", "events_duplicates", "events_quarantine", is_required=True)

ENTITIES = Feed("entities", staged_as="entity_records", layout=ENTITY_FILES_BY_TABLE)

FEEDS = (EVENTS, ENTITIES)
"""In the order in which they are loaded."""


def feed_named(name: str) -> Feed:
    """A feed.

    Raises:
        KeyError: There is none of this name.
    """
    return {feed.name: feed for feed in FEEDS}[name]


def feed_with_lines(table: str) -> Feed | None:
    """The feed whose lines, as they came or sorted by what became of them, are the rows of a table."""
    for feed in FEEDS:
        if table in (feed.raw.name, feed.staged.name, *feed.outcomes):
            return feed
    return None
