"""Names and values that look like markup, or like commands to a terminal, are shown as they are."""

import json
import logging
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.markdown import code, escaped, plain
from jobmatch_assets.cli.logs import log_handler
from jobmatch_assets.cli.main import main
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.text import printable
from jobmatch_assets_tests.bench.command import COMMAND, environment_of, run, run_here
from jobmatch_assets_tests.bench.workbench import Workbench

HOSTILE = "[/beta][red]x:100: \x1b[31m\x9b2J\u202e\u200b :smile: \x07"
VISIBLE = r"[/beta][red]x:100: \x1b[31m\x9b2J\u202e\u200b :smile: \x07"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def hostile_event(number: int, name: str, **fields: object) -> str:
    return json.dumps(
        {
            "schema_version": 2,
            "event_id": f"{HOSTILE}{number}",
            "event_name": name,
            "event_ts": "2026-03-02T10:00:00Z",
            "user_id": f"u{number}",
            "search_id": f"s{HOSTILE}{number}",
            "search_query": HOSTILE,
            "surface": "search",
            "platform": "web",
            "experiments": [{"experiment_id": HOSTILE, "variant": ("control", HOSTILE)[number % 2]}],
            "properties": {HOSTILE: HOSTILE},
            **fields,
        }
    )


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    made = workbench()
    lines = [hostile_event(n, "search", results_count=1) for n in range(6)]
    lines += [hostile_event(n + 10, "impression", job_id="j", rank_position=1) for n in range(6)]
    made.land("dt=2026-03-02/[red]a:100:\x1b[31m.ndjson", [*lines, HOSTILE])
    made.land("no date [/b]:100:\x1b[31m.ndjson", lines)
    return made


def test_no_command_obeys_what_files_hold(bench: Workbench, tmp_path: Path) -> None:
    home = tmp_path / "home"
    code_, out, err = run(bench, home)
    assert code_ == 0, (out, err)
    assert r"no date [/b]:100:\x1b[31m.ndjson" in out
    said = [out, err]
    for table in ("ab_results", "ab_metrics_daily", "events", "events_quarantine", "stg_events"):
        for options in ((), ("--limit", "2", "--format", "json")):
            code_, out, err = run_here(bench, home, "show", table, *options)
            assert code_ == 0, (table, options, out, err)
            assert out
            said += [out, err]
    _, out, _ = run_here(bench, home, "show", "ab_results", "--columns", "experiment_id,variant,verdict")
    assert VISIBLE in out
    said.append(out)
    assert [OBEYED.findall(text) for text in said if OBEYED.search(text)] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", HOSTILE),
        ("show", "funnel_daily", "--from", HOSTILE),
        ("show", "funnel_daily", "--where", HOSTILE),
        ("show", "funnel_daily", "--where", f"surface={HOSTILE}", "--columns", HOSTILE),
        ("show", "funnel_daily", "--limit", HOSTILE),
        ("export", HOSTILE),
        ("export", "funnel_daily", "--out", f"{HOSTILE}/a.csv"),
        ("export", "funnel_daily", "--format", HOSTILE),
        ("run", "--from", "2026-03-02", "--select", HOSTILE),
        ("run", HOSTILE),
        (HOSTILE,),
        (f"--{HOSTILE}",),
        ("generate", "--out", "x", "--start", HOSTILE),
    ],
)
def test_no_error_obeys_what_was_typed(
    bench: Workbench, golden: Workbench, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    shutil.copyfile(golden.settings.published_path, bench.settings.published_path)
    done = CliRunner().invoke(main, arguments, env=environment_of(bench, tmp_path / "home"))
    assert done.exit_code in (1, 2), done.output
    assert "not foreseen" not in done.output
    assert OBEYED.findall(done.output) == []
    assert r"\x1b[31m" in done.output or "There is no warehouse" in done.output


def test_an_export_to_a_terminal_is_not_obeyed(bench: Workbench, tmp_path: Path) -> None:
    assert run_here(bench, tmp_path / "home")[0] == 0
    reader, writer = pty.openpty()
    words = ["export", "ab_metrics_daily", "--columns", "experiment_id,variant", "--out", "-"]
    environment = environment_of(bench, tmp_path / "home")
    done = subprocess.run(
        [*COMMAND, *words], env=environment, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    said = b""
    with suppress(OSError):  # the other end is closed
        while chunk := os.read(reader, 2**16):
            said += chunk
    os.close(reader)
    assert done.returncode == 0, done.stderr
    assert VISIBLE in said.decode()
    assert OBEYED.findall(said.decode().replace("\r", "")) == []


def test_what_is_ordinary_stays() -> None:
    assert printable("naïve 実験 🧪 [a] \\x1b") == "naïve 実験 🧪 [a] \\x1b"
    assert printable("a\nb", keep="\n") == "a\nb"
    assert printable("a\nb\udcff\u2028\U000e0041") == r"a\nb\xff\u2028\U000e0041"


def test_a_terminal_shows_brackets_and_colons(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.print("[bold]a[/bold] [/b] bad.ndjson:100: \x1b[2J")
    assert capsys.readouterr().out == "[bold]a[/bold] [/b] bad.ndjson:100: \\x1b[2J\n"


def test_log_lines_are_printable(capsys: pytest.CaptureFixture[str]) -> None:
    handler = log_handler()
    handler.handle(logging.LogRecord("jobmatch_assets.x", logging.INFO, "", 1, "%s", (HOSTILE,), None))
    assert OBEYED.findall(capsys.readouterr().err) == []


MARKDOWN = [
    "![x](http://evil.example/a.png)",
    "[x](javascript:alert(1))",
    "see http://evil.example/a?b=1, or www.evil.example",
    "mail a@evil.example",
    "<img src=x onerror=alert(1)> <https://evil.example>",
    "a `b` ``c`` d",
    "# not a heading\n- nor a list\n1. nor this\n> nor a quote",
    "*a* _b_ ~~c~~ a_b __init__",
    "| a | b |\n|---|---|",
    "&lt;b&gt; \\* \\",
]


@pytest.mark.parametrize("text", MARKDOWN)
def test_escaping_takes_the_meaning_and_keeps_the_text(text: str) -> None:
    assert plain(escaped(text)) == text
    outside = re.sub(r"`[^`]*`|\\[^A-Za-z0-9\s]", "x", escaped(text))
    assert not re.search(
        r"[`*\[<|~\\]|://|www\.|\w@\w|&\w+;|_(?![^\W_])|^\s*[-#>+=]|^\s*\d+[.)]", outside, re.MULTILINE
    )


def test_ordinary_sentences_are_not_escaped() -> None:
    text = "Check quarantine_share of silver/events: 1,310 of 2,000 (65.5%), e.g. dt=2026-03-02/a_b.ndjson:1: bad_ts"
    assert escaped(text) == text


@pytest.mark.parametrize("text", [*MARKDOWN, "`", "``", " a ", "a|b", "a\nb", "", " "])
def test_code_is_one_span_in_one_cell(text: str) -> None:
    span = code(text)
    assert "\n" not in span
    assert not re.search(r"(?<!\\)\|", span)
    if text.strip():
        fence = re.match("`+", span)
        assert fence
        assert span.endswith(fence[0])
        inner = span[len(fence[0]) : -len(fence[0])]
        assert fence[0] not in re.findall("`+", inner)
        assert inner.strip() == printable(text).replace("|", "\\|").strip()


def test_a_table_has_a_line_a_row() -> None:
    table = markdown_table([{"n": 1, "text": "a|b\n![x](http://e/)"}, {"n": None, "text": "`"}])
    assert table.splitlines() == [
        "| n | text |",
        "| --- | --- |",
        "| 1 | `a\\|b ![x](http://e/)` |",
        "| None | `` ` `` |",
    ]
