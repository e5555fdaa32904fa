"""A dozen random histories on the platform against their replay, which shares nothing with it."""

from random import Random

import dagster as dg
import pytest

from jobmatch_assets_tests.replay.as_of import Entities
from jobmatch_assets_tests.replay.asking import answers, questions
from jobmatch_assets_tests.replay.differences import differences
from jobmatch_assets_tests.replay.found import TABLE_NAMES
from jobmatch_assets_tests.replay.histories import SEEDS
from jobmatch_assets_tests.replay.histories.landing import split
from jobmatch_assets_tests.replay.histories.pack import AnyFile, batches, pack
from jobmatch_assets_tests.replay.histories.pools import PERSONAL
from jobmatch_assets_tests.replay.tables import DIMENSIONS
from jobmatch_assets_tests.replay.trials import Trial

OF_FILES = ("entities_quarantine", "by_file", "by_entity")
"""Tables about files and their records, which differ where the same records stand in other files."""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Trial:
    """All files in one run."""
    histories = pack(SEEDS)
    return Trial(tmp_path_factory.mktemp("histories"), instance, histories).run(histories.files)


@pytest.fixture(scope="module")
def rearranged(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Trial:
    """The same records in other files, which come in two batches."""
    histories, rng = pack(SEEDS), Random(1)
    files: list[AnyFile] = [*split(rng, histories.entities), *histories.events]
    return Trial(tmp_path_factory.mktemp("rearranged"), instance, histories).run(*batches(rng, files, 2))


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_a_table_is_as_the_replay_of_its_histories(trial: Trial, table: str) -> None:
    assert trial.expected[table]
    assert trial.differences(table) == []


def test_files_that_break_off_are_refused_and_no_others(trial: Trial) -> None:
    assert trial.refused
    assert trial.refused == sorted(trial.silver.refused)


def test_other_files_in_other_batches_end_in_the_same_tables(trial: Trial, rearranged: Trial) -> None:
    assert rearranged.differences() == []
    for table in set(TABLE_NAMES) - set(OF_FILES):
        assert differences(table, trial.expected[table], rearranged.found(table)) == []


def test_the_version_of_a_time_is_that_of_the_replay(trial: Trial) -> None:
    asked = list(questions(Random(2), trial.silver, 150))
    entities = {name: Entities(trial.silver, name) for name in DIMENSIONS}
    matches = [entities[name].as_of(key, at) for name, key, at in asked]
    assert {match.how for match in matches} == {"exact", "before_first", "after_delete", "unknown", None}
    for question, match, answer in zip(asked, matches, answers(trial.bench, asked), strict=True):
        assert answer == (match.key, match.how), question


def test_nothing_personal_leaves_bronze(trial: Trial) -> None:
    kept = f"from job_matching_bronze.entities_raw where contains(raw_line, '{PERSONAL}')"
    assert trial.bench.query(f"select count(*) > 50 {kept}") == [(True,)]
    for table in trial.bench.tables():
        assert (
            trial.bench.query(
                f"from {table} as one where contains(cast(to_json(one) as varchar), '{PERSONAL}')"
            )
            == []
        )


@pytest.mark.parametrize(
    ("table", "planted", "told"),
    [
        (
            "job_versions",
            "update {t} set title = 'x' where title = 'A' and version = 1",
            ".title is 'x', expected 'A'",
        ),
        ("job_versions", "delete from {t} where version = 2", "2] is missing: valid_from 20"),
        (
            "openings",
            "insert into {t} by name select 'h7' as source, 'x' as job_id",
            "[h7, x] should not be there",
        ),
        (
            "fact_event",
            "update {t} set job_match = 'exact' where job_match = 'unknown'",
            "job_match is 'exact', expec",
        ),
    ],
)
def test_a_planted_difference_is_told_with_its_seed(
    trial: Trial, table: str, planted: str, told: str
) -> None:
    schema = "gold" if table.startswith("fact") else "silver"
    with trial.bench.planted(f"job_matching_{schema}.{table}", planted):
        lines = trial.differences(table)
    assert lines
    assert all(line.startswith("seed ") and told in line for line in lines if not line.endswith(" more"))
