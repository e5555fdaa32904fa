"""A first run with hardly anything to build says what became of the lines, and has not failed for it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_assets.cli.main import main
from jobmatch_assets_tests.bench.command import environment_of
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

GOOD = '{"event_id":"e","event_name":"search","event_ts":"2026-03-02T10:00:00Z","user_id":"u"}'


@pytest.fixture
def invoke(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> Callable[[Sequence[str | bytes], Sequence[str]], Result]:
    def run(lines: Sequence[str | bytes], arguments: Sequence[str] = ("run",)) -> Result:
        bench = workbench()
        bench.land("dt=2026-03-02/a.ndjson", lines)
        result = CliRunner().invoke(main, arguments, env=environment_of(bench, tmp_path / "home"))
        assert "Traceback" not in result.output
        assert "not foreseen" not in result.output
        assert "cannot be shown" not in result.output
        return result

    return run


def test_only_broken_lines(invoke: Callable[..., Result]) -> None:
    result = invoke(["{}", "{}", "nonsense"])
    assert result.exit_code == 0, result.output
    assert "In quarantine: 3 lines (missing_event_id 2, not_json 1)." in result.output
    assert "jobmatch show events_quarantine --from 2026-03-02" in result.output
    assert "None of these lines is a valid event" in result.output


def test_so_many_broken_lines_that_all_is_held_back(invoke: Callable[..., Result]) -> None:
    result = invoke(["{}"] * 1500)
    assert result.exit_code == 1, result.output
    assert "In quarantine: 1,500 lines (missing_event_id 1,500)." in result.output
    assert "error: Check quarantine_share of silver/events_quarantine" in result.output


@pytest.mark.parametrize("lines", [[], [b"", b"  ", b"\t"]])
def test_no_line_at_all(invoke: Callable[..., Result], lines: list[bytes]) -> None:
    result = invoke(lines)
    assert result.exit_code == 0, result.output
    assert "In quarantine" not in result.output


def test_only_repetitions(invoke: Callable[..., Result]) -> None:
    result = invoke([GOOD] * 5)
    assert result.exit_code == 0, result.output
    assert "What became of each subject" in result.output
    assert "2026-03-02: searches 1, impressions 0, clicks 0, applies 0" in result.output
    assert "there are no entities yet: " in result.output


def test_one_table_alone(invoke: Callable[..., Result]) -> None:
    arguments = ("run", "--from", "2026-03-02", "--select", 'key:"silver/stg_events" or key:"silver/events"')
    result = invoke([GOOD], arguments)
    assert result.exit_code in (0, 1), result.output
