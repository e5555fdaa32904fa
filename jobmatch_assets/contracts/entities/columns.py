"""How a column of an entity is described: what its values are, and what they decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ValueKind = Literal[
    "id",
    "integer_id",
    "text",
    "timestamp",
    "date",
    "decimal",
    "integer",
    "bool",
    "word",
    "exact_word",
    "country",
    "currency",
    "language",
    "location",
]
"""How a value is read: docs/entities.md has the rules."""

Role = Literal["key", "plain", "tracked", "hashed"]
"""key: names the entity. tracked: a change of it opens a version. hashed: so does a change of its SHA-256."""


@dataclass(frozen=True)
class EntityColumn:
    """A column that a producer may send.

    Attributes:
        name: Its name in records and in tables.
        kind: How its values are read.
        role: What it decides.
        required: Whether a record without it is rejected.
        is_list: Whether it holds a list of such values.
        words: For words: what may stand there.
        least: For numbers: the smallest that is valid.
        most: For numbers: the greatest that is valid.
    """

    name: str
    kind: ValueKind
    role: Role = "plain"
    required: bool = False
    is_list: bool = False
    words: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class EntityTable:
    """A table of entities.

    Attributes:
        name: What one of its entities is called.
        plural: What several are called, which folders and files may be named, too.
        columns: The key first.
    """

    name: str
    plural: str
    columns: tuple[EntityColumn, ...]

    @property
    def key(self) -> EntityColumn:
        """The column that names an entity."""
        return self.columns[0]

    @property
    def tracked(self) -> tuple[EntityColumn, ...]:
        """The columns whose change opens a version."""
        return tuple(column for column in self.columns if column.role in ("tracked", "hashed"))

    @property
    def shown(self) -> tuple[EntityColumn, ...]:
        """The columns that a dimension has."""
        return tuple(column for column in self.columns if column.role == "tracked")

    def words_of(self, column: str) -> tuple[str, ...]:
        """What may stand in one of its columns of words.

        Raises:
            KeyError: It has no such column.
        """
        return {found.name: found for found in self.columns}[column].words

    @property
    def versions(self) -> str:
        """The table of silver with its versions."""
        return f"{self.name}_versions"


def key(name: str, kind: ValueKind = "id") -> EntityColumn:
    """The column that names an entity."""
    return EntityColumn(name, kind, "key", required=True)


def plain(kind: ValueKind, *names: str, required: bool = False) -> list[EntityColumn]:
    """Columns that are shown as they are last known."""
    return [EntityColumn(name, kind, required=required) for name in names]


def tracked(kind: ValueKind, *names: str, required: bool = False) -> list[EntityColumn]:
    """Columns whose change opens a version."""
    return [EntityColumn(name, kind, "tracked", required=required) for name in names]


def word(name: str, words: Sequence[str], *, is_list: bool = False) -> EntityColumn:
    """A tracked column with one of some words."""
    return EntityColumn(name, "word", "tracked", is_list=is_list, words=tuple(words))


def tracked_list(kind: ValueKind, *names: str) -> list[EntityColumn]:
    """Tracked columns with lists."""
    return [EntityColumn(name, kind, "tracked", is_list=True) for name in names]


def number(
    kind: Literal["decimal", "integer"],
    name: str,
    least: int | None = None,
    most: int | None = None,
    role: Role = "tracked",
) -> EntityColumn:
    """A column with a number between two ends."""
    return EntityColumn(name, kind, role, least=least, most=most)
