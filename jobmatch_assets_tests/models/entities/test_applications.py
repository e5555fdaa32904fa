"""An application's statuses: where they are known from, which is the last, how far it came."""

from typing import Any

from jobmatch_assets_tests.bench.tables import Row
from jobmatch_assets_tests.bench.workbench import Workbench

TABLE = "job_matching_gold.fact_application"


def _application(bench: Workbench, name: str) -> Row:
    (row,) = bench.rows(f"select * from {TABLE} where application_id = ?", name)
    return row


def _history(bench: Workbench, name: str) -> list[tuple[Any, ...]]:
    return bench.query(
        "select status, strftime(\"at\", '%d %H:%M'), precision, origin "
        'from job_matching_silver.application_status_history where application_id = ? order by "at", status',
        name,
    )


def test_every_application_is_there_once(built: Workbench) -> None:
    assert built.query(f"select application_id from {TABLE} order by 1") == [
        (name,) for name in ("a", "both", "early", "event", "gone", "late", "silent", "tie", "torn")
    ]


def test_an_entity_tells_its_statuses_and_when_it_was_made(built: Workbench) -> None:
    assert _history(built, "a") == [
        ("submitted", "03 12:00", "exact", "column"),
        ("reviewed", "04 11:59", "exact", "column"),
        ("interview", "06 00:00", "exact", "version"),
        ("rejected", "08 00:00", "by", "version"),
    ]
    row = _application(built, "a")
    assert (row["status"], row["is_open"], row["reached_interview"], row["reached_offered"]) == (
        "rejected",
        False,
        True,
        False,
    )
    assert (row["job_match"], row["candidate_match"], row["campaign_match"]) == ("exact", "exact", "exact")
    assert (row["unit_id"], row["channel"]) == ("u", "referral")
    # A second less than a day.
    assert (row["days_to_response"], row["days_to_placed"]) == (0, None)


def test_what_is_known_by_a_time_gives_way_to_what_was_seen_before(built: Workbench) -> None:
    assert _history(built, "late") == [("placed", "07 00:00", "exact", "event")]
    assert _history(built, "early") == [
        ("placed", "08 00:00", "by", "version"),
        ("placed", "09 00:00", "exact", "event"),
    ]


def test_of_statuses_at_one_time_the_later_counts(built: Workbench) -> None:
    row = _application(built, "tie")
    assert (row["status"], row["job_id"], row["channel"]) == ("shortlisted", "j of disqualified", None)
    assert (row["reached_reviewed"], row["reached_shortlisted"], row["reached_interview"]) == (
        True,
        True,
        False,
    )


def test_the_first_apply_speaks_for_an_application_without_an_entity(built: Workbench) -> None:
    row = _application(built, "event")
    assert (row["job_id"], row["unit_id"], row["channel"], row["campaign_id"]) == ("j", "unit 10", "email", 3)
    assert (row["status"], row["status_by_entity"], row["status_conflict"]) == ("submitted", None, None)
    # Qualified before it was submitted: an hour, rounded down.
    assert (row["reached_reviewed"], row["days_to_response"]) == (True, -1)


def test_without_any_status_the_beginning_of_the_first_version_counts(built: Workbench) -> None:
    row = _application(built, "silent")
    assert (str(row["applied_date"]), row["applied_at"], row["status"], row["is_open"]) == (
        "2026-03-07",
        None,
        None,
        None,
    )
    assert (row["job_key"], row["job_match"], row["company_match"]) == ("-1", "unknown", None)


def test_of_two_sources_one_answers(built: Workbench) -> None:
    assert _application(built, "both")["status"] == "offered"


def test_a_deleted_application_has_no_status_by_its_entity(built: Workbench) -> None:
    row = _application(built, "gone")
    assert (row["status"], row["status_by_entity"]) == ("reviewed", None)


def test_events_and_entity_may_agree_or_not(built: Workbench) -> None:
    assert _application(built, "late")["status_conflict"] is False
    assert _application(built, "torn")["status_conflict"] is True
