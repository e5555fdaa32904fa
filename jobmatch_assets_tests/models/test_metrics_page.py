"""docs/metrics.md says what is true: every query runs, and gives the table that stands below it.

`python -m jobmatch_assets_tests.models.test_metrics_page` writes these tables.
"""

import datetime as dt
import re
import tempfile
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.simulation import Scenario, write_landing
from jobmatch_assets_tests.bench import golden_subjects as subjects
from jobmatch_assets_tests.bench.golden import LANDING
from jobmatch_assets_tests.bench.tables import GOLD_TABLES
from jobmatch_assets_tests.bench.workbench import Workbench

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
EXAMPLE = re.compile(r"(?:<!-- numbers of the (demo|subjects) -->\n)?```sql\n([^`]*)```\n\n((?:\|.*\n)*)")
EXAMPLES = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
QUERIES = [query for _, query, _ in EXAMPLES]
NUMBERED = [f"query {number}" for number in range(len(EXAMPLES))]


def built_golden(folder: Path, instance: dg.DagsterInstance) -> Workbench:
    return Workbench(folder, instance, LANDING)


def built_subjects(folder: Path, instance: dg.DagsterInstance) -> Workbench:
    return Workbench(folder, instance, subjects.LANDING)


def built_demo(folder: Path, instance: dg.DagsterInstance) -> Workbench:
    """What the page calls the demo."""
    write_landing(Scenario(start=dt.date(2026, 3, 1), days=7, seed=7), folder)
    return Workbench(folder, instance, JOBMATCH_EXPERIMENTS=str(folder / "experiments.csv"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Workbench:
    built = built_demo(tmp_path_factory.mktemp("demo"), instance)
    built.run()
    return built


def as_table(rows: list[dict[str, Any]]) -> str:
    """The rows as the page shows them."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *([_shown(v) for v in row.values()] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "NULL"
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(("of", "query", "table"), EXAMPLES, ids=NUMBERED)
def test_a_query_gives_the_table_below_it(
    request: pytest.FixtureRequest, of: str, query: str, table: str
) -> None:
    fixtures = {"": "golden", "demo": "demo", "subjects": "golden_subjects"}
    built: Workbench = request.getfixturevalue(fixtures[of])
    assert as_table(built.rows(query)) == table


@pytest.mark.parametrize("query", QUERIES, ids=NUMBERED)
def test_a_query_has_rows_in_the_demo_and_names_no_date_of_the_test_data(
    request: pytest.FixtureRequest, demo: Workbench, query: str
) -> None:
    # The demo has events alone.
    of_subjects = ("subjects", query) in {(of, text) for of, text, _ in EXAMPLES}
    built: Workbench = request.getfixturevalue("golden_subjects") if of_subjects else demo
    assert built.rows(query) != []
    assert re.findall(r"\d{4}-\d{2}-\d{2}", query) == []


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
def test_the_numbers_of_the_text_are_those_of_the_table(golden: Workbench, table: str) -> None:
    query, numbers = TEXT[table]
    (row,) = golden.rows(query, dt.date(2026, 2, 27))
    assert tuple(row.values()) == numbers


def write_tables() -> None:
    """Put the rows of every query below it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        dg.DagsterInstance.ephemeral(settings={"python_logs": {"python_log_level": "CRITICAL"}}) as instance,
    ):
        made = {"": built_golden, "demo": built_demo, "subjects": built_subjects}
        built = {name: make(Path(folder, name or "golden"), instance) for name, make in made.items()}
        for each in built.values():
            each.warehouse.parent.mkdir(exist_ok=True)
            each.run()

        def filled(found: re.Match[str]) -> str:
            rows = built[found[1] or ""].rows(found[2])
            return found[0].removesuffix(found[3]) + as_table(rows)

        PAGE.write_text(EXAMPLE.sub(filled, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write_tables()
