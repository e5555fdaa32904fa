"""`jobmatch validate` and staging judge alike, line by line."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.contracts.vocabulary import QUARANTINE_REASONS
from jobmatch_assets.landing.names import day_of
from jobmatch_assets.settings import Settings
from jobmatch_assets.validation.judgement import judged
from jobmatch_assets_tests.bench.adversarial_lines import FILE_DAY, FIRST_DAY, lines
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.workbench import Workbench

BenchMaker = Callable[..., Workbench]


def staged(bench: Workbench) -> dict[str, dict[int, str | None]]:
    """What staging says: by file, the reason of each line, None for a valid one."""
    judgements: dict[str, dict[int, str | None]] = {}
    for file, number, reason in bench.query(
        "select _source_file, _source_line, reason from job_matching_silver.stg_events"
    ):
        judgements.setdefault(file, {})[number] = reason
    return judgements


def differences(bench: Workbench, settings: Settings) -> list[str]:
    """Every line of the bench's files of which the two say different things."""
    found = []
    for file, expected in staged(bench).items():
        day = day_of(file)
        assert day is not None
        with judged(settings, str(bench.landing / "events" / file), day) as judgement:
            rejected = {fate.line: fate.reason for fate in judgement.fates(None)}
            assert judgement.lines == len(expected)
            assert judgement.valid == judgement.lines - len(rejected)
            assert dict(judgement.rejected) == Counter(rejected.values())
        want = {number: reason for number, reason in expected.items() if reason}
        found += [
            f"{file}:{number} is {rejected.get(number)}, in staging {want.get(number)}"
            for number in sorted(rejected.keys() | want.keys())
            if rejected.get(number) != want.get(number)
        ]
    return found


def test_on_the_golden_files(golden: Workbench) -> None:
    assert len(staged(golden)) > 10
    assert differences(golden, golden.settings) == []


@pytest.fixture
def adversarial(workbench: BenchMaker) -> Workbench:
    bench = workbench(JOBMATCH_PARTITIONS_START=FIRST_DAY, JOBMATCH_QUARANTINE_BLOCK_SHARE="1")
    too_long = b'{"x":"' + b"x" * 2_000_000 + b'"}'
    bench.land(f"dt={FILE_DAY}/all.ndjson", [*lines(seed=2, count=1000), b"", too_long, b"\xff" * 20, b"{}"])
    build(bench)
    return bench


def test_on_adversarial_lines_of_every_reason_and_with_the_settings_in_force(adversarial: Workbench) -> None:
    ((_, judgements),) = staged(adversarial).items()
    assert {*judgements.values()} == {*QUARANTINE_REASONS, None}
    assert differences(adversarial, adversarial.settings) == []
    other = dataclasses.replace(
        adversarial.settings, partitions_start=Settings.from_environment({}).partitions_start
    )
    assert any("in staging event_ts_too_old" in text for text in differences(adversarial, other))


def test_each_rejected_line_with_a_field_of_a_wrong_type_is_told_with_the_field(
    adversarial: Workbench,
) -> None:
    (file,) = staged(adversarial)
    path = str(adversarial.landing / "events" / file)
    with judged(adversarial.settings, path, day_of(file)) as judgement:  # type: ignore[arg-type]
        details = [fate.detail for fate in judgement.fates(None) if fate.reason == "bad_field_type"]
    assert len(details) > 300
    assert [detail for detail in details if not detail] == []


def test_lines_that_repeat_an_event_are_counted(tmp_path: Path) -> None:
    def line(event_id: str, user: str) -> str:
        return (
            f'{{"event_id":"{event_id}","event_name":"login","event_ts":"2026-03-02T10:00:00Z",'
            f'"user_id":{user}}}\n'
        )

    file = tmp_path / "a.ndjson"
    file.write_text(
        "".join(line(name, '"u"') for name in "aabbbc") + line("c", "null") + line("d", "null") * 2
    )
    day = day_of("dt=2026-03-02/a.ndjson")
    assert day is not None
    with judged(Settings.from_environment({}), str(file), day) as judgement:
        assert (judgement.repeated_ids, judgement.repeated_lines) == (2, 5)
