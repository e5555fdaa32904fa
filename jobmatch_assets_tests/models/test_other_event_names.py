"""Events of names beside those of the contract are kept where the setting has them, and count as activity alone."""

from collections.abc import Callable

import pytest

from jobmatch_assets.checks.quarantine import quarantine_key
from jobmatch_assets.contracts.feed import EVENTS as FEED
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.outcomes import broken_rules
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

BenchMaker = Callable[..., Workbench]

DAY, NEXT = "2026-03-02", "2026-03-09"

LINES = [
    line("e1", DAY, "login", user_id="here"),
    line("e2", DAY, name="alive", user_id="alive", schema_version=2, surface="search"),
    line("e3", DAY, name="alive", user_id="stamped", experiment_id="exp", variant="a"),
    line("e4", DAY, name="page_view", user_id="here", experiment_id="exp", variant="a"),
    line("e5", NEXT, name="page_view", user_id="here"),
    line("e6", DAY, name="pageview", user_id="here"),
    line("e7", DAY, name="alive", user_id=None),
    line("e8", DAY, name="alive", user_id="alive", rank_position=0),
]


def built(workbench: BenchMaker, **environment: str) -> Workbench:
    bench = workbench(**environment)
    bench.land(f"dt={NEXT}/a.ndjson", LINES)
    bench.run()
    return bench


def kept(bench: Workbench) -> list[tuple[str, str]]:
    return bench.query("select event_id, event_name from job_matching_silver.events order by all")


def rejected(bench: Workbench) -> list[str]:
    found = bench.query(
        "select reason from job_matching_silver.events_quarantine order by _source_file, _source_line"
    )
    return [reason for (reason,) in found]


def test_they_need_an_id_a_time_and_an_identity_only(workbench: BenchMaker) -> None:
    bench = built(workbench, JOBMATCH_OTHER_EVENT_NAMES="page_view alive")
    assert kept(bench) == [
        *(("e1", "login"), ("e2", "alive"), ("e3", "alive"), ("e4", "page_view"), ("e5", "page_view"))
    ]
    assert rejected(bench) == ["unknown_event_name", "missing_identity", "bad_rank_position"]


def test_they_count_as_activity_and_as_nothing_else(workbench: BenchMaker) -> None:
    bench = built(workbench, JOBMATCH_OTHER_EVENT_NAMES="page_view alive")
    health = bench.query(
        "select dau, wau, mau, new_units, logins from job_matching_gold.platform_health_daily "
        f"where platform = '__all__' and event_date in ('{DAY}', '{NEXT}') order by event_date"
    )
    assert health == [(3, 3, 3, 3, 1), (1, 1, 3, 0, 0)]
    assert bench.query(
        "select cohort_week::varchar, weeks_since, cohort_size, active_units "
        "from job_matching_gold.retention_weekly order by all"
    ) == [(DAY, 0, 1, 1), (DAY, 1, 1, 0)]
    assert bench.query("select * from job_matching_silver.ab_units_daily") == []
    assert bench.query("select * from job_matching_gold.funnel_daily") == []


def test_without_the_setting_they_are_quarantined_and_the_check_names_it(workbench: BenchMaker) -> None:
    bench = built(workbench)
    assert kept(bench) == [("e1", "login")]
    assert rejected(bench) == ["unknown_event_name"] * 7
    (outcome,) = bench.run_checks([quarantine_key(FEED)])
    assert "JOBMATCH_OTHER_EVENT_NAMES" in str(outcome.description)


def test_the_check_names_no_setting_that_is_not_to_blame(workbench: BenchMaker) -> None:
    bench = workbench()
    bench.land(f"dt={DAY}/a.ndjson", ["{", line("e1", DAY, "login")])
    bench.run()
    (outcome,) = bench.run_checks([quarantine_key(FEED)])
    assert not outcome.passed
    assert "JOBMATCH_OTHER_EVENT_NAMES" not in str(outcome.description)


def test_silver_keeps_its_contract_with_these_names_and_no_others(workbench: BenchMaker) -> None:
    bench = built(workbench, JOBMATCH_OTHER_EVENT_NAMES="page_view alive")
    assert bench.check(EVENTS).passed
    with bench.planted(EVENTS, "update {t} set event_name = 'pageview' where event_id = 'e2'"):
        assert broken_rules(bench.check(EVENTS)) == {"event_name_is_known": 1}
