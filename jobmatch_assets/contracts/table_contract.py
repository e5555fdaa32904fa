"""How a table's contract is written: its grain, and rules that every single row keeps.

A rule over several rows (sums that add up, lines that are conserved) is a dbt test. Rules are Ibis
expressions, so that every engine computes them; Ibis itself is not imported to write them down.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

from jobmatch_assets.contracts.clock import Clock, Unit, date_column_of, unit_of
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.contracts.schemas import SCHEMA_PREFIX
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.settings import Settings

Rows = Any
"""An Ibis table."""

Condition = Any
"""An Ibis column of booleans."""

ROUNDING = 1e-9

_SECONDS_OF_AN_HOUR = 3600
_SECONDS_OF_A_DAY = 24 * _SECONDS_OF_AN_HOUR


@dataclass(frozen=True)
class Rule:
    """What every row keeps.

    Attributes:
        name: Short name, unique in its table.
        says: The rule as a clause, for the reader of a failed check.
        columns: What to show of a row that breaks it.
        holds: The rule as a condition on a row; where it is NULL there is nothing to measure.
    """

    name: str
    says: str
    columns: tuple[str, ...]
    holds: Callable[[Rows], Condition]


@dataclass(frozen=True)
class TableContract:
    """What a table promises beside its columns and their types.

    Attributes:
        layer: bronze, silver or gold.
        table: Its name without the schema.
        clock: What it is partitioned by.
        grain: Columns of which no two rows share all values; the partition's date is among them.
        rules: What each row keeps.
        place: Columns that tell a reader which row it is; the grain where none are named.
        is_published: Whether readers get it, in the published copy, where it is of gold.
        of_settings: Rules that settings widen: they hold in place of those of the same names.
    """

    layer: str
    table: str
    clock: Clock
    grain: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    place: tuple[str, ...] = ()
    is_published: bool = True
    of_settings: Callable[[Settings], tuple[Rule, ...]] | None = None

    def in_force(self, settings: Settings) -> "TableContract":
        """The contract under these settings."""
        if self.of_settings is None:
            return self
        rules = {rule.name: rule for rule in (*self.rules, *self.of_settings(settings))}
        return replace(self, rules=tuple(rules.values()))

    @property
    def key(self) -> TableKey:
        """Its name everywhere."""
        return TableKey(self.layer, self.table)

    @property
    def date_column(self) -> str | None:
        """The column with the partition's date; None where it has none."""
        return date_column_of(self.clock)

    @property
    def unit(self) -> Unit:
        """How long a partition is."""
        return unit_of(self.clock)

    @property
    def schema(self) -> str:
        """The schema or dataset that holds it."""
        return f"{SCHEMA_PREFIX}{self.layer}"


LINE = ("_source_file", "_source_line")
"""Where a line came from."""

LINE_KEY = ("_source_dt", "_source_file", "_source_sha256", "_source_line")


def every(conditions: Iterable[Condition]) -> Condition:
    """All conditions together."""
    return reduce(and_, conditions)


def near(value: Condition, expected: Condition) -> Condition:
    """Equal but for rounding."""
    return (value - expected).abs() <= ROUNDING * (1 + expected.abs())


def one_of(column: str, words: Sequence[Any]) -> Rule:
    """A column holds nothing but these words, or is NULL where its description says so."""
    shown = ", ".join(map(str, words))
    return Rule(
        f"{column}_is_known",
        f"{column} is one of {shown}",
        (column,),
        lambda rows: rows[column].isin(words).fill_null(True),
    )


def not_negative(columns: Sequence[str]) -> Rule:
    """Counts are 0 or more."""
    return Rule(
        "counts_are_not_negative",
        f"{', '.join(columns)} are 0 or more",
        tuple(columns),
        lambda rows: every(rows[column] >= 0 for column in columns),
    )


def shares(columns: Sequence[str]) -> Rule:
    """Rates lie between 0 and 1, or are NULL."""
    return Rule(
        "rates_are_shares",
        f"{', '.join(columns)} lie between 0 and 1",
        tuple(columns),
        # NULL in one column must not hide the others.
        lambda rows: every(rows[column].fill_null(0.0).between(0, 1) for column in columns),
    )


def quotient(rate: str, numerator: str, denominator: str) -> Rule:
    """A rate is what it is called, and NULL exactly where its denominator is 0."""

    def is_quotient(rows: Rows) -> Condition:
        expected = rows[numerator] / rows[denominator].nullif(0)
        is_empty = rows[denominator] == 0
        return (rows[rate].isnull() == is_empty) & near(rows[rate], expected).fill_null(True)

    return Rule(
        f"{rate}_is_its_quotient",
        f"{rate} is {numerator} / {denominator}, and NULL exactly where that is 0",
        (rate, numerator, denominator),
        is_quotient,
    )


def within(pairs: Sequence[tuple[str, str]], name: str) -> Rule:
    """In each pair, the first column lies between 0 and the second."""
    return Rule(
        name,
        ", ".join(f"0 <= {less} <= {more}" for less, more in pairs),
        tuple(dict.fromkeys(column for pair in pairs for column in pair)),
        lambda rows: every((rows[less] >= 0) & (rows[less] <= rows[more]) for less, more in pairs),
    )


def lies_on(instant: Any, date: Any) -> Any:
    """Whether an instant lies on a UTC date.

    DuckDB compares instants in a tenth of the time that it takes to tell the date of one, or the instant at
    which a date begins: seconds since 1970 know no time zones.

    Args:
        instant: A column of instants.
        date: A column of dates, none of them the last that an engine knows.
    """
    return _lies_within(instant, _days_since_1970(date) * _SECONDS_OF_A_DAY, _SECONDS_OF_A_DAY)


def lies_in_hour(instant: Any, date: Any, hour: Any) -> Any:
    """Whether an instant lies in an hour of a UTC date.

    Args:
        instant: A column of instants.
        date: A column of dates, none of them the last that an engine knows.
        hour: A column of hours, 0 to 23.
    """
    hours = _days_since_1970(date) * 24 + hour
    return _lies_within(instant, hours * _SECONDS_OF_AN_HOUR, _SECONDS_OF_AN_HOUR)


def _days_since_1970(date: Any) -> Any:
    import ibis

    return date.delta(ibis.date(1970, 1, 1), unit="day")


def _lies_within(instant: Any, begin: Any, seconds: int) -> Any:
    """Whether an instant lies so many seconds at most after one in seconds since 1970."""
    return (instant >= begin.as_timestamp("s")) & (instant < (begin + seconds).as_timestamp("s"))


def is_date_of(date: str, instant: str) -> Rule:
    """A date is the UTC date of an instant, where there is one."""
    return Rule(
        f"{date}_is_that_of_{instant}",
        f"{date} is the UTC date of {instant}",
        (date, instant),
        lambda rows: (rows[instant].date() == rows[date]).fill_null(True),
    )


def is_first_of_month(column: str) -> Rule:
    """Months are named by their first date."""
    return Rule(
        f"{column}_is_the_first_of_a_month",
        f"{column} is the first date of a month",
        (column,),
        lambda rows: rows[column].day() == 1,
    )


def rolled_up_but_one(columns: Sequence[str]) -> Rule:
    """Each dimension is looked at alone, and the whole."""
    return Rule(
        "row_is_of_a_grouping_set",
        f"{', '.join(columns)} are all rolled up to {ALL}, or all but one",
        tuple(columns),
        lambda rows: sum((rows[column] == ALL).cast("int64") for column in columns) >= len(columns) - 1,
    )


def is_a_monday(column: str, name: str) -> Rule:
    """Weeks are named by their first date."""
    return Rule(
        name, f"{column} is a Monday", (column,), lambda rows: rows[column] == rows[column].truncate("W")
    )


def comes_from_a_line() -> tuple[Rule, ...]:
    """Rules of every table whose rows are lines of files."""
    return (
        Rule(
            "line_number_starts_at_1",
            "_source_line is 1 or more",
            ("_source_line",),
            lambda rows: rows["_source_line"] >= 1,
        ),
        Rule(
            "file_is_named_by_its_hash",
            "_source_sha256 is 64 hexadecimal digits",
            ("_source_sha256",),
            # DuckDB asks this once a file, a pattern once a row.
            lambda rows: (
                (rows["_source_sha256"].length() == 64)
                & (rows["_source_sha256"].translate("0123456789abcdef", "") == "")
            ),
        ),
    )


def not_after_its_file() -> Rule:
    """A file holds events up to the day after its own."""
    return Rule(
        "event_is_not_after_its_file",
        "event_date is at most the day after _source_dt",
        ("event_date", "_source_dt"),
        lambda rows: rows.event_date.delta(rows["_source_dt"], unit="day") <= 1,
    )
