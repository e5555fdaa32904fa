"""The schemas are Pandera's own: it finds the same by itself, one query per check."""

import datetime as dt

import ibis
import pandera.ibis as pandera
import pytest

from jobmatch_assets.contracts.column import Column
from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.pandera_schema import schema_of, wrong_columns
from jobmatch_assets.contracts.registry import CONTRACTS, table_named
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.workbench import Workbench

PLAN = DbtProject(Settings.from_environment({})).plan
GOLD = [contract for contract in CONTRACTS if contract.layer == "gold"]
# The golden set has events alone.
FILLED = [contract for contract in GOLD if PLAN.feeds_of(contract.table) == {EVENTS}]


def validate(warehouse: Workbench, contract: TableContract) -> None:
    schema = schema_of(contract, columns_of(contract, warehouse.platform.dbt.manifest))
    with warehouse.platform.open() as session, session.warehouse.ibis() as backend:
        schema.validate(backend.table(contract.table, database=contract.schema), lazy=True)


@pytest.mark.parametrize("contract", FILLED, ids=lambda contract: contract.table)
def test_pandera_passes_and_fails_the_same_tables(warehouse: Workbench, contract: TableContract) -> None:
    validate(warehouse, contract)
    with (
        warehouse.planted(contract, "insert into {t} select * from {t} limit 1"),
        pytest.raises(pandera.errors.SchemaErrors, match="not unique"),
    ):
        validate(warehouse, contract)


def test_pandera_fails_a_rule(warehouse: Workbench) -> None:
    funnel = table_named("funnel_daily")
    with (
        warehouse.planted(funnel, "update {t} set job_views = -1 where platform = 'web'"),
        pytest.raises(pandera.errors.SchemaErrors, match=r"job_views.* are 0 or more"),
    ):
        validate(warehouse, funnel)


TYPED = TableContract("silver", "typed", ("day",), ())
COLUMNS = [
    Column("day", "date", ""),
    Column("at", "timestamp", ""),
    Column("pairs", "experiments", ""),
    Column("share", "float64", ""),
]


@pytest.mark.parametrize(
    ("at", "pairs"),
    [
        ("timestamp('UTC', 6)", "array<struct<experiment_id: string, variant: string>>"),
        ("!timestamp('UTC')", "!array<!struct<experiment_id: !string, variant: string>>"),
    ],
    ids=["DuckDB", "BigQuery"],
)
def test_both_engines_names_of_a_type_are_understood(at: str, pairs: str) -> None:
    table = ibis.table({"day": "!date", "at": at, "pairs": pairs, "share": "float64"}, name="typed")
    assert wrong_columns(schema_of(TYPED, COLUMNS), table) == []


@pytest.mark.parametrize(
    "at", ["timestamp(6)", "timestamp('UTC', 3)", "timestamp('Asia/Tokyo', 6)", "string"]
)
def test_another_time_type_is_not(at: str) -> None:
    pairs = "array<struct<experiment_id: string, variant: string>>"
    table = ibis.table({"day": "date", "at": at, "pairs": pairs, "share": "float64"}, name="typed")
    (problem,) = wrong_columns(schema_of(TYPED, COLUMNS), table)
    assert "at" in problem


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.table)
def test_rules_can_be_said_in_googlesql(warehouse: Workbench, contract: TableContract) -> None:
    from jobmatch_assets.contracts.pandera_schema import broken_rules

    columns = columns_of(contract, warehouse.platform.dbt.manifest)
    schema = schema_of(contract, columns)
    types = {name: str(column.dtype) for name, column in schema.columns.items()}
    table = ibis.table(types, name=contract.table)
    column = contract.date_column
    dates = [] if column is None else [table[column] == dt.date(2026, 3, 1)]
    for rule, broken in broken_rules(schema, table).items():
        sql = ibis.to_sql(table.filter(*dates, broken), "bigquery")
        assert "WHERE" in sql, rule
