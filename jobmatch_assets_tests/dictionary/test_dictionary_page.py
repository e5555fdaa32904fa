"""docs/dictionary.md is what the dictionary says.

`python -m jobmatch_assets_tests.dictionary.test_dictionary_page` writes it.
"""

from itertools import groupby

from jobmatch_assets.dictionary import Dictionary, Metric
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import PROJECT_DIR, Settings
from jobmatch_assets_tests.dictionary.asking import Manifest

PAGE = PROJECT_DIR / "docs" / "dictionary.md"

HEAD = """# The dictionary of metrics

Every metric of gold, in one line. It is written from the dbt metrics in `dbt_project/models/semantic/`, which pages,
`jobmatch metrics` and this page read; [metrics.md](metrics.md) explains how to read the tables. Columns that are no metric over time (of marts,
variants, curves, dimensions and facts) are described where they stand.

- **unit**: `user-days` and `user-weeks` are users, once for each date or week; a `share` lies between 0 and 1, a `ratio`
  can exceed 1; an `amount` is in the currency of its row.
- **put together over**: counts by adding them up, rates as the ratio of the sums. What says *nothing* has an answer only
  where gold has a row for it.
- A rate is NULL where its denominator is 0; the column **NULL** says what that means.
"""


def page(dictionary: Dictionary) -> str:
    """The page."""
    lines = [HEAD]
    for table, metrics in groupby(dictionary, lambda metric: metric.table):
        lines += [
            f"## {table}\n",
            "| metric | unit | formula | put together over | NULL | interval |",
            "|---|---|---|---|---|---|",
            *(_row(metric) for metric in metrics),
            "",
        ]
    return "\n".join(lines)


def _row(metric: Metric) -> str:
    over = ", ".join(metric.combines_over).replace("_", " ") or f"*nothing*: {metric.stands_alone}"
    cells = [f"`{metric.name}`<br>{metric.label}", metric.unit, metric.formula, over]
    return f"| {' | '.join([*cells, metric.null_means, metric.uncertainty])} |".replace("<=", "≤")


def test_the_page_is_up_to_date(manifest: Manifest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(Dictionary.of(manifest)), (
        "run: python -m jobmatch_assets_tests.dictionary.test_dictionary_page"
    )


if __name__ == "__main__":
    PAGE.write_text(page(Dictionary.of(Platform.of(Settings.from_environment()).dbt.manifest)))
