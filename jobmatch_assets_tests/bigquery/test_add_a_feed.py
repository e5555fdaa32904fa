"""One more feed on BigQuery: the same tables as on DuckDB, late lines included."""

from pathlib import Path

from jobmatch_assets_tests.bench.cloud import BUCKET, PROJECT
from jobmatch_assets_tests.bench.cloud_bench import in_the_cloud
from jobmatch_assets_tests.bench.new_feed import FIRST_FILES, LATE_FILES, TABLES, NewFeed, content


def test_its_tables_are_those_of_the_other_engine(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    with NewFeed(tmp_path / "here") as here:
        here.land(FIRST_FILES | LATE_FILES)
        here.command("run")
        expected = {table: here.show(table) for table in TABLES}
    assert all(expected.values())
    with (
        in_the_cloud(tmp_path) as cloud,
        NewFeed(
            tmp_path / "there",
            JOBMATCH_TARGET="bigquery",
            JOBMATCH_LANDING=f"gs://{BUCKET}",
            JOBMATCH_BIGQUERY_PROJECT=PROJECT,
            JOBMATCH_BIGQUERY_LOCATION="US",
        ) as there,
    ):
        for name, lines in FIRST_FILES.items():
            cloud.put(name, content(lines))
        there.command("run")
        for name, lines in LATE_FILES.items():
            cloud.put(name, content(lines))
        built = there.look("tick")
        assert built["silver/notes"] == built["gold/notes_daily"] == ["2026-02-20"]
        assert {table: there.show(table) for table in TABLES} == expected
