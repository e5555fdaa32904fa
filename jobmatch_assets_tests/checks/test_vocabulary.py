"""The words of the contracts are those of the models and of the statistics."""

import json

import pytest

from jobmatch_assets.contracts import experiment_tables, vocabulary
from jobmatch_assets.metrics import ab_results, ab_schema
from jobmatch_assets_tests.checks.copied_warehouse import SPAN, CopiedWarehouse


@pytest.mark.parametrize(
    ("macro", "words"),
    [
        ("event_names", vocabulary.EVENT_NAMES),
        ("event_names_with_job", vocabulary.EVENT_NAMES_WITH_JOB),
        ("surfaces", vocabulary.SURFACES),
        ("platforms", vocabulary.PLATFORMS),
        ("device_types", vocabulary.DEVICE_TYPES),
        ("application_statuses", vocabulary.APPLICATION_STATUSES),
        ("quarantine_reasons", vocabulary.QUARANTINE_REASONS),
        ("rank_cutoffs", vocabulary.RANK_CUTOFFS),
    ],
)
def test_contracts_and_models_know_the_same_words(
    warehouse: CopiedWarehouse, macro: str, words: tuple[object, ...]
) -> None:
    compiled = warehouse.platform.dbt.compile(f"{{{{ {macro}() | tojson }}}}", SPAN)
    assert tuple(json.loads(compiled)) == words


def test_contracts_and_statistics_agree() -> None:
    assert tuple(metric.name for metric in ab_schema.METRICS) == vocabulary.AB_METRICS
    (status,) = [column for column in ab_schema.AB_RESULTS_COLUMNS if column.name == "status"]
    assert status.description == "{}, {}, {}, {} or {}".format(*vocabulary.AB_STATUSES)
    assert experiment_tables.LEAST_UNITS == ab_results.MIN_UNITS_PER_ARM
    assert experiment_tables.SRM_LIMIT == ab_results.SRM_ALPHA
    assert experiment_tables.AB_RESULTS.grain == ab_schema.AB_RESULTS_KEY
    assert experiment_tables.AB_CUMULATIVE_SUMS.grain == ab_schema.SUM_KEY
