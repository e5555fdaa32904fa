"""What a page is, as data: the question that it answers, what it reads, and what it draws from that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table of the published copy, or the part of it that a page needs.

    Attributes:
        name: The table.
        columns: The columns that the page reads, besides the clock and the dimensions.
        clock: The column with the date, or the Monday, that a row is about; empty for a table without one.
        dimensions: The columns that may be rolled up.
        grouping_sets: Which dimensions are not rolled up in a row, for each kind of row that there is.
        totals_only: Dimensions of which the page needs the rolled-up rows only.
        newest_by: Columns for each of whose values only the rows of the newest date are needed.
        oldest_by: The same, of the oldest date.
        key: What the page calls it, where it needs two parts of one table; its name where nothing is given.
        rows_as: A column with the number of rows of each date; the rows themselves are not carried, and
            `columns` are the sums of theirs, NULL where one of them is.
        counted_by: Columns by whose values, besides the clock, rows are counted so.
        steps: {column of these: how wide its steps are, and how many}; its value is the number of the step,
            from 0, and the last one has all that is beyond.
        where: {column: the one value of it} of the rows that the page needs.
        without: {column: the value of it} of rows that it does not need.
        carried: {column: columns}: where it is NULL, its last value before of rows that agree in the columns.
        is_summed: Whether rows are added up by clock and dimensions, so that the page carries sums of
            `columns` only; a sum with a NULL in it is NULL.
        at_most: How many rows the page carries at most, 0 for all; the page knows how many are left out.
        largest_first: The columns by whose values, the largest first, these are chosen.
        derived: {column: what makes its value of a row of the others}, for what Python says better than a
            browser.
        digits: {column: significant digits that the page carries of it}; all where none are named. A year of
            sums that only an interval is made of would double the page to be exact to the last bit.
        made_of: The entities that it is made of; none where events alone make it.
    """

    name: str
    columns: tuple[str, ...]
    clock: str = ""
    dimensions: tuple[str, ...] = ()
    grouping_sets: tuple[tuple[str, ...], ...] = ((),)
    totals_only: tuple[str, ...] = ()
    newest_by: tuple[str, ...] = ()
    oldest_by: tuple[str, ...] = ()
    key: str = ""
    rows_as: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    without: Mapping[str, Any] = field(default_factory=dict)
    carried: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_summed: bool = False
    at_most: int = 0
    largest_first: tuple[str, ...] = ()
    counted_by: tuple[str, ...] = ()
    steps: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)
    made_of: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What the page calls it."""
        return self.key or self.name

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Everything that is read, the clock first."""
        kept = tuple(name for name in self.dimensions if name not in self.totals_only)
        return (*((self.clock,) if self.clock else ()), *kept, *self.counted_by, *self.columns)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The columns that say which rows are needed, and what is carried on in them."""
        carried_in = (name for names in self.carried.values() for name in names)
        return tuple(dict.fromkeys((*self.where, *self.without, *carried_in, *self.largest_first)))


@dataclass(frozen=True)
class Filter:
    """A choice among the values of a dimension.

    Attributes:
        dimension: The column, also the name in the page's address.
        label: What people call it.
        always: For a dimension whose values are never put together: a column; the value with its largest
            sum is shown at first. Empty where all values can be shown together.
    """

    dimension: str
    label: str
    always: str = ""


@dataclass(frozen=True)
class Switch:
    """A choice among ways to look at the same numbers.

    Attributes:
        name: The name in the page's address.
        label: What people call it.
        choices: {value in the address: label}; the first is taken where the address names none.
    """

    name: str
    label: str
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A column of the table behind a chart, and of its CSV file.

    Attributes:
        name: The field of a row.
        label: Its heading.
        format: How people read it: text, long and name (which wrap), date, count, amount (to hundredths),
            about (short, for a tile), number, figures (four significant digits), money (at least two
            decimals), probability, percent, share (two significant digits of a per cent), points or seconds.
    """

    name: str
    label: str
    format: str = "text"


@dataclass(frozen=True)
class Chart:
    """A drawing, or a table, of rows that the browser computes from the tables of the page.

    Attributes:
        name: Its id on the page and the name of its CSV file.
        title: What is drawn, as a heading.
        caption: How to read it, in a sentence or two.
        rows: The function of `assets/` that computes the rows, by its name in `jobmatch.rows`.
        columns: The table behind it.
        options: What the function needs to know, as JSON.
        spec: Makes the Vega-Lite specification; None for a table without a drawing.
        metrics: Names in the dictionary of metrics that the caption links to.
        in_panels: Whether rows are drawn apart by their field `panel`, on one scale.
        is_wide: Whether it takes the whole width of the page.
    """

    name: str
    title: str
    caption: str
    rows: str
    columns: tuple[Column, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    spec: Callable[[], dict[str, Any]] | None = None
    metrics: tuple[str, ...] = ()
    in_panels: bool = False
    is_wide: bool = True


@dataclass(frozen=True)
class Tile:
    """One number, its change against the days before and its interval.

    Attributes:
        name: Its id on the page.
        label: What it counts or measures.
        value: The function of `assets/` that computes it, by its name in `jobmatch.tiles`.
        options: What the function needs to know, as JSON.
        format: As of a column.
        metric: Name in the dictionary of metrics.
    """

    name: str
    label: str
    value: str
    options: Mapping[str, Any] = field(default_factory=dict)
    format: str = "count"
    metric: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading.

    Attributes:
        title: The heading.
        items: What stands there, in order; tiles that follow each other stand side by side.
        intro: What the reader should know first.
    """

    title: str
    items: tuple[Chart | Tile, ...]
    intro: str = ""


@dataclass(frozen=True)
class Instances:
    """One page for each value of a column, with the rows of that value only.

    Attributes:
        table: Where the values come from.
        column: The column; rows of all tables of the page that have it are chosen by it.
    """

    table: str
    column: str


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        name: Its name: of the asset, of the dbt exposure and, but for the first page, of the file.
        title: Its heading.
        question: The question that it answers.
        tables: What it reads.
        sections: What it shows.
        filters: The dimensions that it can be limited to.
        switches: Ways to look at it.
        position: Its place in the navigation.
        days: How many days are shown where the address names none; 0 for all.
        ends_complete: Whether these end with the last complete date.
        has_dates: Whether a range of dates can be chosen.
        own_dates: Whether the dates to choose from are those of its own rows, not all of the copy.
        facts: Names of what it needs to know besides the copy, one of `Facts`.
        scripts: Files of `assets/` with functions of its own.
        instances: For a page for each value of a column; such pages are not in the navigation.
        under: The page of the navigation that it belongs to; itself where none is named.
    """

    name: str
    title: str
    question: str
    tables: tuple[Table, ...]
    sections: tuple[Section, ...]
    filters: tuple[Filter, ...] = ()
    switches: tuple[Switch, ...] = ()
    position: int = 100
    days: int = 28
    ends_complete: bool = False
    has_dates: bool = True
    own_dates: bool = False
    facts: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    instances: Instances | None = None
    under: str = ""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All drawings and tables."""
        return tuple(item for section in self.sections for item in section.items if isinstance(item, Chart))

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """All tiles."""
        return tuple(item for section in self.sections for item in section.items if isinstance(item, Tile))
