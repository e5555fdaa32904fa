"""Which rows and columns of a table somebody wants to see, checked against the table's own columns."""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jobmatch_assets.contracts.clock import Unit, first_of
from jobmatch_assets.contracts.published_tables import is_reserved
from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.contracts.vocabulary import ALL, DIMENSIONS
from jobmatch_assets.warehouse.port import SelectionError, WarehouseError

Kind = Literal["string", "integer", "float", "boolean", "date", "timestamp", "other"]
"""What a column holds, whatever the engine calls it; `other` (arrays, …) can be tested for NULL only."""

_FILTER = re.compile(
    r"\s*(?P<column>\w+)\s*(?:(?P<operator>!=|<=|>=|=|<|>)(?P<text>.*)|(?P<null>is (?:not )?null)\s*)",
    re.DOTALL | re.IGNORECASE,
)
_TOGETHER = ("experiment_id", "variant")
_PARTITIONS_SHOWN = 7
_DAYS = {"day": 1, "week": 7, "month": 31}


@dataclass(frozen=True)
class Filter:
    """A condition on one column: an operator with the text of a value, or `is null`, `is not null`."""

    column: str
    operator: str
    text: str = ""

    @classmethod
    def of(cls, text: str) -> "Filter":
        """Read `column=value`, with =, !=, <, <=, > or >=, or `column is null`, `column is not null`.

        Raises:
            ValueError: It is none of these.
        """
        found = _FILTER.fullmatch(text)
        if not found:
            raise ValueError(
                f"{text} is not column=value (or !=, <, <=, >, >=), 'column is null' or 'column is not null'"
            )
        return cls(found["column"], (found["operator"] or found["null"]).lower(), found["text"] or "")


@dataclass(frozen=True)
class Selection:
    """What is wanted.

    Attributes:
        table: Name of a silver or gold table, without its schema.
        first: First partition date; None for seven dates (weeks, months), the last that has such rows.
        last: Last partition date.
        totals_only: Leave out rows by group where the table also has rolled-up rows (`__all__`).
        filters: Conditions that all hold.
        columns: Columns in this order; empty for all.
        most: Rows at the most.
    """

    table: str
    first: dt.date | None = None
    last: dt.date | None = None
    totals_only: bool = True
    filters: tuple[Filter, ...] = ()
    columns: tuple[str, ...] = ()
    most: int = 50

    @property
    def first_partition(self) -> dt.date | None:
        """The first date of the partition, which may be a week, that `first` belongs to."""
        return first_of(self._unit, self.first) if self.first else None

    @property
    def days_before_newest(self) -> int:
        """Where no date is asked for, how many days before the newest partition others are shown, too."""
        return (_PARTITIONS_SHOWN - 1) * _DAYS[self._unit]

    @property
    def _unit(self) -> Unit:
        return table_named(self.table).unit if is_table(self.table) else "day"

    def no_such_table(self, place: object, names: Collection[str]) -> WarehouseError:
        """What to say where the warehouse lacks the table.

        Args:
            place: Which warehouse.
            names: The tables that it has.
        """
        said = f"There is no table {self.table} in {place}. "
        if not names:
            return WarehouseError(f"{said}Nothing was built yet: `jobmatch run` does.")
        if is_reserved(self.table):
            said += f"The published copy has it: `jobmatch export {self.table} --out -` prints it. "
        return WarehouseError(f"{said}There are: {', '.join(sorted(names))}.")

    def checked_columns(self, names: Sequence[str]) -> list[str]:
        """The columns that are wanted of those that the table has.

        Raises:
            SelectionError: It has no such column.
        """
        for name in self.columns:
            _check_column(name, self.table, names)
        return list(dict.fromkeys(self.columns)) or list(names)

    def conditions(
        self, kinds: Mapping[str, Kind], mark: str, quote: str
    ) -> tuple[list[str], dict[str, Any]]:
        """The filters as SQL conditions, and the values that are bound to their parameters.

        Args:
            kinds: The table's columns, in order, with what they hold.
            mark: What a parameter begins with.
            quote: What stands around a column's name.

        Raises:
            SelectionError: There is no such column, or the value is none of its type.
        """
        conditions, values = [], {}
        for number, wanted in enumerate(self.filters):
            _check_column(wanted.column, self.table, list(kinds))
            column = f"{quote}{wanted.column}{quote}"
            if wanted.operator.endswith("null"):
                conditions.append(f"{column} {wanted.operator}")
                continue
            name = f"filter_{number}"
            values[name] = _value(wanted, kinds[wanted.column])
            condition = f"{column} {wanted.operator} {mark}{name}"
            conditions.append(f"({condition} or {column} is null)" if wanted.operator == "!=" else condition)
        return conditions, values

    def may_be_totals(self, names: Collection[str]) -> list[str]:
        """Dimensions of which only the rolled-up rows are wanted, where there are any: those not filtered."""
        filtered = {wanted.column for wanted in self.filters}
        if filtered.intersection(_TOGETHER):  # they are rolled up together
            filtered.update(_TOGETHER)
        return [name for name in names if self.totals_only and name in DIMENSIONS and name not in filtered]


@dataclass(frozen=True)
class Preview:
    """Rows of a table, newest date first.

    Attributes:
        layer: silver or gold.
        columns: The columns that were wanted.
        rows: {column: value}.
        total: How many rows there are; more than `rows` where these are too many.
        date_column: The column with the partition date; None where the table has none.
        first: First date that was looked at; None where the table holds none.
        last: The last.
        totals: Dimensions of which only the rolled-up rows (`__all__`) were looked at.
    """

    layer: str
    columns: list[str]
    rows: list[dict[str, Any]]
    total: int
    date_column: str | None
    first: dt.date | None
    last: dt.date | None
    totals: list[str]


def date_column_of(table: str, names: Collection[str]) -> str | None:
    """The column with the partition date of a table with these columns; None where it has none."""
    name = table_named(table).date_column if is_table(table) else None
    return name if name in names else None


def total_of(name: str) -> str:
    """The condition of a dimension's rolled-up rows."""
    return f"{name} = '{ALL}'"


def order_by(sortable: Sequence[str], date_column: str | None, quote: str) -> str:
    """Newest first, the rest in the order of the columns, so that it is the same each time."""
    newest = [name for name in (date_column, "event_ts") if name in sortable]
    rest = [name for name in sortable if name not in newest]
    return ", ".join(
        [f"{quote}{name}{quote} desc nulls last" for name in newest]
        + [f"{quote}{name}{quote}" for name in rest]
    )


def _check_column(name: str, table: str, names: Sequence[str]) -> None:
    if name not in names:
        (close, *_) = difflib.get_close_matches(name, names, 1) or [""]
        meant = f" Is {close} meant?" if close else ""
        raise SelectionError(f"{table} has no column {name}.{meant} Its columns: {', '.join(names)}.")


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _timestamp(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _integer(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


_READ: dict[Kind, tuple[Callable[[str], Any], str]] = {
    "string": (str, "text"),
    "integer": (_integer, "a whole number"),
    "float": (float, "a number"),
    "boolean": (_boolean, "true or false"),
    "date": (dt.date.fromisoformat, "a date, YYYY-MM-DD"),
    "timestamp": (_timestamp, "a time, YYYY-MM-DDTHH:MM:SS (UTC where it says nothing else)"),
}


def _value(wanted: Filter, kind: Kind) -> Any:
    if kind not in _READ:
        raise SelectionError(
            f"--where cannot compare {wanted.column}, which holds arrays or records; "
            f"'{wanted.column} is null' and 'is not null' work."
        )
    read, meaning = _READ[kind]
    try:
        return read(wanted.text)
    except (ValueError, KeyError):
        raise SelectionError(
            f"--where {wanted.column}{wanted.operator}{wanted.text}: {wanted.column} holds {meaning}."
        ) from None
