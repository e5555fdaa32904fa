"""Dimensions and facts keep their contracts, and each rule and each reference finds the violation planted for it."""

import datetime as dt

import pytest

from jobmatch_assets.contracts.dimension_tables import DIMENSION_TABLES
from jobmatch_assets.contracts.fact_tables import FACT_TABLES
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.outcomes import broken_rules
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.models.entities.violations import RECONCILED, REFERENCES, RULES

MARCH = DateRange(dt.date(2026, 3, 1), dt.date(2026, 3, 31)).days

CONTRACTS = {contract.table: contract for contract in (*DIMENSION_TABLES, *FACT_TABLES)}


def test_every_rule_has_a_violation() -> None:
    assert {table: set(rules) for table, rules in RULES.items()} == {
        table: {rule.name for rule in contract.rules} for table, contract in CONTRACTS.items()
    }


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_what_is_built_keeps_its_contract(built: Workbench, contract: TableContract) -> None:
    outcome = built.check(contract, MARCH)
    assert (outcome.passed, outcome.description) == (True, None)


@pytest.mark.parametrize(
    ("table", "rule"), [pytest.param(t, r, id=f"{t}-{r}") for t, rules in RULES.items() for r in rules]
)
def test_a_violation_is_found(built: Workbench, table: str, rule: str) -> None:
    contract = CONTRACTS[table]
    with built.planted(contract, RULES[table][rule]):
        outcome = built.check(contract, MARCH)
    assert not outcome.passed
    assert rule in broken_rules(outcome)


def reference_tests(fact: str) -> set[str]:
    """The names of the tests of its references."""
    return {f"{fact}_{name}_key_is_of_a_member" for name in REFERENCES[fact]}


def test_references_lead_to_members(built: Workbench, dbt: Dbt) -> None:
    names = set().union(*map(reference_tests, REFERENCES))
    assert dbt("test", "--select", *names).passed == names


@pytest.mark.parametrize("fact", REFERENCES)
def test_a_reference_to_no_member_is_found(built: Workbench, dbt: Dbt, fact: str) -> None:
    changes = ", ".join(f"{name}_key = 'nobody'" for name in REFERENCES[fact])
    with built.planted(CONTRACTS[fact], f"update {{t}} set {changes}"):
        outcome = dbt("test", "--select", *reference_tests(fact))
    assert outcome.failed == reference_tests(fact)


def test_what_is_built_is_reconciled(built: Workbench, dbt: Dbt) -> None:
    assert dbt("test", "--select", *RECONCILED).passed == RECONCILED.keys()


@pytest.mark.parametrize("name", RECONCILED)
def test_what_cannot_be_reconciled_is_found(built: Workbench, dbt: Dbt, name: str) -> None:
    table, violation = RECONCILED[name]
    with built.planted(CONTRACTS[table], violation):
        assert name in dbt("test", "--select", name).failed
