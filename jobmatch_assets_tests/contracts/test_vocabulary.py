"""The words of the contracts are those of the models and of the statistics."""

import json

import pytest
from dbt.cli.main import dbtRunner

from jobmatch_assets.contracts import experiment_tables, vocabulary
from jobmatch_assets.contracts.entities import tables as hiring
from jobmatch_assets.contracts.entities.matches import ORIGINS
from jobmatch_assets.contracts.event_fields import EVENT_FIELDS
from jobmatch_assets.contracts.fact_tables import FACT_EVENT_NAMES
from jobmatch_assets.contracts.tiers import TIERS
from jobmatch_assets.event_names import EVENT_NAMES
from jobmatch_assets.metrics import ab_results, ab_schema
from jobmatch_assets.settings import PROJECT_DIR

_DBT = PROJECT_DIR / "dbt_project"

WORDS: dict[str, tuple[object, ...]] = {
    "event_names": EVENT_NAMES,
    "event_names_with_job": vocabulary.EVENT_NAMES_WITH_JOB,
    "surfaces": vocabulary.SURFACES,
    "platforms": vocabulary.PLATFORMS,
    "device_types": vocabulary.DEVICE_TYPES,
    "application_statuses": vocabulary.APPLICATION_STATUSES,
    "quarantine_reasons": vocabulary.QUARANTINE_REASONS,
    "rank_cutoffs": vocabulary.RANK_CUTOFFS,
    "statuses_in_order": hiring.STATUSES_IN_ORDER,
    "stages_of_hiring": hiring.STAGES_OF_HIRING,
    "closed_statuses": hiring.CLOSED_STATUSES,
    "fact_event_names": FACT_EVENT_NAMES,
    "origins": ORIGINS,
    "tiers": tuple({"tier": tier.tier, "column": tier.column, "from": str(tier.least)} for tier in TIERS),
}
"""By the macro that gives models the same words."""


@pytest.fixture(scope="module")
def words_of_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    folder = str(tmp_path_factory.mktemp("dbt"))
    template = ", ".join(f"'{macro}': {macro}()" for macro in (*WORDS, "known_fields"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOBMATCH_DUCKDB_PATH", ":memory:")
        outcome = dbtRunner().invoke(
            [
                *("compile", "--quiet", "--inline", f"{{{{ {{{template}}} | tojson }}}}"),
                *("--project-dir", str(_DBT), "--profiles-dir", str(_DBT)),
                *("--target-path", folder, "--log-path", folder),
            ]
        )
    found: dict[str, list[object]] = json.loads(outcome.result.results[0].node.compiled_code)  # type: ignore[union-attr]
    return found


@pytest.mark.parametrize("macro", WORDS)
def test_contracts_and_models_know_the_same_words(
    words_of_models: dict[str, list[object]], macro: str
) -> None:
    assert tuple(words_of_models[macro]) == WORDS[macro]


def test_the_fields_of_the_event_contract_are_those_that_models_read(
    words_of_models: dict[str, list[object]],
) -> None:
    assert sorted(field.name for field in EVENT_FIELDS) == sorted(map(str, words_of_models["known_fields"]))


def test_contracts_and_statistics_agree() -> None:
    assert tuple(metric.name for metric in ab_schema.METRICS) == vocabulary.AB_METRICS
    (status,) = [column for column in ab_schema.AB_RESULTS_COLUMNS if column.name == "status"]
    assert status.description == "{}, {}, {}, {} or {}".format(*vocabulary.AB_STATUSES)
    assert experiment_tables.LEAST_UNITS == ab_results.MIN_UNITS_PER_ARM
    assert experiment_tables.SRM_LIMIT == ab_results.SRM_ALPHA
    assert experiment_tables.AB_RESULTS.grain == ab_schema.AB_RESULTS_KEY
    assert experiment_tables.AB_CUMULATIVE_SUMS.grain == ab_schema.SUM_KEY
