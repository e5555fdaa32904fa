"""What the command says of files of entities: what is built, what is left and why, and what the tables show."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    "<r><job><job_id>3</job_id><title>&b;</title></job></r>"
)
COLUMNS = [f"c{number}" for number in range(2_000)]
HEADER = "source,time_zone,default_currency,freshness_hours,max_deleted_share"


@dataclass
class Story:
    """A platform whose files are not as they should be: what its runs say, and what the tables hold then.

    Attributes:
        bench: The platform, in the end.
        told: What each run said.
        companies: The versions of companies after it.
    """

    bench: Workbench
    told: dict[str, tuple[int, str, str]]
    companies: dict[str, list[tuple[Any, ...]]]

    def command(self, *arguments: str) -> tuple[int, str, str]:
        return run_here(self.bench, self.bench.folder / "home", *arguments)

    def run(self, name: str, *arguments: str) -> None:
        self.told[name] = self.command("run", *arguments)
        self.companies[name] = self.bench.query(
            "select company_id, name, valid_from::varchar, ended_by "
            "from job_matching_silver.company_versions order by all"
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Story:
    folder = tmp_path_factory.mktemp("story")
    registry = folder / "sources.csv"
    bench = Workbench(folder, instance, JOBMATCH_SOURCES=str(registry))
    story = Story(bench, {}, {})

    registry.write_text(f"{HEADER}\nberlin,Europe/Berlni,,,\n")
    bench.land(
        "dt=2026-03-02/a.ndjson", [line(f"e{n}", "2026-03-02", "click", job_id=f"{n}") for n in (1, 9)]
    )
    bench.land_entities("job/dt=2026-03-02/a.ndjson", [{"job_id": 1, "title": "A", "company_id": 5}])
    local = {"company_id": 5, "name": "N", "updated_at": "2026-03-02T10:00:00"}
    rows = [local, {**local, "company_id": 6}, {"email": "a@b.example"}]
    bench.land_entities("company/source=berlin/dt=2026-03-02/a.ndjson", rows)
    bench.land_entities(
        "job/dt=2026-03-02/wide.csv", [",".join(["job_id", *COLUMNS]), ",".join(["2", *COLUMNS])]
    )
    laughs = bench.land_entities("job/dt=2026-03-02/laughs.xml", [LAUGHS])
    left = bench.land_entities("jobz/dt=2026-03-02/b.ndjson", [{"job_id": 4, "title": "D"}])
    dump = "company/source=berlin/dt=2026-03-03/all.snapshot-{}-of-2.csv"
    bench.land_entities(dump.format(1), ["company_id,name", "5,N"])
    story.told["unknown zone"] = story.command("run")
    assert bench.query("select * from job_matching_bronze.files") == []
    assert bench.tables() == []

    registry.write_text(f"{HEADER}\nberlin,Europe/Berlin,,,\n")
    story.run("broken files")

    laughs.write_text("<r><job><job_id>3</job_id><title>ha</title></job></r>")
    left.rename(bench.landing / "entities/job/dt=2026-03-02/b.ndjson")
    bench.land_entities(dump.format(2), ["company_id,name", "7,O"])
    for table in ("silver.company_versions", "gold.dim_company"):
        bench.query(f"update job_matching_{table} set name = 'planted'")
    story.run("mended files", "--from", "2026-03-02", "--to", "2026-03-03")
    return story


def test_an_unknown_time_zone_of_a_source_ends_the_run_before_anything_is_loaded(story: Story) -> None:
    assert error_of(story.told["unknown zone"], 1).endswith(
        f"{story.bench.folder}/sources.csv, line 2: the source 'berlin' has the unknown time zone "
        "'Europe/Berlni'; name one of the IANA time zone database, e.g. Europe/Berlin."
    )


def test_a_run_tells_what_is_loaded_what_is_not_and_what_to_do(story: Story) -> None:
    file = story.bench.landing / "entities/job/dt=2026-03-02/laughs.xml"
    assert error_of(story.told["broken files"], 1) == (
        f"error: {file}, line 1, has a DOCTYPE. Nothing of it was loaded. Send it without a DOCTYPE; entities of "
        "it are never read, and run again."
    )
    out = story.told["broken files"][1]
    assert "entities: 2 dates built, 2026-03-02…2026-03-03." in out
    assert rows_below(out, "What became of the records") == [
        ["company", "4", "3", "0", "1", "2", "2"],
        ["job", "2", "2", "0", "0", "2", "2"],
    ]
    assert "In quarantine: 1 records (missing_key 1)." in out
    subjects = {row[0]: row[1:] for row in rows_below(out, "What became of each subject") if row[0]}
    assert subjects["search funnel"][:3] == ["2", "10", "2026-03-02"]
    assert subjects["hiring"][:3] == ["5", "0", "as a whole"]
    assert subjects["hiring"][3].startswith("not fed: no ")
    assert "Which they are: jobmatch show entities_quarantine --from 2026-03-02 --to 2026-03-03" in out
    assert (
        "Left where they are: 1 (jobz/dt=2026-03-02/b.ndjson): of a table that there is none of: correct the "
        "folder, or the name, to one of company, job, "
    ) in out


def test_a_dump_without_one_of_its_parts_takes_nothing_away_and_a_whole_one_does(story: Story) -> None:
    since = "2026-03-02 09:00:00+00"
    assert story.companies["broken files"] == [("5", "N", since, None), ("6", "N", since, None)]
    assert story.companies["mended files"] == [
        ("5", "N", since, None),
        ("6", "N", since, "delete"),
        ("7", "O", "2026-03-03 23:59:59.999999+00", None),
    ]


def test_what_is_mended_is_loaded_and_days_that_are_asked_for_are_built_again(story: Story) -> None:
    code, out, err = story.told["mended files"]
    assert (code, err) == (0, "")
    assert ["job", "4", "4", "0", "0", "4", "4"] in rows_below(out, "What became of the records")
    assert "Left where they are" not in out
    assert story.bench.query(
        "select name, count(*) from job_matching_gold.dim_company where company_id <> '(unknown)' group by all order by all"
    ) == [("N", 2), ("O", 1)]


def test_thousands_of_columns_that_nobody_knows_are_properties(story: Story) -> None:
    ((properties,),) = story.bench.query(
        "select properties from job_matching_silver.job_versions where job_id = '2'"
    )
    assert json.loads(properties) == {name: name for name in COLUMNS}


def test_every_table_of_entities_shows_all_its_rows(story: Story) -> None:
    plan = story.bench.platform.plan
    names = [name for name in plan.tables if ENTITIES in plan.feeds_of(name) and name != ENTITIES.raw.name]
    assert {"entities_quarantine", "job_versions", "dim_job", "fact_event"} <= set(names)
    shown = {}
    for name in names:
        contract = table_named(name)
        dates = ("--from", "2026-03-01", "--to", "2026-03-31") if isinstance(contract.clock, By) else ()
        code, out, err = story.command("show", name, "--format", "csv", "--limit", "1000", *dates)
        assert code == 0, err
        header, *rows = csv.reader(io.StringIO(out, newline=""))
        table = f"{contract.schema}.{name}"
        assert header == [column for column, *_ in story.bench.query(f"describe {table}")]
        shown[name] = len(rows)
        assert [(len(rows),)] == story.bench.query(f"select count(*) from {table}")
    assert all(shown[name] for name in ("entities_quarantine", "dim_job", "fact_event", "company_records"))


def test_quarantine_shows_no_personal_data(story: Story) -> None:
    code, out, _ = story.command("show", "entities_quarantine", "--from", "2026-03-02", "--to", "2026-03-03")
    assert code == 0
    assert "missing_key" in out
    assert "[removed]" in out
    assert "a@b.example" not in out


def rows_below(out: str, title: str) -> list[list[str]]:
    """The cells of a table in the terminal."""
    lines = iter(out.partition(title)[2].splitlines()[1:])
    rows = []
    for text in lines:
        if text.startswith("│"):
            rows.append([cell.strip() for cell in text.strip("│").split("│")])
        elif text.startswith("└"):
            break
    return rows
