"""What the report's numbers mean, from the dictionary."""

from collections.abc import Iterable

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.reports.parts import Cell, Section, Table
from jobmatch_assets.reports.wording import NONE


def definitions(dictionary: Dictionary, names: Iterable[str]) -> Section:
    """The metrics that the report shows, each once.

    Raises:
        RequestError: The dictionary lacks one of them.
    """
    rows = []
    for name in dict.fromkeys(names):
        metric = dictionary[name]
        rows.append(
            [
                Cell(metric.label, name, strong=True),
                Cell("", metric.description),
                Cell("", metric.formula),
                Cell("", metric.null_means),
                Cell("", metric.uncertainty),
            ]
        )
    return Section(
        "What the numbers mean",
        "From the dictionary of metrics, which the pages show, too. Where a number is a dash, there was "
        "nothing to measure. All dates are UTC.",
        [
            Table(
                "Metrics of this report",
                ("Metric", "What it says", "How it is computed", f"{NONE} says", "Its interval"),
                rows,
                (3.5, 3.8, 2.7, 1.6, 2.8),
            )
        ],
    )
