"""How tables and checks are named, whoever runs them."""

from typing import NamedTuple


class TableKey(NamedTuple):
    """A table: its layer (bronze, silver or gold) and its name. As text `layer/name`."""

    layer: str
    name: str

    def __str__(self) -> str:
        return f"{self.layer}/{self.name}"

    @classmethod
    def of(cls, text: str) -> "TableKey":
        """The table that `layer/name` means."""
        layer, _, name = text.partition("/")
        return cls(layer, name)


class CheckKey(NamedTuple):
    """A check of a table."""

    table: TableKey
    name: str


class CheckSpec(NamedTuple):
    """A check as people see it.

    Attributes:
        key: Which check it is.
        description: What holds where it passes, its thresholds, and whether a failure holds anything back.
    """

    key: CheckKey
    description: str
