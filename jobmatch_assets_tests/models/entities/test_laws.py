"""Nothing of entities is lost or counted twice: each check finds the violation planted for it."""

import json
from collections.abc import Callable, Iterator

import pytest

from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets_tests.bench.dbt import Dbt
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


@pytest.fixture(scope="module")
def companies(new_platform: Callable[..., Workbench]) -> Workbench:
    bench = new_platform()
    (bench.landing / "events").mkdir(parents=True)
    file = bench.landing / "entities/company/dt=2026-03-01/a.ndjson"
    file.parent.mkdir(parents=True)
    file.write_text("".join(json.dumps(record) + "\n" for record in COMPANIES))
    bench.run()
    bench.keep_open()
    return bench


@pytest.fixture(scope="module")
def dbt(companies: Workbench) -> Iterator[Dbt]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in companies.environment.items():
            patch.setenv(name, value)
        yield Dbt(companies)


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
