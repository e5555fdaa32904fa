"""A feed and its tables are a registration: the patch of the documentation adds one, and all the rest follows."""

from collections.abc import Iterator

import duckdb
import pytest

from jobmatch_assets_tests.bench.new_feed import FIRST_FILES, LATE_FILES, PATCH, TABLES, NewFeed

pytestmark = pytest.mark.rebuilds

DAILY = "DailyPartitionsDefinition"


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewFeed]:
    with NewFeed(tmp_path_factory.mktemp("feed")) as made:
        made.land(FIRST_FILES)
        yield made


def test_the_patch_touches_one_feed_line_contracts_and_models() -> None:
    touched = {line.split(" b/")[1] for line in PATCH.read_text().splitlines() if line.startswith("diff ")}
    models = {name for name in touched if name.startswith("dbt_project/models/")}
    contracts = {name for name in touched if name.startswith("jobmatch_assets/contracts/")}
    assert touched == models | contracts
    (changed,) = [line for line in PATCH.read_text().splitlines() if line.startswith("+FEEDS = ")]
    assert changed == '+FEEDS = (EVENTS, ENTITIES, Feed("notes"))'


def test_its_tables_are_assets_with_partitions_lineage_and_checks(feed: NewFeed) -> None:
    graph = feed.look("graph")
    found = {name: (graph[name]["partitions"], graph[name]["parents"]) for name in graph if "note" in name}
    assert found == {
        "bronze/notes_raw": (DAILY, []),
        "silver/stg_notes": (DAILY, ["bronze/notes_raw"]),
        "silver/notes": (DAILY, ["silver/stg_notes"]),
        "gold/notes_daily": (DAILY, ["silver/notes"]),
        "gold/notes_to_date": (DAILY, ["silver/notes"]),
        "gold/note_authors": ("NoneType", ["silver/notes"]),
    }
    assert {"files_are_readable", "matches_contract"} <= set(graph["bronze/notes_raw"]["checks"])
    for name in found:
        assert "matches_contract" in graph[name]["checks"]


def test_files_are_loaded_staged_built_published_and_shown(feed: NewFeed) -> None:
    told = feed.command("run")
    assert "notes: 2 dates" in told
    assert [row["note_id"] for row in feed.show("notes")] == ["n2", "n3", "n1"]
    assert feed.show("notes_daily") == [
        {"written_date": "2026-03-02", "notes": 2, "authors": 2},
        {"written_date": "2026-03-01", "notes": 1, "authors": 1},
    ]
    assert feed.show("notes_to_date") == [
        {"as_of_date": "2026-03-02", "notes": 3},
        {"as_of_date": "2026-03-01", "notes": 1},
    ]
    assert feed.show("note_authors") == [
        {"author": "ann", "notes": 2, "last_date": "2026-03-02"},
        {"author": "bob", "notes": 1, "last_date": "2026-03-02"},
    ]
    with duckdb.connect(str(feed.warehouse.with_name("gold.duckdb")), read_only=True) as copy:
        assert copy.execute("select count(*) from job_matching_gold.note_authors").fetchall() == [(2,)]


def test_a_late_line_is_built_by_the_run_that_the_sensor_asks_for(feed: NewFeed) -> None:
    feed.land(LATE_FILES)
    built = feed.look("tick")
    assert built == {
        "bronze/notes_raw": ["2026-03-05"],
        "silver/stg_notes": ["2026-03-05"],
        "silver/notes": ["2026-02-20"],
        "gold/notes_daily": ["2026-02-20"],
        # A date that adds up all before it changes with each of them.
        "gold/notes_to_date": [f"2026-02-{day}" for day in range(20, 29)] + ["2026-03-01", "2026-03-02"],
        "gold/note_authors": ["None"],
    }
    assert feed.show("notes_to_date")[0] == {"as_of_date": "2026-03-02", "notes": 4}
    assert "Nothing new" in feed.command("run")


def test_the_tables_are_those_of_a_rebuild(feed: NewFeed) -> None:
    def contents() -> dict[str, list[tuple[object, ...]]]:
        with duckdb.connect(str(feed.warehouse)) as connection:
            connection.execute("set search_path = 'job_matching_silver,job_matching_gold'")
            return {table: connection.execute(f"from {table} order by all").fetchall() for table in TABLES}

    before = contents()
    feed.warehouse.unlink()
    feed.command("run")
    assert contents() == before


def test_its_contracts_find_what_is_wrong(feed: NewFeed) -> None:
    assert feed.look("contract") == {"notes_daily": None, "note_authors": None}
    with duckdb.connect(str(feed.warehouse)) as connection:
        connection.execute("update job_matching_gold.notes_daily set authors = notes + 1")
        connection.execute("update job_matching_gold.note_authors set notes = -1")
    found = feed.look("contract")
    assert "2026-03-01…2026-03-02 that break authors_are_within_notes" in found["notes_daily"]
    assert "3 rows on all of it that break counts_are_not_negative" in found["note_authors"]
