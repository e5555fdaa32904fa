"""docs/metrics.md says what is true: every query runs, and gives the table that stands below it."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets_tests.gold.platform import GOLD_TABLES, Built

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
EXAMPLES = re.findall(r"```sql\n([^`]*)```\n\n((?:\|.*\n)*)", PAGE.read_text(encoding="utf-8"))


def as_table(rows: list[dict[str, Any]]) -> str:
    """The rows as the page shows them."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *([_shown(v) for v in row.values()] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "NULL"
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(("query", "table"), EXAMPLES, ids=[f"query {n}" for n in range(len(EXAMPLES))])
def test_a_query_gives_the_table_below_it(golden: Built, query: str, table: str) -> None:
    assert as_table(golden.rows(query)) == table


def test_every_table_is_explained() -> None:
    headings = re.findall(r"^## (\w+): ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(GOLD_TABLES)
    assert len(EXAMPLES) >= 5


# Numbers of the text that no table of the page holds.
TEXT = {
    "funnel_daily": (
        "select entered, reached_impression, reached_click, reached_apply, users_apply "
        "from job_matching_gold.funnel_daily where event_date = ? "
        "and platform = '__all__' and device_type = '__all__' and surface = '__all__'",
        (59, 57, 45, 22, 36),
    ),
    "ranking_position_daily": (
        "select shown, clicked, round(ctr, 3) from job_matching_gold.ranking_position_daily "
        "where event_date = ? and surface = '__all__' and rank_position = 1",
        (74, 32, 0.432),
    ),
    "search_quality_daily": (
        "select lists, abandoned_lists, round(abandonment_rate, 3), round(mean_click_position, 2), "
        "round(median_seconds_to_first_click, 1), searches, zero_result_searches, zero_result_rate "
        "from job_matching_gold.search_quality_daily where event_date = ? and surface = '__all__'",
        (82, 22, 0.268, 3.32, 107.5, 78, 1, 0.025),
    ),
}


@pytest.mark.parametrize("table", TEXT)
def test_the_numbers_of_the_text_are_those_of_the_table(golden: Built, table: str) -> None:
    query, numbers = TEXT[table]
    (row,) = golden.rows(query, dt.date(2026, 2, 27))
    assert tuple(row.values()) == numbers
