"""Tables of subjects keep their contracts, and each rule and each dbt test finds the violation planted for it."""

import importlib
import pkgutil
from collections.abc import Mapping

import pytest

from jobmatch_assets.contracts.subjects import SUBJECT_TABLES
from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.outcomes import broken_rules
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.models.subjects import violations

CONTRACTS = {contract.table: contract for contract in SUBJECT_TABLES}

_MODULES = [
    importlib.import_module(f"{violations.__name__}.{module.name}")
    for module in pkgutil.iter_modules(violations.__path__)
]
RULES: dict[str, dict[str, str]] = {
    table: rules for module in _MODULES for table, rules in module.RULES.items()
}
RECONCILED: dict[str, tuple[str, str]] = {
    name: violation for module in _MODULES for name, violation in module.RECONCILED.items()
}


@pytest.fixture(scope="module")
def tests(dbt: Dbt) -> Mapping[str, str]:
    """{name: SQL} of the dbt tests of the tables, but those of single columns."""
    found = dbt.compiled("config.meta.stage:subjects,test_type:data", *RECONCILED)
    return {name: sql for name, sql in found.items() if sql is not None}


def test_every_rule_has_a_violation() -> None:
    assert {table: set(rules) for table, rules in RULES.items()} == {
        table: {rule.name for rule in contract.rules}
        for table, contract in CONTRACTS.items()
        if contract.rules
    }


def test_every_test_has_a_violation(tests: Mapping[str, str]) -> None:
    assert tests.keys() == RECONCILED.keys()


@pytest.mark.parametrize("table", RULES)
def test_what_is_built_keeps_its_contract(built: Workbench, table: str) -> None:
    outcome = built.check(CONTRACTS[table])
    assert (outcome.passed, outcome.description) == (True, None)


@pytest.mark.parametrize(
    ("table", "rule"), [pytest.param(t, r, id=f"{t}-{r}") for t, rules in RULES.items() for r in rules]
)
def test_a_violation_of_a_rule_is_found(built: Workbench, table: str, rule: str) -> None:
    with built.planted(CONTRACTS[table], RULES[table][rule]):
        outcome = built.check(CONTRACTS[table])
    assert not outcome.passed
    assert rule in broken_rules(outcome)


@pytest.mark.parametrize("name", RECONCILED)
def test_a_test_passes_and_finds_its_violation(built: Workbench, tests: Mapping[str, str], name: str) -> None:
    table, violation = RECONCILED[name]
    assert built.query(tests[name]) == []
    with built.planted(CONTRACTS[table], violation):
        assert built.query(tests[name]) != []
