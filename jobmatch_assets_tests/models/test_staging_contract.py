"""The event contract as SQL against the contract in plain Python."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from jobmatch_assets_tests.bench.adversarial_lines import FILE_DAY, FIRST_DAY, lines
from jobmatch_assets_tests.bench.against_oracle import (
    differences,
    judged_by_oracle,
    judged_by_platform,
)
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.golden import oracle

BenchMaker = Callable[..., Workbench]


@pytest.fixture
def adversarial(workbench: BenchMaker) -> Workbench:
    bench = workbench(JOBMATCH_PARTITIONS_START=FIRST_DAY, JOBMATCH_QUARANTINE_BLOCK_SHARE="1")
    bench.land(f"dt={FILE_DAY}/all.ndjson", lines(seed=1, count=3000))
    bench.run()
    return bench


def test_adversarial_lines_are_read_as_the_contract_says(adversarial: Workbench) -> None:
    expected = judged_by_oracle(adversarial.landing, adversarial.settings.partitions_start)
    reasons = Counter(line["reason"] for line in expected.values())
    assert reasons.keys() >= {*oracle.REASONS} - {"line_too_long"} | {None}
    assert reasons[None] > 2000
    assert list(differences(expected, judged_by_platform(adversarial))) == []
    assert_silver_and_quarantine_hold_what_staging_says(adversarial)


def assert_silver_and_quarantine_hold_what_staging_says(bench: Workbench) -> None:
    def rows(table: str, columns: str, condition: str = "true") -> list[tuple[Any, ...]]:
        return bench.query(
            f"select {columns} from job_matching_silver.{table} as lines where {condition} order by all"
        )

    columns = "event_id, event_date, event_ts, user_id, job_id, bid, is_exploration, experiments, properties"
    is_kept = (
        "reason is null and not exists (select 1 from job_matching_silver.events_duplicates as duplicates "
        "where lines._source_line = duplicates._source_line)"
    )
    assert rows("events", columns) == rows("stg_events", columns, is_kept)
    columns = "event_date, reason, raw_line, raw_form, _source_line"
    assert rows("events_quarantine", columns) == rows("stg_events", columns, "reason is not null")


def staged(bench: BenchMaker, *members: str, **environment: str) -> list[dict[str, Any]]:
    """What staging makes of events that are valid but for the members (JSON text) sent with each."""
    built = bench(**environment)
    valid = '"event_name":"login","event_ts":"2026-03-02T10:00:00Z","user_id":"u"'
    built.land(
        f"dt={FILE_DAY}/a.ndjson", (f'{{"event_id":"e{n}",{valid},{m}}}' for n, m in enumerate(members))
    )
    built.run()
    judged = judged_by_platform(built)
    return [judged[place] for place in sorted(judged)]


def test_one_instant_that_no_calendar_holds_does_not_stop_the_others(workbench: BenchMaker) -> None:
    times = ["-1e13", "-999999999999999", "1e300", "-1e300", "9e18", "99999999999999999999999"]
    lines = staged(workbench, '"bid":1', *(f'"ingested_at":{time}' for time in times))
    assert [line["reason"] for line in lines] == [None, *["bad_field_type"] * len(times)]


def test_the_settings_reach_the_models(workbench: BenchMaker) -> None:
    (line,) = staged(workbench, '"bid":0.25', JOBMATCH_DEFAULT_CURRENCY="JPY")
    assert (line["bid"], line["currency"]) == (0.25, "JPY")


@pytest.mark.parametrize("start", ["2026-03-01", "2026-03-02", "2026-03-03"])
def test_events_before_the_first_partition_are_quarantined_in_the_partition_of_the_file(
    workbench: BenchMaker, start: str
) -> None:
    bench = workbench(JOBMATCH_PARTITIONS_START=start)
    bench.land(
        "dt=2026-03-03/a.ndjson",
        (
            f'{{"event_id":"{day}","event_name":"login","user_id":"u",'
            f'"event_ts":"2026-03-0{day}T23:59:59.999999Z"}}'
            for day in range(1, 5)
        ),
    )
    bench.run()
    expected = judged_by_oracle(bench.landing, bench.settings.partitions_start)
    assert list(differences(expected, judged_by_platform(bench))) == []
