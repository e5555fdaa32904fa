"""Nothing of entities is lost or counted twice: each check finds the violation planted for it."""

import json
from collections.abc import Callable, Iterator

import pytest

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.contracts.version_tables import VERSION_TABLES
from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.outcomes import broken_rules
from jobmatch_assets_tests.bench.workbench import Workbench

COMPANIES = [
    {"company_id": "1", "name": "A", "updated_at": "2026-03-01T10:00:00Z"},
    {"company_id": "1", "name": "A", "updated_at": "2026-03-01T10:00:00Z"},
    {"company_id": "1", "name": "B", "updated_at": "2026-03-01T11:00:00Z"},
    {"company_id": "2", "name": "C", "updated_at": "2026-03-01T10:00:00Z"},
    {"name": "no key"},
]

VIOLATIONS = {
    ("company_records", "company_records_are_conserved"): [
        "delete from {t} where entity_key = '2'",
        "update {t} set duplicates = 0",
        "insert into {t} select * from {t} where entity_key = '2'",
    ],
    ("company_records", "company_history_adds_up"): ["update {t} set effect = 'lost' where entity_key = '2'"],
    ("company_versions", "company_history_adds_up"): ["delete from {t} where company_id = '2'"],
    ("company_versions", "company_deletes_are_plausible"): [
        """
        insert into {t}
        select given.* replace ('x' || i as company_id, given.valid_from + interval 1 day as valid_to)
        from {t} as given, range(300) as more(i) where given.company_id = '2';
        insert into job_matching_silver.company_records
        select
            given.* replace (
                'implied' as outcome, 'delete' as effect, 'x' || i as entity_key,
                given.valid_from + interval 1 day as valid_from
            )
        from job_matching_silver.company_records as given, range(101) as more(i) where given.entity_key = '2'
        """
    ],
    ("stg_entity_records", "entity_records_are_staged"): ["delete from {t} where entity_key = '2'"],
    ("entities_quarantine", "rejected_records_are_in_quarantine"): ["delete from {t}"],
}  # fmt: skip


RULES = {
    "stg_entity_records": {
        "line_number_starts_at_1": "update {t} set _source_line = 0 where entity_key = '2'",
        "file_is_named_by_its_hash": "update {t} set _source_sha256 = 'f0' where entity_key = '2'",
        "record_that_counts_is_of_an_entity_and_a_time": "update {t} set own_time = null where entity_key = '2'",
    },
    "entities_quarantine": {
        "line_number_starts_at_1": "update {t} set _source_line = -1",
        "file_is_named_by_its_hash": "update {t} set _source_sha256 = upper(_source_sha256)",
        "reason_is_known": "update {t} set reason = 'bad'",
    },
    "entity_snapshots": {"dump_has_parts": "update {t} set snapshot_parts = 0"},
    "company_records": {
        "effect_is_known": "update {t} set effect = 'lost' where entity_key = '2'",
        "outcome_is_known": "update {t} set outcome = 'duplicate' where entity_key = '2'",
    },
    "company_versions": {
        "version_lasts": "update {t} set valid_to = valid_from where not is_current",
        "current_version_has_no_end": "update {t} set is_current = not is_current where company_id = '2'",
        "ended_by_is_known": "update {t} set ended_by = 'time' where not is_current",
    },
}


@pytest.fixture(scope="module")
def companies(new_platform: Callable[..., Workbench]) -> Workbench:
    bench = new_platform()
    (bench.landing / "events").mkdir(parents=True)
    for name, records in (
        ("dt=2026-03-01/a.ndjson", COMPANIES),
        ("source=erp/dt=2026-03-01/all.snapshot.ndjson", COMPANIES[:1]),
    ):
        file = bench.landing / "entities/company" / name
        file.parent.mkdir(parents=True)
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
    bench.run()
    bench.keep_open()
    return bench


@pytest.fixture(scope="module")
def dbt(companies: Workbench) -> Iterator[Dbt]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in companies.environment.items():
            patch.setenv(name, value)
        yield Dbt(companies)


def test_every_rule_has_a_violation() -> None:
    found = {contract.table: {rule.name for rule in contract.rules} for contract in VERSION_TABLES}
    # The eleven tables have the same rules.
    for table in ENTITY_TABLES:
        for kind in ("records", "versions"):
            assert found[f"{table.name}_{kind}"] == RULES[f"company_{kind}"].keys()
    rest = {name for name in found if not name.endswith(("_records", "_versions"))} | {"stg_entity_records"}
    assert {name: found[name] for name in rest if found[name]} == {
        name: RULES[name].keys() for name in ("stg_entity_records", "entities_quarantine", "entity_snapshots")
    }


@pytest.mark.parametrize("table", RULES)
def test_what_is_built_keeps_its_contract(companies: Workbench, table: str) -> None:
    outcome = companies.check(table_named(table))
    assert (outcome.passed, outcome.description) == (True, None)


@pytest.mark.parametrize(
    ("table", "rule"), [pytest.param(t, r, id=f"{t}-{r}") for t, rules in RULES.items() for r in rules]
)
def test_what_breaks_a_rule_is_found(companies: Workbench, table: str, rule: str) -> None:
    with companies.planted(table_named(table), RULES[table][rule]):
        assert rule in broken_rules(companies.check(table_named(table)))


def test_what_is_built_keeps_the_laws(companies: Workbench, dbt: Dbt) -> None:
    names = {name for _, name in VIOLATIONS}
    assert dbt("test", "--select", *names).passed == names


@pytest.mark.parametrize(
    ("table", "name", "violation"),
    [
        pytest.param(table, name, violation, id=f"{name}-{number}")
        for (table, name), violations in VIOLATIONS.items()
        for number, violation in enumerate(violations)
    ],
)
def test_a_violation_is_found(companies: Workbench, dbt: Dbt, table: str, name: str, violation: str) -> None:
    with companies.planted(table_named(table), violation):
        assert name in dbt("test", "--select", name).failed
