"""Users of segments are answered from the copy, also the column that is called as a word of SQL."""

from pathlib import Path

from jobmatch_assets.dictionary.answer import answer
from jobmatch_assets.dictionary.question import Question
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.published.copy import opened
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.bench.published_segments import with_segments

METRICS = ("segment_units", "segment_entered", "segment_left")


def test_users_of_segments_are_those_of_the_table(tmp_path: Path) -> None:
    copy = with_segments(Copy(tmp_path / "gold.duckdb"), 14)
    manifest = DbtProject(Settings.from_environment({})).manifest
    with opened(copy.path) as connection:
        found = answer(manifest, Question(METRICS, ["segment"], None, None, []), connection).rows
        summed = answer(manifest, Question(METRICS[1:], ["segment"], "all", None, []), connection).rows
    assert sorted(tuple(row.values()) for row in found) == copy.ask("from user_segments_daily order by all")
    assert sorted(tuple(row.values()) for row in summed) == copy.ask(
        'select segment, sum(entered), sum("left") from user_segments_daily group by all order by all'
    )
