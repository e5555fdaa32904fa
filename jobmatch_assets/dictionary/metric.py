"""A metric: what a number means, and what may be done with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A number that people look at, defined once, as a dbt metric below `dbt_project/models/semantic/`.

    Attributes:
        name: The name of its column in gold. `weekly_` stands before those of a week, `monthly_` before those
            of a month, `ab_` before those of an arm of an experiment; of two tables whose columns have one
            name and another meaning or other dimensions, the second puts its subject first (`ranking_lists`,
            `campaign_clicks`).
        label: What people read, without its unit.
        description: What it says, in a sentence or two.
        unit: `count` (events, lists, items or lines), `users`, `user-days` and `user-weeks` (users, once for
            each date or week), `share` (0 to 1), `ratio` (can exceed 1), `score`, `rank`, `seconds`,
            `hours`, `days`, `amount` (in the currency of its row) or `timestamp`.
        formula: How it is computed, in words.
        numerator: The column of `source` that it divides; empty where it is no ratio of two columns.
        denominator: The column of `source` that it is divided by, likewise.
        table: The gold table that it stands in.
        column: Its column there; for a metric of `ab_results`, the value of the column `metric`.
        source: The gold table whose rows it is computed from; that of `ab_results` is `ab_cumulative_sums`.
        also_in: Further tables that have a column of this name with the same meaning.
        additive_over: What it may be summed over: `dates`, `weeks`, `months`, `platforms`, `device_types`,
            `surfaces`, `rank_positions`, `k_buckets`, `reasons`, `categories`, `sources`, `companies`. Empty
            for ratios, users, medians and means.
        combines_over: What it may be put together over: as sums, and for a ratio as the ratio of sums.
        stands_alone: Why it cannot be put together over anything, in a clause; empty where it can.
        null_means: What NULL says.
        uncertainty: How its interval is computed, in words, or why it has none.
        owner: Who answers for it.
    """

    name: str
    label: str
    description: str
    unit: str
    formula: str
    numerator: str
    denominator: str
    table: str
    column: str
    source: str
    also_in: tuple[str, ...]
    additive_over: tuple[str, ...]
    combines_over: tuple[str, ...]
    stands_alone: str
    null_means: str
    uncertainty: str
    owner: str

    @property
    def is_ratio(self) -> bool:
        """Whether it is a ratio of two columns of its table."""
        return bool(self.denominator)
