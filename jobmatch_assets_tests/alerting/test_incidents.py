"""Which observations are news, and which are not."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from jobmatch_assets.alerting.incidents import (
    MOST_INCIDENTS,
    RENEWAL_SECONDS,
    RETRY_SECONDS,
    RUN_SECONDS,
    Incidents,
    Notice,
    Observation,
    RunEnded,
    Subject,
    advance,
    forget,
)
from jobmatch_assets_tests.alerting.samples import NOON, asset, check, ended, evaluated, job, seen

OTHER = check("never_null")


class Watch:
    """Incidents over several looks."""

    def __init__(self) -> None:
        self.incidents = Incidents()

    def look(
        self, *observations: Observation, now: float = NOON, quiet: bool = False
    ) -> list[tuple[str, str]]:
        """(what happened, to what) of every notice."""
        self.notices: Sequence[Notice]
        self.incidents, self.notices = advance(self.incidents, observations, now, quiet)
        return [
            (
                "recovered" if notice.until is not None else notice.incident.severity,
                notice.incident.subject.name or notice.incident.subject.assets[0],
            )
            for notice in self.notices
        ]


@pytest.fixture
def watch() -> Watch:
    return Watch()


CHECK_FAILED = [("error", "unique_grain")]
RUN_FAILED = [("error", "process_new_files")]


def test_a_failed_check_is_told_once_and_again_when_it_passes(watch: Watch) -> None:
    assert watch.look(evaluated(check(), False), ended(job())) == CHECK_FAILED
    assert watch.look(evaluated(check(), False, "r2"), ended(job(), run_id="r2")) == []
    assert watch.look(evaluated(check(), True, "r3", NOON + 60), ended(job(), run_id="r3")) == [
        ("recovered", "unique_grain")
    ]
    assert (watch.notices[0].incident.since, watch.notices[0].until) == (NOON, NOON + 60)
    assert watch.look(evaluated(check(), True, "r4"), ended(job(), run_id="r4")) == []
    assert watch.incidents == Incidents()


def test_a_check_that_never_failed_is_no_news(watch: Watch) -> None:
    assert watch.look(evaluated(check(), True), ended(job())) == []


def test_a_check_waits_for_its_run_to_end_but_not_for_ever(watch: Watch) -> None:
    assert watch.look(evaluated(check(), False)) == []
    assert watch.look(now=NOON + RUN_SECONDS) == []
    assert watch.look(now=NOON + RUN_SECONDS + 1) == CHECK_FAILED
    # The run then fails of it: nothing new.
    assert watch.look(ended(job(), "failure", failed_on_checks=True)) == []


def test_a_check_that_was_reported_from_outside_does_not_wait(watch: Watch) -> None:
    assert watch.look(evaluated(check(), False, run_id="")) == CHECK_FAILED
    assert watch.look(evaluated(check(), True, run_id="")) == [("recovered", "unique_grain")]


def test_other_partitions_and_rows_are_the_same_incident(watch: Watch) -> None:
    watch.look(evaluated(check(), False, partitions="2026-03-01"), ended(job()))
    worse = evaluated(check(), False, "r2", partitions="2026-03-01…2026-03-09", error="9 rows")
    assert watch.look(worse, ended(job(), run_id="r2")) == []
    (incident,) = watch.incidents.open
    assert (incident.partitions, incident.error, incident.run_id) == ("2026-03-01…2026-03-09", "9 rows", "r2")
    assert incident.since == NOON


def test_a_warning_that_becomes_an_error_is_told_again_but_only_then(watch: Watch) -> None:
    def fails(severity: str, run_id: str) -> list[tuple[str, str]]:
        return watch.look(evaluated(check(), False, run_id, severity=severity), ended(job(), run_id=run_id))

    assert fails("warn", "r1") == [("warn", "unique_grain")]
    assert fails("warn", "r2") == []
    assert fails("error", "r3") == CHECK_FAILED
    assert fails("error", "r4") == []


def test_an_error_that_becomes_a_warning_is_told_once(watch: Watch) -> None:
    def warns(run_id: str) -> list[tuple[str, str]]:
        found = watch.look(evaluated(check(), False, run_id, severity="warn"), ended(job(), run_id=run_id))
        eased.extend(notice.incident.eased for notice in watch.notices)
        return found

    eased: list[bool] = []
    watch.look(evaluated(check(), False), ended(job()))
    assert warns("r2") == [("warn", "unique_grain")]
    assert warns("r3") == []
    assert eased == [True]
    assert watch.look(evaluated(check(), False, "r4"), ended(job(), run_id="r4")) == CHECK_FAILED
    assert [notice.incident.eased for notice in watch.notices] == [False]
    assert warns("r5") == [("warn", "unique_grain")]
    assert watch.look(evaluated(check(), True, "r6"), ended(job(), run_id="r6")) == [
        ("recovered", "unique_grain")
    ]
    # An error that nobody was told of is told as the warning that it is by now.
    watch.look(evaluated(check(), False, "r7"), ended(job(), run_id="r7"), quiet=True)
    assert warns("r8") == [("warn", "unique_grain")]
    assert eased == [True, True, False]


@pytest.mark.parametrize(
    ("told", "now", "is_news"),
    [
        ("2026-03-01", "2026-03-01", False),
        ("2026-03-01", "2026-03-01, 2026-03-04", True),
        ("2026-03-01…2026-03-09", "2026-03-02…2026-03-03, 2026-03-09", False),
        ("2026-03-01, 2026-03-03", "2026-03-01…2026-03-03", True),
        ("2026-03-01", "", False),
        ("", "", False),
        ("", "2026-03-01", True),
    ],
)
def test_further_partitions_are_told_after_a_day(watch: Watch, told: str, now: str, is_news: bool) -> None:
    def fails(partitions: str, run_id: str, at: float) -> list[tuple[str, str]]:
        return watch.look(
            evaluated(check(), False, run_id, at, partitions=partitions), ended(job(), run_id=run_id), now=at
        )

    later = NOON + RENEWAL_SECONDS + 1
    assert fails(told, "r1", NOON) == CHECK_FAILED
    assert fails(now, "r2", NOON + RENEWAL_SECONDS) == []
    assert fails(now, "r3", later) == (CHECK_FAILED if is_news else [])
    assert watch.incidents.open[0].since == NOON
    assert fails("2020-01-01", "r4", later + 60) == ([] if is_news else CHECK_FAILED)


def test_one_failure_in_a_run_is_not_outdone_by_a_pass_in_it(watch: Watch) -> None:
    """A run may evaluate a check for several ranges of dates."""
    first, second = evaluated(check(), False, partitions="2026-03-01"), evaluated(check(), True)
    for run_id, order in enumerate([[first, second], [second, first]]):
        watch.incidents = Incidents()
        assert watch.look(*order, ended(job())) == CHECK_FAILED, run_id


def test_failures_of_one_run_are_one_incident_with_all_partitions(watch: Watch) -> None:
    watch.look(
        evaluated(check(), False, partitions="2026-03-01", severity="warn"),
        evaluated(check(), False, partitions="2026-03-04"),
        ended(job()),
    )
    (incident,) = watch.incidents.open
    assert (incident.partitions, incident.severity) == ("2026-03-01, 2026-03-04", "error")


def test_a_pass_late_in_the_run_that_failed_it_is_no_recovery(watch: Watch) -> None:
    watch.look(evaluated(check(), False), now=NOON + RUN_SECONDS + 1)
    assert watch.look(evaluated(check(), True)) == []
    assert watch.look(evaluated(check(), True, "r2")) == [("recovered", "unique_grain")]


def test_what_failed_and_recovered_between_two_looks_is_one_notice(watch: Watch) -> None:
    assert watch.look(
        evaluated(check(), False),
        ended(job(), "failure", error="boom"),
        evaluated(check(), True, "r2", NOON + 5),
        ended(job(), "success", "r2", NOON + 5),
    ) == [("recovered", "unique_grain"), ("recovered", "process_new_files")]


def test_a_failed_run_is_told_once_until_it_succeeds(watch: Watch) -> None:
    assert watch.look(ended(job(), "failure", error="boom")) == RUN_FAILED
    assert watch.look(ended(job(), "failure", "r2", error="boom")) == []
    assert watch.look(ended(job("another"), "success", "r3")) == []
    assert watch.look(ended(job(), "success", "r4")) == [("recovered", "process_new_files")]
    assert watch.notices[0].run_id == "r4"
    assert watch.look(ended(job(), "failure", "r5")) == RUN_FAILED


def test_a_canceled_run_is_no_incident_but_its_failed_checks_are(watch: Watch) -> None:
    assert watch.look(ended(job(), "canceled")) == []
    assert watch.look(evaluated(check(), False, "r2"), ended(job(), "canceled", "r2")) == CHECK_FAILED


def test_a_run_that_failed_on_checks_is_told_as_these_checks(watch: Watch) -> None:
    looks = [
        evaluated(check(), False),
        evaluated(OTHER, False),
        ended(job(), "failure", failed_on_checks=True),
    ]
    assert watch.look(*looks) == [("error", "unique_grain"), ("error", "never_null")]
    again = [evaluated(check(), False, "r2"), ended(job(), "failure", "r2", failed_on_checks=True)]
    assert watch.look(*again) == []


def test_a_run_that_failed_on_more_than_checks_is_told_with_them(watch: Watch) -> None:
    assert watch.look(evaluated(check(), False), ended(job(), "failure")) == CHECK_FAILED + RUN_FAILED


@pytest.mark.parametrize("known", [[], [evaluated(check(), False, severity="warn")]])
def test_a_run_whose_failed_checks_are_not_known_is_told_itself(
    watch: Watch, known: list[Observation]
) -> None:
    assert RUN_FAILED[0] in watch.look(*known, ended(job(), "failure", failed_on_checks=True))


@pytest.mark.parametrize(
    ("success", "covers"),
    [
        (job("a", "x", first="2026-03-02"), True),
        (job("a", "x", "y", first="2026-03-01", last="2026-03-03"), True),
        (job("a", first="2026-03-02"), True),
        (job("a", "y", first="2026-03-02"), False),
        (job("a", "x", first="2026-03-03"), False),
        (job("a", "x"), False),
        (job("b", "x", first="2026-03-02"), False),
    ],
)
def test_a_success_covers_a_failed_part_of_it(watch: Watch, success: Subject, covers: bool) -> None:
    watch.look(ended(job("a", "x", first="2026-03-02"), "failure"))
    assert (watch.look(ended(success, run_id="r2")) == [("recovered", "a")]) is covers
    assert not job("a", "x").covers(job("a"))


# ---- attempts


def attempt(number: int, run_id: str, at: float = NOON, **more: Any) -> RunEnded:
    """A failure of one of three attempts."""
    return ended(job(), "failure", run_id, at, retries_left=3 - number, **more)


def test_only_the_last_attempt_is_told(watch: Watch) -> None:
    assert watch.look(attempt(1, "r1")) == []
    assert watch.look(attempt(2, "r2", NOON + 60)) == []
    assert watch.look(attempt(3, "r3", NOON + 120, error="boom")) == RUN_FAILED
    assert (watch.notices[0].incident.since, watch.notices[0].run_id) == (NOON, "r3")
    assert watch.look(attempt(1, "r4"), attempt(2, "r5"), attempt(3, "r6")) == []
    assert watch.look(ended(job(), run_id="r7")) == [("recovered", "process_new_files")]


def test_an_attempt_that_succeeds_is_no_news(watch: Watch) -> None:
    assert watch.look(attempt(1, "r1"), attempt(2, "r2"), ended(job(), run_id="r3")) == []
    assert watch.incidents == Incidents()


def test_attempts_that_start_over_and_over_are_told_like_others(watch: Watch) -> None:
    """Where new files come in between, the work is another one and its attempts count from one again."""
    assert [watch.look(attempt(1, f"r{n}", NOON + n)) for n in range(5)] == [[], [], RUN_FAILED, [], []]


def test_an_attempt_that_is_never_repeated_is_told_at_last(watch: Watch) -> None:
    watch.look(attempt(1, "r1"), attempt(2, "r2", NOON + 300))
    assert watch.look(now=NOON + RETRY_SECONDS) == []
    assert watch.look(now=NOON + RETRY_SECONDS + 1) == RUN_FAILED
    assert watch.look(attempt(3, "r3", NOON + RETRY_SECONDS + 9)) == []


def test_an_attempt_whose_successor_is_canceled_is_told(watch: Watch) -> None:
    watch.look(attempt(1, "r1"))
    assert watch.look(ended(job(), "canceled", "r2")) == RUN_FAILED


def test_a_check_that_fails_in_every_attempt_is_one_notice(watch: Watch) -> None:
    notices = [
        watch.look(evaluated(check(), False, f"r{n}"), attempt(n, f"r{n}", failed_on_checks=True))
        for n in (1, 2, 3)
    ]
    assert notices == [CHECK_FAILED, [], []]
    assert watch.incidents.attempts == ()


# ---- freshness


def test_a_stale_asset_is_told_once_until_it_is_fresh(watch: Watch) -> None:
    assert watch.look(seen(asset(), "late")) == [("warn", "gold/funnel_daily")]
    assert watch.look(seen(asset(), "late")) == []
    assert watch.look(seen(asset(), "stale", NOON + 60)) == [("error", "gold/funnel_daily")]
    assert watch.look(seen(asset(), "stale")) == []
    assert watch.look(seen(asset(), "fresh", NOON + 90)) == [("recovered", "gold/funnel_daily")]
    assert watch.notices[0].incident.since == NOON


# ---- all together


def test_the_worst_comes_first(watch: Watch) -> None:
    watch.look(seen(asset("gold/a"), "stale"))
    kinds = watch.look(
        seen(asset("gold/a"), "fresh"),
        evaluated(check(), False, run_id="", severity="warn"),
        evaluated(OTHER, False, run_id="", at=NOON + 1),
        ended(job(), "failure", at=NOON),
    )
    assert [kind for kind, _ in kinds] == ["error", "error", "warn", "recovered"]
    assert kinds[0] == RUN_FAILED[0]


def test_nothing_is_told_before_the_past_is_known_and_then_only_what_still_is(watch: Watch) -> None:
    past = [
        evaluated(check(), False),
        ended(job(), "failure"),
        evaluated(OTHER, False, "r2"),
        ended(job("b"), "failure", "r2"),
    ]
    assert watch.look(*past, quiet=True) == []
    assert watch.look(evaluated(check(), True, "r3"), ended(job(), run_id="r3"), quiet=True) == []
    assert watch.look() == [("error", "never_null"), ("error", "b")]


def test_two_thousand_incidents_are_two_thousand_notices_once(watch: Watch) -> None:
    checks = [check(f"c{n}") for n in range(2_000)]
    failures = [evaluated(subject, False) for subject in checks]
    assert len(watch.look(*failures, ended(job()))) == 2_000
    assert watch.look(*failures, ended(job())) == []
    assert len(watch.look(*(evaluated(subject, True, "r2") for subject in checks))) == 2_000


def test_how_looks_are_cut_changes_no_incident() -> None:
    """The daemon may have been down: all events at once end in the same state as one by one."""
    story = [
        evaluated(check(), False),
        evaluated(OTHER, False, severity="warn"),
        ended(job(), "failure", "r1", failed_on_checks=True),
        evaluated(check(), False, "r2"),
        ended(job(), "failure", "r2", retries_left=2),
        evaluated(check(), True, "r3"),
        ended(job(), "failure", "r3"),
        seen(asset(), "stale"),
    ]
    states = set()
    for cuts in itertools.product([False, True], repeat=len(story) - 1):
        watch = Watch()
        look: list[Observation] = [story[0]]
        for observation, cut in zip(story[1:], cuts, strict=True):
            if cut:
                watch.look(*look)
                look = []
            look.append(observation)
        watch.look(*look)
        states.add(frozenset(watch.incidents.open))
        assert (watch.incidents.unfinished, watch.incidents.attempts) == ((), ())
    assert len(states) == 1


def test_what_is_not_defined_any_more_is_forgotten(watch: Watch) -> None:
    watch.look(evaluated(check(), False), evaluated(OTHER, False), ended(job(), "failure"))
    left, dropped = forget(watch.incidents, lambda subject: subject != OTHER)
    assert [incident.subject for incident in dropped] == [OTHER]
    assert [incident.subject for incident in left.open] == [check(), job()]
    assert forget(left, lambda _: True) == (left, [])


def test_of_far_too_many_incidents_the_newest_are_kept(watch: Watch) -> None:
    watch.look(*(ended(job(f"j{n}"), "failure", f"r{n}", NOON + n) for n in range(MOST_INCIDENTS + 3)))
    left, dropped = forget(watch.incidents, lambda _: True)
    assert [incident.subject.name for incident in dropped] == ["j0", "j1", "j2"]
    assert len(left.open) == MOST_INCIDENTS
