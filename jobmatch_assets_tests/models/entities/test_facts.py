"""Facts are joined with the versions of their time, and never lose or double a row."""

import hashlib

import pytest

from jobmatch_assets_tests.bench.workbench import Workbench


def _key(table: str, source: str, identity: object, valid_from: str) -> str:
    text = "\x1f".join([table, source, str(identity), valid_from])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _job(source: str, identity: str, day: int) -> str:
    return _key("job", source, identity, f"2026-03-{day:02}T00:00:00.000000Z")


@pytest.mark.parametrize(
    ("event_id", "key", "match"),
    [
        ("j 1", _job("product", "j", 2), "before_first"),
        ("j 2", _job("product", "j", 2), "exact"),
        ("j 3", _job("product", "j", 3), "exact"),
        ("j 4", _job("product", "j", 3), "after_delete"),
        ("j 5", _job("product", "j", 5), "exact"),
        ("ended 9", _job("product", "ended", 2), "after_delete"),
        ("shared 9", _job("product", "shared", 2), "exact"),
        ("imported 9", _job("ats", "imported", 2), "exact"),
        ("nowhere 9", "-1", "unknown"),
        ("None 9", "-1", None),
    ],
)
def test_an_event_has_the_job_of_its_time(built: Workbench, event_id: str, key: str, match: str) -> None:
    assert built.query(
        "select job_key, job_match from job_matching_gold.fact_event where event_id = ?", event_id
    ) == [(key, match)]


def test_the_company_is_that_of_the_job_at_the_time(built: Workbench) -> None:
    assert built.query(
        "select event_id, c.company_id, e.company_match from job_matching_gold.fact_event as e "
        "inner join job_matching_gold.dim_company as c using (company_key) "
        "where e.job_id = 'j' and e.event_name = 'click' order by event_id"
    ) == [
        ("j 1", "c", "exact"),
        ("j 2", "c", "exact"),
        ("j 3", "(unknown)", "unknown"),
        ("j 4", "(unknown)", "unknown"),
        ("j 5", "c", "exact"),
    ]


def test_an_id_of_minus_one_is_no_unknown_one(built: Workbench) -> None:
    ((key, match),) = built.query(
        "select distinct campaign_key, campaign_match from job_matching_gold.fact_event where campaign_id = -1"
    )
    assert (key, match) == (_key("campaign", "product", -1, "2026-03-01T00:00:00.000000Z"), "exact")


def test_every_event_of_a_job_is_there_once(built: Workbench) -> None:
    assert built.query("select count(*), count(distinct event_id) from job_matching_gold.fact_event") == [
        (12, 12)
    ]


def test_a_member_that_is_unknown_stands_in_every_dimension(built: Workbench) -> None:
    for name in ("job", "company", "candidate", "user"):
        assert built.query(
            f"select {name}_id, is_current from job_matching_gold.dim_{name} where {name}_key = '-1'"
        ) == [("(unknown)", True)]
    for name, column in (
        ("campaign", "campaign_id"),
        ("job_group", "group_id"),
        ("publisher", "publisher_id"),
    ):
        assert built.query(
            f"select {column}, is_current from job_matching_gold.dim_{name} where {name}_key = '-1'"
        ) == [(None, True)]


def test_a_timesheet_has_the_people_of_its_placement_although_that_has_ended(built: Workbench) -> None:
    assert built.query(
        "select timesheet_id, job_key, job_match, candidate_match, company_match "
        "from job_matching_gold.fact_timesheet order by timesheet_id"
    ) == [
        ("lost", "-1", None, None, None),
        ("t", _job("product", "j", 2), "exact", "exact", "unknown"),
    ]


def test_current_versions_alone_are_facts(built: Workbench) -> None:
    assert built.query("select placement_id from job_matching_gold.fact_placement") == [("now",)]
    assert built.query(
        "select invoice_id, company_match from job_matching_gold.fact_invoice order by invoice_id"
    ) == [("i", "exact"), ("undated", "exact")]


def test_references_to_nothing_are_counted_under_the_date_of_their_keys(built: Workbench) -> None:
    found = built.query(
        'select fact, "column", cast("date" as varchar), "rows", orphans '
        "from job_matching_gold.entity_orphans_daily where orphans > 0 order by all"
    )
    assert found == [
        ("fact_application", "campaign_id", "2026-03-04", 1, 1),
        ("fact_application", "job_id", "2026-03-04", 2, 1),
        ("fact_application", "job_id", "2026-03-07", 2, 1),
        ("fact_event", "campaign_id", "2026-03-04", 3, 2),
        ("fact_event", "job_id", "2026-03-09", 4, 1),
        ("fact_placement", "application_id", "2026-03-06", 1, 1),
        ("fact_timesheet", "placement_id", "2026-03-02", 2, 1),
    ]
    assert built.query(
        "select \"rows\" from job_matching_gold.entity_orphans_daily where fact = 'fact_invoice'"
    ) == [(1,)]


@pytest.mark.parametrize(
    ("source", "job_id", "opening"),
    [
        ("product", "r2", "r0"),
        ("ats", "r2", "r1"),
        ("product", "j", "j"),
        ("product", "named", "c/r-9"),
        ("product", "n", "r0"),
        ("product", "o", "c1"),
        ("product", "c3", "c1"),
        ("product", "me", "me"),
        ("product", "long-50", "long-00"),
        ("product", "long-59", "long-09"),
    ],
)
def test_a_posting_fills_the_opening_at_the_end_of_its_chain(
    built: Workbench, source: str, job_id: str, opening: str
) -> None:
    assert built.query(
        "select opening_id from job_matching_silver.openings where source = ? and job_id = ?", source, job_id
    ) == [(opening,)]


def test_dates_go_from_the_first_to_the_last_partition(built: Workbench) -> None:
    assert built.query(
        "select count(*), cast(min(date) as varchar), cast(max(date) as varchar) from job_matching_gold.dim_date"
    ) == [(90, "2026-01-01", "2026-03-31")]
    assert built.rows(
        "select iso_year, iso_week, cast(week_start as varchar) as monday, weekday "
        "from job_matching_gold.dim_date where date = '2026-01-01'"
    ) == [{"iso_year": 2026, "iso_week": 1, "monday": "2025-12-29", "weekday": 4}]
