"""What a report consists of, without a layout: numbers, tables, charts, as data for the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Tile:
    """A number that is read first.

    Attributes:
        label: What it is.
        value: The number.
        detail: Its interval, and what it is of.
        change: What it says against the week before: up, down or no difference found; empty where nothing can
            be said.
        against: The change in numbers, or why there is none.
        kind: Always `tile`.
    """

    label: str
    value: str
    detail: str
    change: str
    against: str
    kind: Literal["tile"] = "tile"


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: What it says first.
        small: What stands below it, smaller.
        strong: Whether it is what the row is about.
        span: How many columns it takes.
    """

    text: str
    small: str = ""
    strong: bool = False
    span: int = 1


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        title: What it shows.
        columns: Its headings; those that begin with `>` are of numbers.
        rows: Its rows.
        widths: A share of the width for each column; empty for what its content takes.
        note: What a reader must know of it.
        kind: Always `table`.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()
    note: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        title: What it shows.
        note: How to read it.
        alt: The same for those who do not see it.
        spec: A Vega-Lite specification.
        rows: Its data: {name: rows}.
        parameters: Values of its parameters.
        height: Of the drawing, in pixels.
        half: Whether two of its kind stand side by side.
        kind: Always `chart`.
    """

    title: str
    note: str
    alt: str
    spec: Mapping[str, Any]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    height: int = 150
    half: bool = False
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes:
        text: What it says.
        kind: Always `paragraph`.
    """

    text: str
    kind: Literal["paragraph"] = "paragraph"


Part = Tile | Table | Chart | Paragraph


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading.

    Attributes:
        title: The heading.
        intro: What it is about, a sentence or two.
        parts: What stands in it.
        metrics: The metrics that it shows, by their names in the dictionary.
    """

    title: str
    intro: str
    parts: Sequence[Part]
    metrics: Sequence[str] = ()
