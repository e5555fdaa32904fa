"""What people are told when settings, files or the warehouse are not as they should be."""

import gzip
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmatch_assets.cli.main import main
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.pipeline.landing_checks import look
from jobmatch_assets.pipeline.steps.state_folder import writable
from jobmatch_assets.settings import SETTINGS
from jobmatch_assets_tests.bench.command import HANGS, environment_of, error_of, run_here, start
from jobmatch_assets_tests.bench.holding import held, let_go
from jobmatch_assets_tests.bench.rights import as_nobody, let_everyone_reach, mode
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

LINES = [
    f'{{"event_id":"e{n}","event_name":"search","event_ts":"2026-03-02T10:00:0{n}Z","user_id":"u"}}'
    for n in range(4)
]


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    made = workbench()
    made.land("dt=2026-03-02/good.ndjson", LINES)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("variable", "value", "code", "message"),
    [
        ("JOBMATCH_LANDING", "/nowhere/at/all", 1, "There is no folder /nowhere/at/all/events"),
        ("JOBMATCH_LANDING", "gs://bucket/x", 1, "JOBMATCH_LANDING=gs://bucket/x"),
        ("JOBMATCH_LOCK_TIMEOUT", "soon", 2, "JOBMATCH_LOCK_TIMEOUT='soon' is not understood"),
        ("JOBMATCH_LANDNIG", "x", 2, "Unknown setting JOBMATCH_LANDNIG"),
        ("JOBMATCH_DUCKDB_PATH", "/tmp/TEMP.duckdb", 2, "is not called like a schema"),
        ("JOBMATCH_DUCKDB_PATH", "/tmp/Main.duckdb", 2, "is not called like a schema"),
        ("JOBMATCH_PUBLISHED_PATH", "/tmp/information_schema.db", 2, "is not called like a schema"),
        ("JOBMATCH_DUCKDB_PATH", "/tmp/PG_CATALOG.duckdb", 2, "is not called like a schema"),
        ("JOBMATCH_DUCKDB_PATH", "/proc/none/w.duckdb", 1, "JOBMATCH_DUCKDB_PATH=/proc/none/w.duckdb"),
        ("JOBMATCH_DUCKDB_PATH", "/dev/null/w.duckdb", 1, "JOBMATCH_DUCKDB_PATH=/dev/null/w.duckdb"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    bench: Workbench, home: Path, variable: str, value: str, code: int, message: str
) -> None:
    assert message in error_of(run_here(bench, home, **{variable: value}), code)


def test_a_warehouse_that_is_a_text_file_is_left_as_it_is(bench: Workbench, home: Path) -> None:
    bench.warehouse.write_text("dear diary\n" * 1000)
    assert f"JOBMATCH_DUCKDB_PATH={bench.warehouse} cannot be opened" in error_of(run_here(bench, home), 1)
    assert bench.warehouse.read_text() == "dear diary\n" * 1000


def test_a_warehouse_that_is_a_folder_is_named(bench: Workbench, home: Path) -> None:
    bench.warehouse.mkdir()
    assert f"JOBMATCH_DUCKDB_PATH={bench.warehouse} cannot be opened" in error_of(run_here(bench, home), 1)


def test_an_empty_landing_folder_is_told_with_the_layout(bench: Workbench, home: Path) -> None:
    (bench.landing / "events/dt=2026-03-02/good.ndjson").rename(
        bench.landing / "events/dt=2026-03-02/good.tmp"
    )
    told = error_of(run_here(bench, home), 1)
    assert f"{bench.landing} holds no finished file of a feed" in told
    assert {feed.name for feed in FEEDS} == {"events", "entities"}
    for layout in (
        "below events/ as dt=YYYY-MM-DD/<name>.ndjson or DDMMYYYY_<name>.ndjson",
        "below entities/ as <table>/[source=<name>/]dt=YYYY-MM-DD/<name>.<format>",
    ):
        assert layout in told


def test_a_landing_folder_with_files_of_entities_alone_is_not_empty(bench: Workbench) -> None:
    (bench.landing / "events/dt=2026-03-02/good.ndjson").unlink()
    assert look(bench.platform).is_empty
    (bench.landing / "entities").mkdir()
    (bench.landing / "entities/01032026_jobs.csv").write_text("job_id,title\nj-1,Nurse\n")
    assert not look(bench.platform).is_empty


def test_what_cannot_be_loaded_is_listed_by_kind_with_what_to_do(bench: Workbench, home: Path) -> None:
    events = bench.landing / "events"
    for number in range(6):
        (events / f"{number}-[red]:smile:\x1b[31m.json").touch()
    (events / "01032026_secret.ndjson").symlink_to("/proc/self/environ")
    (events / "01032026_self.ndjson").symlink_to("01032026_self.ndjson")
    bench.land("2026/03/18/x.ndjson", LINES)
    code, out, _ = run_here(bench, home, TOP_SECRET="0123456789")
    assert code == 0
    assert " ".join(out.split()).split("Left where they are: ")[1:] == [
        "1 (01032026_secret.ndjson): links out of the landing root, which are not followed: put the file itself "
        "here ",
        "1 (01032026_self.ndjson): links in a circle: remove them ",
        r"6 (0-[red]:smile:\x1b[31m.json, 1-[red]:smile:\x1b[31m.json, 2-[red]:smile:\x1b[31m.json, "
        r"3-[red]:smile:\x1b[31m.json, …): endings other than .ndjson or .jsonl (both also with .gz or .zst): "
        "rename what holds JSON lines, move the rest away ",
        "1 (2026/03/18/x.ndjson): no valid date in the path: move into dt=YYYY-MM-DD/, or begin the name with "
        "DDMMYYYY_",
    ]
    assert [line for line in bench.bronze() if "0123456789" in line[3]] == []

    (events / "dt=2026-03-02/good.ndjson").unlink()
    (events / "2026/03/18/x.ndjson").unlink()
    code, out, err = run_here(bench, home)
    assert "holds no finished file of a feed" in error_of((code, out, err), 1)
    assert "Left where they are: 6 (0-[red]" in out


def test_a_cut_file_is_named_the_others_come_in_and_the_whole_file_later(
    bench: Workbench, home: Path
) -> None:
    whole = gzip.compress("".join(f"{line}\n" for line in LINES).replace(':"e', ':"cut').encode())
    cut = bench.landing / "events/dt=2026-03-02/cut.ndjson.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    message = error_of(run_here(bench, home), 1)
    assert str(cut) in message
    assert "is cut off" in message
    ids = "select event_id from job_matching_silver.events order by all"
    assert bench.query(ids) == [("e0",), ("e1",), ("e2",), ("e3",)]

    cut.write_bytes(whole)
    assert run_here(bench, home)[0] == 0
    assert bench.query(ids) == [(f"{name}{n}",) for name in ("cut", "e") for n in range(4)]


def test_a_file_that_vanishes_while_it_is_loaded_is_named(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = bench.land("dt=2026-03-02/gone.ndjson", LINES)
    real = FolderRoot.open

    def open_late(root: FolderRoot, file: LandedFile) -> object:
        if file.source_file.endswith("gone.ndjson"):
            gone.unlink(missing_ok=True)
        return real(root, file)

    monkeypatch.setattr(FolderRoot, "open", open_late)
    (problem,) = bench.try_run().problems
    assert problem.startswith(f"{gone} was listed and is gone now")
    assert bench.query("select count(*) from job_matching_silver.events") == [(4,)]
    # Its day is looked at once more, so that the check passes again.
    assert set(bench.run().dates) == {"bronze"}
    assert not bench.run().dates


def test_a_file_that_changes_while_it_is_loaded_is_named(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = bench.land("dt=2026-03-02/growing.ndjson", LINES[:3])
    real = FolderRoot.open
    opened = []

    def open_later(root: FolderRoot, file: LandedFile) -> object:
        opened.append(file.source_file)
        if opened.count("dt=2026-03-02/growing.ndjson") == 2 and file.source_file.endswith("growing.ndjson"):
            growing.write_bytes(growing.read_bytes() + b"{}\n")
        return real(root, file)

    monkeypatch.setattr(FolderRoot, "open", open_later)
    (problem,) = bench.try_run().problems
    assert problem.startswith(f"{growing} changed while it was read")
    bench.run()
    assert len(bench.bronze()) == 4 + 3 + 1


@pytest.mark.parametrize("locked", [".", "events"])
def test_a_folder_without_permission_is_named(bench: Workbench, home: Path, locked: str) -> None:
    let_everyone_reach(bench.landing / "events/dt=2026-03-02")
    environment = environment_of(bench, home)
    home.chmod(0o777)
    with mode(bench.landing / locked, 0), as_nobody():
        done = CliRunner().invoke(main, ["run"], env=environment)
    assert done.exit_code == 1, done.output
    assert "cannot be listed: Permission denied" in done.output
    assert "Traceback" not in done.output


def test_a_warehouse_that_stays_held_is_told_with_the_holder(bench: Workbench, home: Path) -> None:
    with held(bench.warehouse) as other:
        message = error_of(run_here(bench, home, JOBMATCH_LOCK_TIMEOUT="1"), 1)
    assert f"{bench.warehouse} is held by another process (process {other.pid})" in message
    assert "JOBMATCH_LOCK_TIMEOUT" in message


def test_a_warehouse_that_is_released_in_time_is_waited_for(bench: Workbench, home: Path) -> None:
    with held(bench.warehouse) as other:
        process = start(bench, home, JOBMATCH_LOCK_TIMEOUT="60")
        assert process.stderr
        assert "waiting for" in process.stderr.readline()
        let_go(other)
        out, err = process.communicate(timeout=HANGS)
    assert process.returncode == 0, (out, err)
    assert bench.query("select count(*) from job_matching_silver.events") == [(4,)]


_LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (%d, %d))
from jobmatch_assets.cli.command import main
main()
"""


def test_a_disk_that_is_full_is_told_and_with_space_back_the_next_run_goes_on(
    bench: Workbench, home: Path
) -> None:
    limit = 4_000_000  # less than bronze needs, more than Dagster's storage and what dbt keeps of the project
    noise = random.Random(5)
    lines = [LINES[0].replace('"e0"', f'"{noise.randbytes(24).hex()}"') for _ in range(80_000)]
    bench.land("dt=2026-03-02/many.ndjson", lines)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED % (limit, limit), "run"],
        env=environment_of(bench, home),
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGS,
    )
    message = error_of((done.returncode, done.stdout, done.stderr), 1)
    assert f"No space seems to be left for {bench.warehouse}" in message
    assert f"MB free in {bench.warehouse.parent}" in message
    assert run_here(bench, home)[0] == 0
    assert bench.query("select count(*) from job_matching_silver.events") == [(80_004,)]


@pytest.mark.parametrize("name", ["published.duckdb", "Published_before.duckdb", "default.duckdb"])
def test_a_warehouse_may_have_most_names_and_stand_behind_a_link(
    tmp_path: Path, workbench: Callable[..., Workbench], name: str
) -> None:
    link = tmp_path / "warehouse.duckdb"
    link.symlink_to(name)
    bench = workbench()
    bench.land("dt=2026-03-02/good.ndjson", LINES)
    bench.run()
    assert link.is_symlink()
    assert bench.query("select count(*), current_database() from job_matching_silver.events") == [
        (4, name.removesuffix(".duckdb"))
    ]
    assert (tmp_path / "gold.duckdb").exists()


@pytest.mark.parametrize("name", ["MAIN.duckdb", "job_matching_gold.duckdb", "what?.duckdb"])
def test_a_link_to_a_name_that_cannot_work_is_told(bench: Workbench, home: Path, name: str) -> None:
    bench.warehouse.symlink_to(name)
    message = error_of(run_here(bench, home), 1)
    assert f"JOBMATCH_DUCKDB_PATH leads to {bench.warehouse.with_name(name)}" in message


@pytest.mark.parametrize("end", ["2026-03-01", "2026-03-02"])
def test_files_and_events_after_the_last_partition_do_not_crash(
    bench: Workbench, home: Path, end: str
) -> None:
    bench.land(
        "dt=2026-03-02/tomorrow.ndjson",
        ['{"event_id":"t","event_name":"search","event_ts":"2026-03-03T10:00:00Z","user_id":"u"}'],
    )
    bench.land("dt=2026-03-04/later.ndjson", LINES)
    _, out, err = run_here(bench, home, JOBMATCH_PARTITIONS_END=end)
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("JOBMATCH_DUCKDB_PATH", "~nosuchuser/w.duckdb", "a home folder that exists"),
        ("JOBMATCH_DUCKDB_PATH", "a\nb/w.duckdb", "printable characters"),
        ("JOBMATCH_LANDING", "~nosuchuser", "a home folder that exists"),
        ("JOBMATCH_PARTITIONS_START", "0000-01-01", "be a date, YYYY-MM-DD"),
        ("JOBMATCH_PARTITIONS_END", "9999-12-31", "lies after 9997-12-31"),
        *(
            (variable, "9" * 5000, "it must be a")
            for variable in (
                *("JOBMATCH_DEDUP_WINDOW_DAYS", "JOBMATCH_BIGQUERY_MAX_BYTES_BILLED"),
                *("JOBMATCH_QUARANTINE_MIN_LINES", "JOBMATCH_ROW_VOLUME_WEEKS", "JOBMATCH_LOCK_TIMEOUT"),
                *("JOBMATCH_QUARANTINE_WARN_SHARE", "JOBMATCH_FRESHNESS_WARN_HOURS"),
            )
        ),
        ("JOBMATCH_UI_URL", "http://[::1", "be an http:// or https:// URL"),
        ("JOBMATCH_UI_URL", "http://127.0.0.1:99999", "be an http:// or https:// URL"),
        ("JOBMATCH_BIGQUERY_PROJECT", "a`; drop", "id of a Google Cloud project"),
        ("JOBMATCH_BIGQUERY_LOCATION", "", "a location of BigQuery"),
        ("DAGSTER_HOME", "/nowhere", "DAGSTER_HOME=/nowhere does not exist"),
        ("DAGSTER_HOME", "home", "DAGSTER_HOME=home is not an absolute path"),
        ("DAGSTER_HOME", __file__, "is not a folder"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error_of_usage(
    bench: Workbench, home: Path, variable: str, value: str, message: str
) -> None:
    message_ = invoked(bench, home, **{variable: value})
    assert variable in message_
    assert message in message_


NEED_NO_VALUE = {
    *("JOBMATCH_PUBLISHED_PATH", "JOBMATCH_PARTITIONS_END", "JOBMATCH_BIGQUERY_PROJECT"),
    *("JOBMATCH_ALERT_WEBHOOKS", "JOBMATCH_DASHBOARDS_PATH", "JOBMATCH_REPORTS_PATH", "JOBMATCH_SOURCES"),
    *("JOBMATCH_ARCHIVE_PATH", "JOBMATCH_ERASURE_KEY", "JOBMATCH_OTHER_EVENT_NAMES", "JOBMATCH_MEMORY_LIMIT"),
}


@pytest.mark.parametrize(
    "variable", sorted({setting.variable for setting in SETTINGS.values()} - NEED_NO_VALUE)
)
def test_a_setting_that_is_empty_is_an_error_of_usage(bench: Workbench, home: Path, variable: str) -> None:
    assert f"{variable}='' is not understood: it must " in invoked(bench, home, **{variable: ""})


@pytest.mark.parametrize("text", ["storage: [nonsense", "nonsense: 1", "\x00"])
def test_a_dagster_yaml_that_is_none_is_named(bench: Workbench, home: Path, text: str) -> None:
    home.mkdir()
    (home / "dagster.yaml").write_text(text)
    message = invoked(bench, home)
    assert f"DAGSTER_HOME={home} holds a dagster.yaml that Dagster does not understand" in message
    assert len(message) < 1000


def test_a_home_that_may_not_be_written_to_is_named(bench: Workbench, home: Path) -> None:
    environment = environment_of(bench, home)
    let_everyone_reach(home)
    with mode(home, 0o555), as_nobody():
        done = CliRunner().invoke(main, ["run"], env=environment)
    assert done.exit_code == 2, done.output
    assert f"DAGSTER_HOME={home} may not be written to" in done.output


def test_another_programs_database_is_refused(bench: Workbench, home: Path) -> None:
    with closing(sqlite3.connect(bench.warehouse)) as connection:
        connection.execute("create table diary (day)")
        connection.commit()
    before = bench.warehouse.read_bytes()
    for command in ("run", "show funnel_daily"):
        done = CliRunner().invoke(main, command.split(), env=environment_of(bench, home))
        assert done.exit_code == 1
        assert (
            f"JOBMATCH_DUCKDB_PATH={bench.warehouse} cannot be opened: it is a SQLite database" in done.output
        )
    assert bench.warehouse.read_bytes() == before


def test_a_working_directory_that_is_gone_is_told(
    bench: Workbench, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environment_of(bench, home)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    done = CliRunner().invoke(main, ["run"], env=environment)
    assert done.exit_code == 1
    assert "The working directory is gone" in done.output


def test_dbt_needs_no_right_to_write_to_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    assert writable(folder / "a") == folder / "a"
    file = tmp_path / "file"
    file.touch()
    elsewhere = writable(file / "a")
    assert elsewhere.name == "a"
    assert tmp_path not in elsewhere.parents


def invoked(bench: Workbench, home: Path, **changes: str) -> str:
    """What `jobmatch run` says of a setting, which is all that it does."""
    done = CliRunner().invoke(main, ["run"], env=environment_of(bench, home, **changes))
    assert done.exit_code == 2, done.output
    assert "not foreseen" not in done.output
    assert not bench.warehouse.exists()
    return done.output
