"""Every rule of every contract finds the rows that break it, and says which and where."""

import datetime as dt
import re

import pytest

from jobmatch_assets.checks.contract import contract_key
from jobmatch_assets.contracts.control_tables import CONTROL_TABLES
from jobmatch_assets.contracts.dimension_tables import DIMENSION_TABLES
from jobmatch_assets.contracts.fact_tables import FACT_TABLES
from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.contracts.subjects import SUBJECT_TABLES
from jobmatch_assets.contracts.table_contract import LINE, TableContract
from jobmatch_assets.contracts.version_tables import VERSION_TABLES
from jobmatch_assets.pipeline.data_checks import data_check_specs
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets_tests.bench.outcomes import broken_rules, examples, text
from jobmatch_assets_tests.bench.workbench import SPAN, Workbench
from jobmatch_assets_tests.checks.violations import VIOLATIONS

# The golden set has no records of entities: test_entity_records.py, models/entities and models/subjects have some.
ELSEWHERE = (*VERSION_TABLES, *DIMENSION_TABLES, *FACT_TABLES, *SUBJECT_TABLES)
OF_EVENTS = tuple(
    contract for contract in CONTRACTS if contract not in ELSEWHERE and contract.key != ENTITIES.raw
)
BY_NAME = {f"{contract.layer}/{contract.table}": contract for contract in OF_EVENTS}
EVENTS = BY_NAME["silver/events"]
FUNNEL = BY_NAME["gold/funnel_daily"]
CASES = [
    pytest.param(table, rule, id=f"{table}-{rule}") for table, rules in VIOLATIONS.items() for rule in rules
]
TABLES = pytest.mark.parametrize("contract", OF_EVENTS, ids=lambda contract: contract.table)


def test_every_rule_has_a_violation() -> None:
    assert {table: set(rules) for table, rules in VIOLATIONS.items()} == {
        table: {rule.name for rule in contract.rules} for table, contract in BY_NAME.items()
    }


def test_rules_have_names_of_their_own() -> None:
    for contract in CONTRACTS:
        names = [rule.name for rule in contract.rules]
        assert len(set(names)) == len(names), contract.table


def test_every_table_with_an_asset_of_silver_or_gold_has_a_contract(warehouse: Workbench) -> None:
    tables = {
        name
        for (name,) in warehouse.query(
            "select replace(table_schema, 'job_matching_', '') || '/' || table_name "
            "from information_schema.tables where table_schema like 'job_matching_%'"
        )
    }
    # Books of the platform; and what lies between the layers keeps its rules in dbt.
    tables -= {f"bronze/{table.name}" for table in CONTROL_TABLES} | {"bronze/events_staged_before"}
    between = ("stg_search_dates", "earlier_copies", "ab_units_daily", "result_list_items")
    tables -= {f"silver/{name}" for name in between}
    tables -= {str(contract.key) for contract in ELSEWHERE} | {str(ENTITIES.raw)}
    assert tables == BY_NAME.keys()


@TABLES
def test_the_golden_set_keeps_its_contracts(warehouse: Workbench, contract: TableContract) -> None:
    outcome = warehouse.check(contract)
    assert (outcome.passed, outcome.description, outcome.metadata["failing rows"]) == (True, None, 0)
    (rows,) = warehouse.query(f"select count(*) from {contract.schema}.{contract.table}")
    assert (outcome.metadata["rows"],) == rows != (0,)


@pytest.mark.parametrize(("table", "rule"), CASES)
def test_a_violation_is_found(warehouse: Workbench, table: str, rule: str) -> None:
    contract, violation = BY_NAME[table], VIOLATIONS[table][rule]
    place = f"{contract.date_column} = date '{violation.day}' and {violation.where}"
    ((rows,),) = warehouse.query(f"select count(*) from {contract.schema}.{contract.table} where {place}")
    assert rows > 0
    with warehouse.planted(contract, f"update {{t}} set {violation.change} where {place}"):
        outcome = warehouse.check(contract)

    assert not outcome.passed
    assert outcome.blocking
    found = broken_rules(outcome)
    assert found.keys() - violation.also == {rule}
    assert found[rule] == rows == outcome.metadata["failing rows"]
    assert outcome.dates == {dt.date.fromisoformat(violation.day)}
    assert len(examples(outcome)) <= 10
    assert any(line.startswith(f"| {rule} | ") for line in examples(outcome))
    assert outcome.description is not None
    assert f"matches_contract of {table} found {rows:,} rows on {violation.day}" in outcome.description
    assert "\n" not in outcome.description


@pytest.mark.parametrize(
    "table", [name for name, contract in BY_NAME.items() if set(LINE) <= {*contract.place}]
)
def test_an_example_shows_the_line_that_it_comes_from(warehouse: Workbench, table: str) -> None:
    contract = BY_NAME[table]
    rule, violation = next(
        (rule, violation)
        for rule, violation in VIOLATIONS[table].items()
        if not re.search(r"(?<!better)_source_(file|line)", violation.change)
    )
    place = f"{contract.date_column} = date '{violation.day}' and {violation.where}"
    with warehouse.planted(contract, f"update {{t}} set {violation.change} where {place}"):
        outcome = warehouse.check(contract)
        columns = "rule | where | found | line"
        assert text(outcome, "examples").startswith(f"| {columns} |")
        where = next(line for line in examples(outcome) if line.startswith(f"| {rule} |")).split(" | ")[1]
        file, line = where.split(",")[0].rsplit(":", 1)
        ((raw_line,),) = warehouse.query(
            "select left(raw_line, 60) from job_matching_silver.stg_events "
            f"where _source_file = '{file}' and _source_line = {line} limit 1"
        )
        assert " ".join(raw_line.split()).replace("|", "\\|") in text(outcome, "examples")
        assert len(raw_line) < 20 or raw_line not in str(outcome.description)


@TABLES
def test_rows_of_other_dates_are_not_looked_at(warehouse: Workbench, contract: TableContract) -> None:
    violation = next(iter(VIOLATIONS[f"{contract.layer}/{contract.table}"].values()))
    place = f"{contract.date_column} = date '{violation.day}' and {violation.where}"
    with warehouse.planted(contract, f"update {{t}} set {violation.change} where {place}"):
        assert warehouse.check(contract, [day for day in SPAN if str(day) != violation.day]).passed
        assert not warehouse.check(contract, [dt.date.fromisoformat(violation.day)]).passed


@TABLES
def test_no_row_may_be_there_twice(warehouse: Workbench, contract: TableContract) -> None:
    with warehouse.planted(contract, "insert into {t} select * from {t} limit 1"):
        outcome = warehouse.check(contract)
    assert broken_rules(outcome) == {"grain_is_unique": 2}
    assert outcome.metadata["failing rows"] == 2
    assert len(outcome.dates) == 1


@TABLES
def test_a_missing_value_is_found_in_every_column_that_has_one_always(
    warehouse: Workbench, contract: TableContract
) -> None:
    columns = columns_of(contract, warehouse.platform.dbt.manifest)
    required = {column.name for column in columns if not column.nullable}
    assert set(contract.grain) <= required
    required -= {contract.date_column}
    # Each in a row of its own.
    statements = [
        f"update {{t}} set {column} = null where rowid = (select rowid from {{t}} order by rowid offset {n} limit 1)"
        for n, column in enumerate(sorted(required))
    ]
    with warehouse.planted(contract, *statements):
        outcome = warehouse.check(contract)
    found = broken_rules(outcome)
    assert {column: found.get(f"{column}_is_not_null") for column in required} == dict.fromkeys(required, 1)
    assert all(f"{column} is never NULL" in text(outcome, "broken rules") for column in required)
    assert outcome.metadata["failing rows"] == len(required)
    assert outcome.dates


@TABLES
def test_a_row_without_a_date_fails_whatever_is_looked_at(
    warehouse: Workbench, contract: TableContract
) -> None:
    column = contract.date_column
    one_row = "rowid = (select min(rowid) from {t})"
    with warehouse.planted(contract, f"update {{t}} set {column} = null where {one_row}"):
        outcome = warehouse.check(contract, [dt.date(2019, 1, 1)])
    assert broken_rules(outcome)[f"{column}_is_not_null"] == 1
    assert outcome.dates == frozenset()
    assert text(outcome, "failing dates") == "rows without a date"


@TABLES
def test_null_is_allowed_where_its_meaning_is_described(
    warehouse: Workbench, contract: TableContract
) -> None:
    for column in columns_of(contract, warehouse.platform.dbt.manifest):
        ((nulls,),) = warehouse.query(
            f"select count(*) from {contract.schema}.{contract.table} where {column.name} is null"
        )
        assert column.nullable or nulls == 0, column.name


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("alter table {t} drop column clicks", "clicks"),
        ("alter table {t} add column clacks bigint", "clacks"),
        ("alter table {t} alter column clicks type integer", "clicks"),
        ("alter table {t} alter column ctr_user_level type decimal(9, 3)", "ctr_user_level"),
    ],
    ids=["missing", "too many", "narrower", "decimal"],
)
def test_columns_must_be_as_described(warehouse: Workbench, statement: str, problem: str) -> None:
    with warehouse.planted(FUNNEL, statement):
        outcome = warehouse.check(FUNNEL)
    assert not outcome.passed
    assert outcome.blocking
    assert outcome.dates == frozenset()
    assert outcome.description is not None
    assert problem in outcome.description
    assert problem in text(outcome, "columns")


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("event_ts", "timestamp"),
        ("event_ts", "varchar"),
        ("experiments", "struct(experiment_id varchar)[]"),
        ("experiments", "varchar"),
    ],
)
def test_times_and_experiments_have_exactly_their_type(warehouse: Workbench, column: str, other: str) -> None:
    retyped = f"null::{other}" if column == "experiments" else f"{column}::{other}"
    with warehouse.planted(
        EVENTS, f"create or replace table {{t}} as select * replace ({retyped} as {column}) from {{t}}"
    ):
        outcome = warehouse.check(EVENTS)
    assert not outcome.passed
    assert outcome.description is not None
    assert column in outcome.description


def test_a_table_that_is_gone_fails(warehouse: Workbench) -> None:
    with warehouse.planted(FUNNEL, "drop table {t}"):
        outcome = warehouse.check(FUNNEL)
    assert (outcome.passed, outcome.blocking) == (False, True)
    assert outcome.description is not None
    assert "the table gold/funnel_daily does not exist" in outcome.description


def test_many_bad_rows_are_counted_and_few_are_shown(warehouse: Workbench) -> None:
    with warehouse.planted(
        EVENTS,
        "insert into {t} select one.* replace (event_id || n as event_id, 0 as rank_position, "
        "repeat('w', 1000) as search_query, 'tv' as platform) "
        "from (select * from {t} where event_date = '2026-03-01' limit 1) as one, range(20000) as numbers(n)",
    ):
        outcome = warehouse.check(EVENTS)
    assert broken_rules(outcome) == {"rank_starts_at_1": 20_000, "platform_is_known": 20_000}
    assert outcome.metadata["failing rows"] == 20_000
    assert len(examples(outcome)) == 10
    assert sum(len(text(outcome, name)) for name in outcome.metadata) < 5000
    assert len(outcome.description or "") < 500


def test_long_values_are_cut(warehouse: Workbench) -> None:
    with warehouse.planted(
        EVENTS, "update {t} set platform = repeat('t|\n', 10000) where event_date = '2026-03-01'"
    ):
        outcome = warehouse.check(EVENTS)
    assert len(examples(outcome)) == 10
    assert len(text(outcome, "examples")) < 6000
    assert "t\\|" in examples(outcome)[0]


def test_a_line_is_named_by_file_and_number_and_a_gold_row_by_its_grain(warehouse: Workbench) -> None:
    ((file, line),) = warehouse.query(
        f"select {', '.join(LINE)} from job_matching_silver.events where event_name = 'signup' "
        "and event_date = '2026-03-01' order by all limit 1"
    )
    one = f"where _source_file = '{file}' and _source_line = {line}"
    with warehouse.planted(EVENTS, f"update {{t}} set surface = 'tv' {one}"):
        outcome = warehouse.check(EVENTS)
    assert f"the first: {file}:{line}, event_id=" in (outcome.description or "")
    with warehouse.planted(
        FUNNEL, "update {t} set job_views = -1 where searches > 80 and surface = 'search'"
    ):
        outcome = warehouse.check(FUNNEL)
    assert "platform=__all__, device_type=__all__, surface=search: " in (outcome.description or "")


def test_failing_dates_are_told_apart(warehouse: Workbench) -> None:
    days = {dt.date(2026, 2, 27), dt.date(2026, 3, 2)}
    listed = ", ".join(f"'{day}'" for day in days)
    with warehouse.planted(FUNNEL, f"update {{t}} set job_views = -1 where event_date in ({listed})"):
        assert warehouse.check(FUNNEL).dates == days
        assert warehouse.check(FUNNEL, [dt.date(2026, 3, 1), dt.date(2026, 3, 2)]).dates == {max(days)}
        # Late data: dates far apart, and what lies between is not looked at.
        assert warehouse.check(FUNNEL, [dt.date(2026, 2, 26), dt.date(2026, 3, 1)]).passed
        assert warehouse.check(FUNNEL, SPAN[::2]).dates == days & set(SPAN[::2])


def test_a_row_that_breaks_several_rules_counts_once(warehouse: Workbench) -> None:
    with warehouse.planted(
        EVENTS,
        "update {t} set surface = 'tv', platform = 'tv' where event_name = 'login'",
        "insert into {t} select * from {t} where event_name = 'login' and event_date = '2026-03-01'",
    ):
        outcome = warehouse.check(EVENTS)
    ((logins, on_day),) = warehouse.query(
        "select count(*), count(*) filter (event_date = '2026-03-01') "
        "from job_matching_silver.events where event_name = 'login'"
    )
    assert broken_rules(outcome) == {
        "grain_is_unique": 2 * on_day,
        "surface_is_known": logins + on_day,
        "platform_is_known": logins + on_day,
    }
    assert outcome.metadata["failing rows"] == logins + on_day
    assert "and 2 other rules" in (outcome.description or "")


def test_every_check_describes_its_rules(warehouse: Workbench) -> None:
    specs = {spec.key: spec.description or "" for spec in data_check_specs(warehouse.platform)}
    for contract in CONTRACTS:
        assert all(rule.says in specs[contract_key(contract)] for rule in contract.rules)
    assert all(specs.values())
