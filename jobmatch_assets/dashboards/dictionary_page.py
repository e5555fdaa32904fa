"""The page that lists all metrics: what each means, and what may be done with it."""

from collections.abc import Sequence

from jobmatch_assets.dashboards.document import Link, styles, templates
from jobmatch_assets.dictionary import Dictionary


def dictionary_document(dictionary: Dictionary, links: Sequence[Link]) -> str:
    """The HTML of the page; each metric has its name as an anchor.

    Args:
        dictionary: The metrics.
        links: The navigation.
    """
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    by_table = {
        table: [metric for metric in dictionary if metric.table == table]
        for table in dict.fromkeys(metric.table for metric in dictionary)
    }
    template = templates().get_template("dictionary.html")
    text: str = template.render(by_table=by_table, links=links, policy=policy, styles=styles())
    return text
