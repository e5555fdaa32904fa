"""`jobmatch validate` as people and programs meet it."""

import datetime as dt
import gzip
import json
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_assets.cli.main import main
from jobmatch_assets.contracts.quarantine import REJECTIONS
from jobmatch_assets_tests.bench.command import COMMAND


def line(number: int, **members: object) -> str:
    event = {
        "event_id": f"e{number}",
        "event_name": "search",
        "event_ts": "2026-03-02T10:00:00Z",
        "user_id": "u",
    }
    return json.dumps(event | members) + "\n"


def validate(*arguments: str, lines: bytes = b"", **settings: str) -> Result:
    return CliRunner().invoke(main, ["validate", *arguments], input=lines, env=settings)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events" / "dt=2026-03-02" / "a.ndjson"
    path.parent.mkdir(parents=True)
    return path


def test_valid_lines_end_with_0(file: Path) -> None:
    file.write_text(line(1) + "\n" + line(2))
    done = validate(str(file))
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"{file}, as a file of 2026-03-02 (from its path)" in done.stdout
    assert "2 lines: 2 valid, 0 rejected" in done.stdout


def test_a_rejected_line_is_told_with_number_reason_and_fix_and_ends_with_1(file: Path) -> None:
    file.write_text(line(1) + "\n" + line(2, rank_position=0) + line(3))
    done = validate(str(file))
    assert done.exit_code == 1
    told = f"line 3: bad_rank_position: rank_position is 0\n    {REJECTIONS['bad_rank_position'].fix}\n"
    assert told in done.stdout
    assert "3 lines: 2 valid, 1 rejected" in done.stdout


def test_no_warehouse_is_made_and_nothing_is_left_behind(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(line(1))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    warehouse = tmp_path / "nowhere" / "mine.duckdb"
    done = validate(str(file), JOBMATCH_DUCKDB_PATH=str(warehouse), JOBMATCH_LANDING="/nowhere")
    assert done.exit_code == 0, done.output
    assert not warehouse.parent.exists()
    assert list(scratch.iterdir()) == []


def test_it_needs_neither_bigquery_nor_a_project_to_judge_for_it(file: Path) -> None:
    file.write_text(line(1))
    done = validate(str(file), JOBMATCH_TARGET="bigquery", JOBMATCH_BIGQUERY_PROJECT="none")
    assert done.exit_code == 0, done.output


def test_standard_input_is_judged_as_of_today_unless_a_day_is_named() -> None:
    today = dt.datetime.now(dt.UTC).date()
    tomorrow, then = (today + dt.timedelta(days=days) for days in (1, 2))
    lines = line(1, event_ts=f"{then}T00:00:00Z").encode()
    done = validate("-", lines=lines)
    assert done.exit_code == 1
    assert "(today, UTC; --dt names another day)" in done.stdout
    assert "event_ts_in_future" in done.stdout
    done = validate("-", "--dt", str(tomorrow), lines=lines)
    assert done.exit_code == 0
    assert f"standard input, as a file of {tomorrow}" in done.stdout


@pytest.mark.parametrize("day", ["0001-01-01", "2018-12-30", "2026-03-05", "9999-12-31"])
def test_a_day_of_which_no_file_is_loaded_is_told(file: Path, day: str) -> None:
    file.write_text(line(1))
    done = validate(str(file), "--dt", day, JOBMATCH_PARTITIONS_END="2026-03-04")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: No file of {day} is loaded")
    assert validate(str(file), "--dt", "2018-12-31").exit_code == 1
    assert validate(str(file), "--dt", "2026-03-04", JOBMATCH_PARTITIONS_END="2026-03-04").exit_code == 0


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("dt=2026-02-28/a.ndjson", "2026-02-28 (from its path)"),
        ("28022026_a.ndjson", "2026-02-28 (from its path)"),
        ("dt=2026-02-28/01032026_a.ndjson", "2026-02-28 (from its path)"),
        ("dt=2026-02-31/a.ndjson", "(today, UTC;"),
    ],
)
def test_the_day_is_that_of_the_path(tmp_path: Path, name: str, day: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line(1, event_ts="2026-02-28T10:00:00Z"))
    done = validate(str(path))
    assert day in done.stdout
    assert done.exit_code == 0
    assert "--dt says" in validate(str(path), "--dt", "2026-02-28").stdout


def test_a_name_that_no_load_looks_at_is_told(file: Path) -> None:
    for name, passed_over in [
        ("a.ndjson", False),
        ("a.txt", True),
        (".a.ndjson", True),
        ("a.ndjson.part", True),
    ]:
        path = file.with_name(name)
        path.write_text(line(1))
        assert ("A file of this name is not loaded" in validate(str(path)).stdout) is passed_over


def test_gzip_is_unpacked_by_name(file: Path) -> None:
    packed = file.with_name("a.ndjson.gz")
    packed.write_bytes(gzip.compress(line(1).encode() * 3))
    done = validate(str(packed))
    assert "3 lines: 3 valid, 0 rejected" in done.stdout
    assert "3 of the valid lines share 1 event_id" in done.stdout


@pytest.mark.parametrize("kept", [0.5, 0])
def test_a_file_that_cannot_be_read_to_its_end_is_named(file: Path, kept: float) -> None:
    packed = file.with_name("cut.ndjson.gz")
    whole = gzip.compress(line(1).encode() * 3)
    packed.write_bytes(whole[: int(len(whole) * kept)] or b"no gzip at all")
    done = validate(str(packed))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {packed} is ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.ndjson"], "'nowhere.ndjson' does not exist"),
        (["."], "'.' is a directory"),
        ([], "Missing argument"),
        (["-", "--limit", "-1"], "--limit"),
        (["-", "--dt", "yesterday"], "yesterday is not a date"),
        (["-", "--format", "xml"], "--format"),
    ],
)
def test_a_wrong_call_ends_with_2(arguments: list[str], message: str) -> None:
    done = validate(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_setting_that_is_not_understood_ends_with_2(file: Path) -> None:
    file.write_text(line(1))
    done = validate(str(file), JOBMATCH_PARTITIONS_START="soon")
    assert done.exit_code == 2
    assert "JOBMATCH_PARTITIONS_START='soon' is not understood" in done.stderr


def test_so_many_rejected_lines_are_shown_and_the_rest_is_counted(file: Path) -> None:
    file.write_text("".join(line(n, event_name="view") for n in range(1250)))
    shown = re.compile(r"^line ", re.MULTILINE)
    for arguments, count, rest in [
        ([], 20, "1,230"),
        (["--limit", "1100"], 1100, "150"),
        (["--limit", "0"], 0, ""),
    ]:
        done = validate(str(file), *arguments)
        assert len(shown.findall(done.stdout)) == count
        assert (f"and {rest} more" in done.stdout) is bool(rest)
        assert "1,250 lines: 0 valid, 1,250 rejected" in done.stdout


def test_json_has_an_object_for_each_rejected_line_and_one_for_the_whole(file: Path) -> None:
    file.write_text("".join(line(n, event_name="view") for n in range(1250)) + line(9999) * 2)
    done = validate(str(file), "--format", "json")
    assert (done.exit_code, done.stderr) == (1, "")
    *lines, whole = map(json.loads, done.stdout.splitlines())
    assert [each["line"] for each in lines] == list(range(1, 1251))
    assert lines[7] == {
        "line": 8,
        "reason": "unknown_event_name",
        "detail": 'event_name is "view"',
        "fix": REJECTIONS["unknown_event_name"].fix,
        "event_id": "e7",
    }
    assert whole == {
        "file": str(file),
        "dt": "2026-03-02",
        "lines": 1252,
        "valid": 2,
        "rejected": {"unknown_event_name": 1250},
        "repeated_event_ids": 1,
        "lines_with_repeated_event_ids": 2,
    }
    assert len(validate(str(file), "--format", "json", "--limit", "3").stdout.splitlines()) == 4


def test_a_reader_that_has_seen_enough_is_no_error(file: Path) -> None:
    file.write_text("".join(line(n, event_name="view") for n in range(20_000)))
    command = [*COMMAND, "validate", str(file), "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["line"] == 1
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == ""
    assert process.returncode == 1


HOSTILE = ["\x1b[31m", "\x9b31m", "\x07", "\x7f", "\u202e", "\r", "[/red]", "[bold]", ":100:", "\u2028"]


@pytest.mark.parametrize("layout", ["text", "json"])
def test_nothing_of_a_line_or_a_name_acts_on_the_terminal(file: Path, layout: str) -> None:
    path = file.with_name("a\x1b[31m[bold].ndjson")
    raw = [line(n, event_name=f"<{text}>").encode() for n, text in enumerate(HOSTILE)]
    unescaped = [json.dumps({"event_id": text}, ensure_ascii=False).encode() + b"\n" for text in HOSTILE]
    mistyped = [line(n, surface=f"<{text}>").encode() for n, text in enumerate(HOSTILE)]
    path.write_bytes(b"".join(raw + unescaped + mistyped) + b'{"event_id":"\x1b[31m"}\n')
    done = validate(str(path), "--format", layout, "--limit", "1000")
    assert done.exit_code == 1
    assert [c for c in done.stdout if not c.isprintable() and c != "\n"] == []
    for text in ("<[/red]>", "<[bold]>", "<:100:>"):
        assert text in done.stdout
