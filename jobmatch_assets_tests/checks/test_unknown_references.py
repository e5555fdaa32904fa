"""The check on references to what nobody tells of."""

import datetime as dt

import ibis
import pytest

from jobmatch_assets.checks.check import Look
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.checks.unknown_references import check_unknown_references
from jobmatch_assets.settings import Settings

DAY = "2026-03-01"


def check(*rows: tuple[str, str, str, int, int]) -> CheckOutcome:
    backend = ibis.duckdb.connect()
    backend.raw_sql("create schema job_matching_gold")
    backend.raw_sql(
        'create table job_matching_gold.entity_orphans_daily (fact varchar, "column" varchar, "date" date, '
        '"rows" bigint, orphans bigint)'
    )
    for row in rows:
        backend.con.execute("insert into job_matching_gold.entity_orphans_daily values (?, ?, ?, ?, ?)", row)
    return check_unknown_references(
        Look(
            open_backend=lambda: backend,
            query=lambda query, most: (
                backend.con.execute(f"select * from ({query}) limit {most}").to_arrow_table().to_pylist()
            ),
            shape_of=lambda _: None,
            settings=Settings.from_environment({}),
            days=(),
            now=dt.datetime.now(dt.UTC),
            columns_of=lambda _: [],
            counts=lambda _: "",
            changed=lambda _: "",
            accepted=dict,
            queries_of=lambda _contract, _asked_of, write: write(),
        )
    )


@pytest.mark.parametrize("rows", [[], [("fact_event", "job_id", DAY, 200, 2)]])
def test_up_to_one_in_a_hundred_passes(rows: list[tuple[str, str, str, int, int]]) -> None:
    assert check(*rows).passed


def test_more_warn_and_the_worst_is_named() -> None:
    outcome = check(
        ("fact_event", "job_id", DAY, 200, 3),
        ("fact_event", "job_id", "2026-03-02", 200, 4),
        ("fact_event", "campaign_id", DAY, 200, 2),
    )
    assert (outcome.passed, outcome.blocking) == (False, False)
    assert outcome.description == (
        "Check few_references_are_unknown of gold/entity_orphans_daily: on 2 dates more than 1% of the references lead "
        "nowhere, most on 2026-03-02: 4 of 200 job_id of fact_event. Land what they refer to, or see whether ids differ "
        "between systems"
    )
