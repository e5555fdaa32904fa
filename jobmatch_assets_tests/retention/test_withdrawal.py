"""A withdrawn file: tables are as if it had never landed, it does not come back, and it can be had again."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.pipeline.archived_lines import copied_to_archive
from jobmatch_assets.pipeline.stages import STAGES
from jobmatch_assets.pipeline.steps.loading import load_new_files
from jobmatch_assets.retention.chosen_files import chosen_files
from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

RUBBISH = "events/dt=2026-03-02/rubbish.ndjson"


def bronze(bench: Workbench) -> list[tuple[Any, ...]]:
    return bench.query("select * from job_matching_bronze.events_raw order by all")


def rubbish(bench: Workbench) -> list[str]:
    """Lines that touch what the golden set has: they win, lose, are late, join lists and experiments, are broken."""
    rows = bench.rows(
        "select event_id, event_name, user_id, event_ts, search_id, job_id, rank_position, platform "
        "from job_matching_silver.events where event_name in ('search', 'impression', 'click', 'apply') "
        "order by event_id limit 40"
    )
    stamp = bench.query(
        "select stamp.experiment_id, stamp.variant from job_matching_silver.events, unnest(experiments) as t(stamp) "
        "order by all limit 1"
    )[0]
    better, listed, new = [], [], []
    for number, row in enumerate(rows):
        at = f"{row['event_ts']:%Y-%m-%dT%H:%M:%S}"
        fields = {
            name: row[name] for name in ("search_id", "job_id", "rank_position") if row[name] is not None
        }
        better.append(
            line(row["event_id"], at, row["event_name"], ingested_at="2026-03-20T00:00:00Z", **fields)
        )
        listed.append(line(f"list-{number}", at, row["event_name"], **fields))
        new.append(
            line(
                f"new-{number}", "2026-02-28", user_id=f"n{number}", experiment_id=stamp[0], variant=stamp[1]
            )
        )
    return [*better, *listed, *new, "{", '{"event_id": "x"}']


def test_tables_are_as_if_the_file_had_never_come(
    golden_copy: Workbench, golden_contents: dict[str, str], tmp_path: Path
) -> None:
    bench = golden_copy
    lines = bronze(bench)
    bench.land(RUBBISH.removeprefix("events/"), rubbish(bench))
    bench.run()
    with_rubbish = bench.contents()
    changed = {table for table, content in with_rubbish.items() if content != golden_contents[table]}
    assert len(changed) > 20
    home = tmp_path / "home"
    code, out, err = run_here(bench, home, "withdraw", RUBBISH)
    assert (code, err) == (0, "")
    assert f"{RUBBISH}: 122 lines withdrawn, of 2026-02-26" in out
    assert "The next `jobmatch run` stages the files of 2026-03-02 again" in out
    assert bronze(bench) == lines
    # It still lies there, and lands once more under another name.
    shutil.copy(bench.landing / RUBBISH, bench.landing / "events/dt=2026-03-02/again.ndjson")
    bench.run()
    assert bronze(bench) == lines
    assert bench.contents() == golden_contents
    assert bench.waiting(*(stage.name for stage in STAGES)) == []
    assert not bench.work()
    code, out, err = run_here(bench, home, "withdraw", RUBBISH)
    assert (code, out, err) == (0, f"{RUBBISH} is withdrawn already.\n", "")

    code, out, err = run_here(bench, home, "withdraw", str(bench.landing / RUBBISH), "--undo")
    assert (code, err) == (0, "")
    assert f"{RUBBISH}: 122 lines put back from" in out
    bench.run()
    assert bench.contents() == with_rubbish
    assert not any(bench.settings.archive_path.iterdir())


def test_a_file_that_has_a_day_of_its_own_leaves_nothing(
    golden_copy: Workbench, golden_contents: dict[str, str]
) -> None:
    bench = golden_copy
    bench.land(
        "dt=2026-03-09/only.ndjson", [line("only", "2026-03-09", "apply", job_id="j", application_id="a")]
    )
    bench.run()
    assert bench.contents() != golden_contents
    bench.withdraw("events/dt=2026-03-09/only.ndjson")
    bench.run()
    assert bench.contents() == golden_contents


class World:
    """A small platform with entities."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        bench.land("dt=2026-03-02/a.ndjson", [line("e", "2026-03-02", "view", job_id="1")])
        self.land(
            "job/dt=2026-03-02/all.snapshot.ndjson", *({"job_id": str(n), "title": "A"} for n in range(5))
        )
        self.land("company/dt=2026-03-02/a.ndjson", {"company_id": "1", "name": "A"})

    def land(self, name: str, *records: dict[str, Any]) -> None:
        self.bench.land_entities(name, [json.dumps(record) for record in records])


DUMP = "entities/job/dt=2026-03-04/all.snapshot.ndjson"
CHANGE = "entities/company/dt=2026-03-03/b.ndjson"


def test_entities_are_as_if_the_files_had_never_come(workbench: Callable[..., Workbench]) -> None:
    """A dump counts by what it does not hold, also where it holds nothing, and by being the newest file."""
    world = World(bench := workbench())
    bench.run()
    before, parts = bench.contents(), bench.query("from job_matching_bronze.entity_files order by all")
    world.land(DUMP.removeprefix("entities/"), {"job_id": "1", "title": "B"})
    world.land("job/dt=2026-03-05/all.snapshot.ndjson")
    world.land(CHANGE.removeprefix("entities/"), {"company_id": "1", "name": "B"}, {"company_id": "2"})
    bench.try_run()
    with_files = bench.contents()
    assert with_files != before
    assert bench.query("select count(*) from job_matching_gold.dim_job where is_deleted") != [(0,)]
    names = (DUMP, CHANGE, "entities/job/dt=2026-03-05/all.snapshot.ndjson")
    bench.withdraw(*names)
    bench.try_run()
    assert bench.contents() == before
    assert bench.query("from job_matching_bronze.entity_files order by all") == parts
    assert bench.waiting(*(stage.name for stage in STAGES)) == []
    assert bench.query("select count(*) from job_matching_bronze.entities_touched") == [(0,)]
    bench.withdraw(*names, undo=True)
    bench.try_run()
    assert bench.contents() == with_files


@pytest.fixture
def loaded(workbench: Callable[..., Workbench]) -> Workbench:
    """Two files in bronze, of which nothing is built."""
    bench = workbench()
    bench.land("dt=2026-03-02/a.ndjson", [line("a", "2026-03-02")])
    bench.land("dt=2026-03-02/b.ndjson", [line("b", "2026-03-02"), line("c", "2026-03-02")])
    load(bench)
    return bench


def load(bench: Workbench) -> None:
    session = bench.prepared()
    load_new_files(session, EVENTS, set(session.partitions.days))


def state(bench: Workbench) -> tuple[object, ...]:
    tables = ("events_raw", "files", "archived_lines", "rebuild_queue")
    return tuple(bench.query(f"from job_matching_bronze.{table} order by all") for table in tables)


@contextmanager
def interrupted(monkeypatch: pytest.MonkeyPatch, step: str, is_done: bool) -> Iterator[None]:
    """The block ends at a step of the warehouse, before or after it is done."""
    do = getattr(DuckDBWarehouse, step)

    def ends(*arguments: Any, **options: Any) -> None:
        if is_done:
            do(*arguments, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(DuckDBWarehouse, step, ends)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.parametrize("step", ["raw_lines", "change", "update"])
@pytest.mark.parametrize("is_done", [False, True])
def test_who_is_killed_on_the_way_has_done_nothing_and_can_do_it_again(
    loaded: Workbench, monkeypatch: pytest.MonkeyPatch, step: str, is_done: bool
) -> None:
    before = state(loaded)
    name = "events/dt=2026-03-02/b.ndjson"
    forth, back = (f"{do}_raw_lines" if step == "raw_lines" else step for do in ("remove", "add"))
    with interrupted(monkeypatch, forth, is_done):
        loaded.withdraw(name)
    assert state(loaded) == before
    loaded.withdraw(name)
    assert loaded.query("select count(*) from job_matching_bronze.events_raw") == [(1,)]
    (archive,) = loaded.settings.archive_path.iterdir()
    withdrawn = state(loaded)
    with interrupted(monkeypatch, back, is_done):
        loaded.withdraw(name, undo=True)
    assert state(loaded) == withdrawn
    assert archive.is_dir()
    loaded.withdraw(name, undo=True)
    assert state(loaded)[0] == before[0]


def test_a_file_stays_where_its_copy_is_not_the_same(
    loaded: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(loaded)
    monkeypatch.setattr("jobmatch_assets.pipeline.archived_lines.are_same", lambda *_: False)
    with pytest.raises(ArchiveError, match=r"does not hold what was written to it. Nothing was taken out"):
        loaded.withdraw("events/dt=2026-03-02/b.ndjson")
    assert state(loaded) == before


@pytest.mark.parametrize("damage", ["gone", "fewer lines"])
def test_a_file_stays_withdrawn_where_its_archive_is_damaged(loaded: Workbench, damage: str) -> None:
    loaded.withdraw("events/dt=2026-03-02/b.ndjson")
    (archive,) = loaded.settings.archive_path.iterdir()
    before = state(loaded)
    if damage == "gone":
        shutil.rmtree(archive)
    else:
        manifest = archive / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"rows": 2', '"rows": 1'))
    with pytest.raises(ArchiveError, match=re.escape(str(archive))):
        loaded.withdraw("events/dt=2026-03-02/b.ndjson", undo=True)
    assert state(loaded) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["events/dt=2026-03-02/bb.ndjson"],
            "No file events/dt=2026-03-02/bb.ndjson was loaded; there is events/dt=2026-03-02/b.ndjson",
        ),
        (["--load", "load-nowhere"], "There is no load load-nowhere"),
        (
            ["dt=2026-03-02/a.ndjson"],
            "was loaded 2 times, with other content each time: say which is meant with",
        ),
    ],
)
def test_a_file_that_is_not_there_or_not_clear_is_named(
    loaded: Workbench, tmp_path: Path, arguments: list[str], message: str
) -> None:
    loaded.land("dt=2026-03-02/a.ndjson", [line("other", "2026-03-02")])
    load(loaded)
    before = state(loaded)
    assert message in error_of(run_here(loaded, tmp_path / "home", "withdraw", *arguments), 1)
    assert state(loaded) == before


def test_a_load_and_another_name_of_a_file_are_withdrawn(loaded: Workbench, tmp_path: Path) -> None:
    shutil.copy(
        loaded.landing / "events/dt=2026-03-02/b.ndjson", loaded.landing / "events/dt=2026-03-02/c.ndjson"
    )
    load(loaded)
    loaded.withdraw("dt=2026-03-02/c.ndjson")
    outcomes = "select source_file, outcome from job_matching_bronze.files order by all"
    names = [f"dt=2026-03-02/{name}.ndjson" for name in "abc"]
    assert loaded.query(outcomes) == list(zip(names, ["loaded", "withdrawn", "same_content"], strict=True))
    ((load_id,),) = loaded.query(
        "select distinct load_id from job_matching_bronze.files where outcome = 'loaded'"
    )
    code, out, _ = run_here(loaded, tmp_path / "home", "withdraw", "--load", load_id)
    assert code == 0
    assert f"events/{names[0]}: 1 line withdrawn" in out
    assert f"events/{names[1]} is withdrawn already." in out
    assert loaded.query("select count(*) from job_matching_bronze.events_raw") == [(0,)]


def test_without_a_file_and_a_load_the_command_says_what_it_needs(loaded: Workbench, tmp_path: Path) -> None:
    code, _, err = run_here(loaded, tmp_path / "home", "withdraw")
    assert code == 2
    assert "name a FILE, or a load with --load" in err


def test_only_lines_of_one_file_are_copied(loaded: Workbench) -> None:
    with loaded.platform.open() as session:
        (file,) = chosen_files(session, "dt=2026-03-02/b.ndjson", None)
        archive = copied_to_archive(session, "withdrawn", EVENTS, file.dt, _source_sha256=file.sha256)
        with archive.lines() as lines:
            names = set(lines.read_all()["_source_file"].to_pylist())
    assert names == {"dt=2026-03-02/b.ndjson"}
