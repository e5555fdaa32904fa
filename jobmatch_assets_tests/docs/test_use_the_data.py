"""docs/use-the-data.md says what is true: each of its code blocks runs on a published copy."""

import importlib.util
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from jobmatch_assets.cli.main import main
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.command import environment_of
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.docs.published_folder import published_folder
from jobmatch_assets_tests.exports.reading import csv_texts

PAGE = (PROJECT_DIR / "docs" / "use-the-data.md").read_text(encoding="utf-8")
NOTEBOOK = PROJECT_DIR / "docs" / "notebook.py"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


COMMANDS = re.findall(r"^    jobmatch (.+)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(golden: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published_folder(golden.settings.published_path, tmp_path_factory.mktemp("folder"))


@pytest.fixture
def ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[dict[str, Any]]]:
    """The rows of a query, on the copy."""
    monkeypatch.chdir(folder)

    def rows(sql: str) -> list[dict[str, Any]]:
        with duckdb.connect("data/gold.duckdb", read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return rows


def query_with(text: str) -> str:
    (query,) = [query for query in blocks("sql") if text in query]
    return query


SEARCHES = f"""
select event_date, searches from {GOLD_SCHEMA}.funnel_daily
where platform = '__all__' and device_type = '__all__' and surface = '__all__' order by event_date
"""


# ---- rules


def test_totals_are_those_of_events_and_users_do_not_add_up(
    ask: Callable[[str], list[dict[str, Any]]],
) -> None:
    rows = ask(query_with("too_many_users"))
    assert rows
    assert all(row["searches"] == (row["searches_by_platform"] or 0) for row in rows)
    assert all(row["users"] <= (row["too_many_users"] or 0) for row in rows)
    assert any(row["users"] < row["too_many_users"] for row in rows)


def test_a_rate_is_a_ratio_of_sums(ask: Callable[[str], list[dict[str, Any]]]) -> None:
    (row,) = ask(query_with("not_the_ctr"))
    ((clicked, shown),) = [
        tuple(sums.values())
        for sums in ask(
            f"select sum(clicked), sum(shown) as s from {GOLD_SCHEMA}.ranking_position_daily where surface = '__all__'"
        )
    ]
    assert row["ctr"] == clicked / shown != row["not_the_ctr"]


def test_incomplete_and_held_back_dates_are_marked(ask: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = ask(query_with("is_held_back"))
    assert [row["is_complete"] for row in rows[:1] + rows[-1:]] == [True, False]
    assert [row["event_date"] for row in rows if row["is_held_back"]] == [rows[-1]["event_date"]]


def test_lists_in_no_experiment_are_a_group(ask: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = ask(query_with("as lists"))
    assert [row for row in rows if (row["experiment_id"], row["variant"]) == ("(none)", "(none)")]
    ((unknown,),) = [
        tuple(row.values())
        for row in ask(f"select count(*) from {GOLD_SCHEMA}.funnel_daily where platform = '(unknown)'")
    ]
    assert unknown > 0


def test_without_clicks_there_is_no_rate_and_without_applies_it_is_0(
    ask: Callable[[str], list[dict[str, Any]]],
) -> None:
    (row,) = ask(query_with("clicks_without_a_rate"))
    assert row["clicks_without_a_rate"] == 0
    assert row["clicks_without_an_apply"] > 0


# ---- notebooks


@pytest.mark.parametrize("number", range(3))
def test_every_notebook_has_the_searches_of_gold(
    ask: Callable[[str], list[dict[str, Any]]], number: int
) -> None:
    found: dict[str, Any] = {}
    exec(compile(blocks("python")[number], f"block {number}", "exec"), found)
    funnel = found["funnel"]
    dates = [str(day)[:10] for day in funnel["event_date"].to_list()]
    assert list(zip(dates, funnel["searches"].to_list(), strict=True)) == [
        (str(row["event_date"]), row["searches"]) for row in ask(SEARCHES)
    ]


def test_there_are_no_other_blocks_than_those_that_run() -> None:
    assert len(blocks("python")) == 3
    assert len(blocks("sql")) == 6
    assert len(blocks("json")) == 1
    assert len(re.findall("^```", PAGE, re.MULTILINE)) == 2 * 10
    prose = re.sub(r"^```.*?^```", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert len(COMMANDS) == len(re.findall(r"^    \S", prose, re.MULTILINE)) == 3


def test_another_duckdb_attaches_the_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with duckdb.connect() as connection:
        rows = connection.execute(query_with("attach")).fetchall()
    assert len(rows) > 1
    assert {str(target) for _, _, target in rows} == {"0.1"}


def test_the_marimo_notebook_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("JOBMATCH_PUBLISHED_PATH", raising=False)
    spec = importlib.util.spec_from_file_location("notebook", NOTEBOOK)
    assert spec
    assert spec.loader
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    _, found = notebook.app.run()
    with duckdb.connect("data/gold.duckdb", read_only=True) as connection:
        expected = connection.execute(
            f"select entered from {GOLD_SCHEMA}.funnel_daily where platform = '__all__' "
            "and device_type = '__all__' and surface = '__all__' order by event_date"
        ).fetchall()
    assert [(entered,) for entered in found["funnel"]["entered"]] == expected
    assert found["chart"].to_dict()["encoding"]["y"]["field"] == "search_to_apply_rate"


def test_the_marimo_notebook_is_a_program(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, NOTEBOOK], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


# ---- files


def test_the_commands_of_the_page_export(
    golden: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = published_folder(golden.settings.published_path, tmp_path)
    monkeypatch.chdir(place)
    environment = environment_of(
        golden, tmp_path / "home", JOBMATCH_PUBLISHED_PATH=str(place / "data" / "gold.duckdb")
    )
    said = []
    for command in COMMANDS:
        result = CliRunner().invoke(main, shlex.split(command), env=environment)
        assert result.exit_code == 0, result.output
        said.append(result)
    assert openpyxl.load_workbook(place / "funnel.xlsx").sheetnames == ["Data", "About"]
    assert [path.name for path in (place / "data" / "exports").iterdir()] == [
        "ranking_metrics_daily_all_groups.parquet"
    ]
    (place / "printed.csv").write_bytes(said[2].stdout_bytes)
    assert csv_texts(place / "printed.csv")[0] == ["as_of_date", "experiment_id", "effect"]


def test_the_config_of_the_job_is_understood(golden: Workbench) -> None:
    from dagster import validate_run_config
    from yaml import safe_load

    (config,) = re.findall(r"`(\{ops: \{export: .*\})`", PAGE)
    job = golden.definitions().resolve_job_def("export_table")
    assert validate_run_config(job, safe_load(config))


# ---- dashboards, agents


def test_the_copy_opens_with_the_settings_of_dashboards(golden: Workbench, tmp_path: Path) -> None:
    assert PAGE.count("access_mode=read_only") == 2
    # Of its own: notebooks keep theirs open with other settings, until their objects are collected.
    place = published_folder(golden.settings.published_path, tmp_path)
    with duckdb.connect(
        str(place / "data" / "gold.duckdb"), config={"access_mode": "read_only"}
    ) as connection:
        assert connection.execute(f"select count(*) > 0 from {GOLD_SCHEMA}.funnel_daily").fetchall() == [
            (True,)
        ]


def server() -> tuple[str, list[str]]:
    """The command of the MCP server, and its arguments."""
    (block,) = blocks("json")
    found = json.loads(block)["mcpServers"]["jobmatch"]
    return found["command"], found["args"]


def test_an_agent_reaches_the_copy_and_no_other_file(folder: Path, tmp_path: Path) -> None:
    _, arguments = server()
    (tmp_path / "secret.csv").write_text("secret\n1\n")
    with duckdb.connect(str(folder / "data" / "gold.duckdb"), read_only=True) as connection:
        connection.execute(arguments[arguments.index("--init-sql") + 1])
        assert connection.execute(f"select count(*) > 0 from {GOLD_SCHEMA}.funnel_daily").fetchall() == [
            (True,)
        ]
        for refused in (
            f"from read_csv('{tmp_path}/secret.csv')",
            f"copy (select 1) to '{tmp_path}/written.csv'",
            f"attach '{tmp_path}/other.duckdb'",
            "set enable_external_access = true",
            f"delete from {GOLD_SCHEMA}.funnel_daily",
        ):
            with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
                connection.execute(refused)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
