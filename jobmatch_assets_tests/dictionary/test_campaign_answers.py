"""Numbers of campaigns, asked of a copy that has some: each is that of its row, and currencies stay apart."""

from pathlib import Path

import pytest

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.question import QuestionError
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.campaigns import with_campaigns
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.dictionary.asking import Asking, assert_equal, cells


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return with_campaigns(Copy(tmp_path / "gold.duckdb"))


@pytest.fixture
def asking_copy(copy: Copy) -> Asking:
    return Asking(DbtProject(Settings.from_environment({})).manifest, copy.path)


KEYS = {
    "campaign_daily": ("campaign_id", "currency"),
    "job_spend_hourly": ("hour", "job_id", "publisher_id", "campaign_id", "group_id", "currency"),
    "job_performance_hourly": ("hour", "job_id", "publisher_id", "campaign_id", "group_id", "currency"),
}


@pytest.mark.parametrize("table", KEYS)
def test_every_number_of_a_table_is_in_its_answers(table: str, copy: Copy, asking_copy: Asking) -> None:
    metrics = [metric for metric in Dictionary.of(asking_copy.manifest) if metric.table == table]
    answered = asking_copy(*(metric.name for metric in metrics), by=KEYS[table])
    for metric in metrics:
        columns = ", ".join(["event_date", *KEYS[table], metric.column])
        expected = {row[:-1]: row[-1] for row in copy.ask(f"select {columns} from {table}")}
        assert_equal(cells(answered, metric.name), expected)


def test_amounts_of_several_currencies_are_refused(asking_copy: Asking) -> None:
    with pytest.raises(QuestionError, match="amounts of different currencies are never added up"):
        asking_copy("ledger_spend_hour", grain="all")
    found = asking_copy("ledger_spend_hour", by=["currency"], grain="all")
    assert [row["currency"] for row in found.rows] == ["EUR", "GBP"]
