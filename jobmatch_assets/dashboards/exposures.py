"""What dbt says of the pages: an exposure has the name of its page, and depends on what the page reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Exposure:
    """A page as dbt's project describes it.

    Attributes:
        name: The name of the page.
        label: What people call it.
        description: What it shows.
        owner: Whom to ask, an e-mail address.
        nodes: dbt's names of what it reads.
    """

    name: str
    label: str
    description: str
    owner: str
    nodes: tuple[str, ...]


def exposures_of(manifest: Mapping[str, Any], kind: str = "dashboard") -> dict[str, Exposure]:
    """{name: exposure}: all of a kind in dbt's manifest; pages are dashboards, reports are analyses."""
    return {
        node["name"]: Exposure(
            node["name"],
            node["label"],
            node["description"],
            node["owner"]["email"],
            tuple(node["depends_on"]["nodes"]),
        )
        for node in manifest["exposures"].values()
        if node["type"] == kind
    }
