"""Every table says what it holds; each rule finds the violation planted for it."""

import copy
from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.contracts.dimension_tables import DIMENSION_TABLES
from jobmatch_assets.contracts.experiment_tables import AB_RESULTS as AB_RESULTS_CONTRACT
from jobmatch_assets.contracts.fact_tables import FACT_TABLES
from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.contracts.subjects import SUBJECT_TABLES
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS, AB_RESULTS_KEY
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets_tests.bench.tables import GOLD_TABLES
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.models import manifest_rules as rules

FUNNEL = "model.jobmatch.funnel_daily"
AB_RESULTS = "source.jobmatch.statistics.ab_results"
SPOKEN_TYPES = {"date": "DATE", "string": "VARCHAR", "integer": "BIGINT", "float": "DOUBLE"}


@pytest.fixture(scope="module")
def manifest(golden: Workbench) -> dict[str, Any]:
    return dict(DbtProject(golden.settings).manifest)


@pytest.fixture(scope="module")
def built(golden_entities: Workbench) -> dict[str, dict[str, str]]:
    """{table: {column: type}} of silver and gold, as they are in the warehouse with both feeds."""
    types: dict[str, dict[str, str]] = {}
    for row in golden_entities.rows(
        "select table_schema || '.' || table_name as name, column_name, data_type "
        "from information_schema.columns where table_schema in ('job_matching_silver', 'job_matching_gold')"
    ):
        types.setdefault(row["name"], {})[row["column_name"]] = row["data_type"]
    return types


@pytest.fixture(scope="module")
def specs(golden: Workbench) -> list[dg.AssetSpec]:
    return list(golden.definitions().resolve_all_asset_specs())


def test_all_tables_are_looked_at(manifest: dict[str, Any], built: dict[str, dict[str, str]]) -> None:
    assert {rules.full_name(table) for table in rules.tables(manifest)} == built.keys()
    of_entities = (
        contract.table
        for contract in (*DIMENSION_TABLES, *FACT_TABLES, *SUBJECT_TABLES)
        if contract.layer == "gold"
    )
    tables = (*GOLD_TABLES, *of_entities)
    assert {name for name in built if "_gold." in name} == {f"job_matching_gold.{table}" for table in tables}


@pytest.mark.parametrize(
    "rule",
    [
        rules.descriptions_begin_with_the_grain,
        rules.contracts_are_enforced,
        rules.grains_are_checked,
        rules.gold_has_subjects,
    ],
)
def test_tables_keep_the_rules(rule: Callable[[Any], list[str]], manifest: dict[str, Any]) -> None:
    assert rule(manifest) == []


def test_columns_are_described_as_they_are_built(
    manifest: dict[str, Any], built: dict[str, dict[str, str]]
) -> None:
    assert rules.columns_are_described(manifest, built) == []


def test_gold_has_owners(specs: list[dg.AssetSpec], built: dict[str, dict[str, str]]) -> None:
    assert rules.gold_has_owners(specs, built) == []


def test_ab_results_is_described_alike_in_dbt_and_in_python(manifest: dict[str, Any]) -> None:
    columns = manifest["sources"][AB_RESULTS]["columns"]
    assert [
        (column["name"], rules.type_name(column["data_type"]), "NULL:" in column["description"])
        for column in columns.values()
    ] == [(column.name, SPOKEN_TYPES[column.type], column.nullable) for column in AB_RESULTS_COLUMNS]
    for column in AB_RESULTS_COLUMNS:
        assert columns[column.name]["description"].startswith(column.description)
    assert AB_RESULTS_CONTRACT.grain == AB_RESULTS_KEY


def test_a_table_without_a_contract_is_named(manifest: dict[str, Any]) -> None:
    contracts = [contract for contract in CONTRACTS if contract.table != "funnel_daily"]
    assert rules.grains_are_checked(manifest, contracts) == [
        f"{FUNNEL_DAILY}: nothing checks that its grain is unique"
    ]


# ---- the rules find what they look for


def _vague(manifest: Any) -> None:
    manifest["nodes"][FUNNEL]["description"] = "The funnel by day."


def _vague_source(manifest: Any) -> None:
    manifest["sources"][AB_RESULTS]["description"] = ""


def _without_contract(manifest: Any) -> None:
    manifest["nodes"][FUNNEL]["config"]["contract"]["enforced"] = False


def _without_test(manifest: Any) -> None:
    (test,) = [i for i, n in manifest["nodes"].items() if n["name"] == "ab_units_daily_grain_is_unique"]
    del manifest["nodes"][test]


def _without_subject(manifest: Any) -> None:
    del manifest["nodes"][FUNNEL]["config"]["meta"]["subject"]


def _unknown_headline(manifest: Any) -> None:
    manifest["nodes"][FUNNEL]["config"]["meta"]["headline"] = ["clicks", "clacks"]


def _without_column(manifest: Any) -> None:
    del manifest["nodes"][FUNNEL]["columns"]["clicks"]


def _column_too_many(manifest: Any) -> None:
    columns = manifest["nodes"][FUNNEL]["columns"]
    columns["clacks"] = columns["clicks"]


def _silent_column(manifest: Any) -> None:
    manifest["nodes"][FUNNEL]["columns"]["clicks"]["description"] = " "


def _column_without_type(manifest: Any) -> None:
    manifest["nodes"][FUNNEL]["columns"]["clicks"]["data_type"] = None


def _column_of_another_type(manifest: Any) -> None:
    manifest["sources"][AB_RESULTS]["columns"]["effect"]["data_type"] = "bigint"


def _undescribed_table(manifest: Any) -> None:
    del manifest["nodes"][FUNNEL]


FUNNEL_DAILY = "job_matching_gold.funnel_daily"


@pytest.mark.parametrize(
    ("rule", "doctor", "problem"),
    [
        (
            rules.descriptions_begin_with_the_grain,
            _vague,
            f"{FUNNEL_DAILY}: the description does not begin with its grain",
        ),
        (
            rules.descriptions_begin_with_the_grain,
            _vague_source,
            "job_matching_gold.ab_results: the description does not begin with its grain",
        ),
        (rules.contracts_are_enforced, _without_contract, f"{FUNNEL_DAILY}: the contract is not enforced"),
        (
            rules.grains_are_checked,
            _without_test,
            "job_matching_silver.ab_units_daily: nothing checks that its grain is unique",
        ),
        (rules.gold_has_subjects, _without_subject, f"{FUNNEL_DAILY}: its meta names no subject"),
        (
            rules.gold_has_subjects,
            _unknown_headline,
            f"{FUNNEL_DAILY}: its headline has clacks, which is no column of it",
        ),
    ],
)
def test_a_table_that_breaks_a_rule_is_named(
    rule: Callable[[Any], list[str]],
    doctor: Callable[[Any], None],
    problem: str,
    manifest: dict[str, Any],
) -> None:
    doctored = copy.deepcopy(manifest)
    doctor(doctored)
    assert rule(doctored) == [problem]


@pytest.mark.parametrize(
    ("doctor", "problem"),
    [
        (_without_column, f"{FUNNEL_DAILY}.clicks: not described"),
        (_column_too_many, f"{FUNNEL_DAILY}.clacks: not built"),
        (_silent_column, f"{FUNNEL_DAILY}.clicks: no description"),
        (_column_without_type, f"{FUNNEL_DAILY}.clicks: no data_type"),
        (
            _column_of_another_type,
            "job_matching_gold.ab_results.effect: described as bigint, built as DOUBLE",
        ),
        (_undescribed_table, f"{FUNNEL_DAILY}: not described"),
    ],
)
def test_a_column_that_is_not_as_described_is_named(
    doctor: Callable[[Any], None],
    problem: str,
    manifest: dict[str, Any],
    built: dict[str, dict[str, str]],
) -> None:
    doctored = copy.deepcopy(manifest)
    doctor(doctored)
    assert rules.columns_are_described(doctored, built) == [problem]


def test_a_table_without_an_owner_a_group_or_an_asset_is_named(
    specs: list[dg.AssetSpec], built: dict[str, dict[str, str]]
) -> None:
    changed = {
        "gold/funnel_daily": {"owners": []},
        "gold/ab_results": {"group_name": "silver"},
    }
    doctored = [
        spec.replace_attributes(**changed.get(spec.key.to_user_string(), {}))  # type: ignore[arg-type]
        for spec in specs
        if spec.key.to_user_string() != "gold/ab_metrics_daily"
    ]
    assert sorted(rules.gold_has_owners(doctored, built)) == [
        "job_matching_gold.ab_metrics_daily: no asset",
        "job_matching_gold.ab_results: in the group silver",
        "job_matching_gold.funnel_daily: no owner",
    ]
