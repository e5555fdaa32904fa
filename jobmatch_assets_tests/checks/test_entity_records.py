"""The contract of records of entities finds the rows that break it."""

from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.pipeline.steps.loading import load_new_files
from jobmatch_assets_tests.bench.outcomes import broken_rules
from jobmatch_assets_tests.bench.workbench import SPAN, Workbench

CONTRACT = table_named(ENTITIES.raw.name)
VIOLATIONS = {
    "line_number_starts_at_1": "_source_line = 0",
    "file_is_named_by_its_hash": "_source_sha256 = 'f0'",
    "raw_form_is_known": "raw_form = 'utf16'",
    "line_is_not_empty": "line_bytes = 0, raw_line = ''",
    "head_only_of_long_lines": "line_bytes = 4194305, raw_form = 'base64'",
    "text_has_its_length": "line_bytes = 4 * length(raw_line) + 1",
    "file_is_of_its_day": "_source_file = 'job/dt=2026-03-02/x.csv'",
    "entity_table_is_known": "entity_table = 'jobs'",
    "record_format_is_known": "record_format = 'xlsx'",
    "source_is_a_name": "source = 'CRM'",
    "taken_on_its_day": "taken_at = taken_at + interval 2 days",
}


@pytest.fixture
def loaded(tmp_path: Path, instance: dg.DagsterInstance) -> Workbench:
    bench = Workbench(tmp_path, instance)
    files = {
        "job/dt=2026-03-01/a.csv": "job_id\n1\n",
        "job/source=crm/01032026_long.csv": f"job_id\n{'x' * (4 << 20)}\n",
        "01032026_companies.json": "[1, 2]",
    }
    for name, text in files.items():
        path = bench.landing / "entities" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    load_new_files(bench.prepared(), ENTITIES, SPAN)
    return bench


def test_every_rule_has_a_violation_that_is_found(loaded: Workbench) -> None:
    assert VIOLATIONS.keys() == {rule.name for rule in CONTRACT.rules}
    outcome = loaded.check(CONTRACT)
    assert (outcome.passed, outcome.description, outcome.metadata["rows"]) == (True, None, 4)
    for rule, change in VIOLATIONS.items():
        with loaded.planted(
            CONTRACT, f"update {{t}} set {change} where _source_file = 'job/dt=2026-03-01/a.csv'"
        ):
            assert broken_rules(loaded.check(CONTRACT)) == {rule: 1}


def test_no_record_may_be_there_twice(loaded: Workbench) -> None:
    with loaded.planted(CONTRACT, "insert into {t} select * from {t} limit 1"):
        assert broken_rules(loaded.check(CONTRACT)) == {"grain_is_unique": 2}
