"""What the command says of files of entities: what is built, what is left and why, and what the tables show."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><job><job_id>3</job_id><title>&b;</title></job></r>'
WIDE = [f"c{number}" for number in range(10_000)]

Told = tuple[int, str, str]


@dataclass
class Story:
    """A platform whose files are not as they should be, and what its runs say until they are.

    Attributes:
        bench: The platform, in the end.
        home: Its Dagster home.
        told: What each run said.
        seen: What the tables held after it.
    """

    bench: Workbench
    home: Path
    told: dict[str, Told]
    seen: dict[str, list[tuple[Any, ...]]]

    def run(self, name: str, *arguments: str) -> None:
        self.told[name] = run_here(self.bench, self.home, "run", *arguments)
        self.seen[name] = self.bench.query(
            "select source, company_id, is_current, ended_by from job_matching_silver.company_versions order by all"
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Story:
    folder = tmp_path_factory.mktemp("story")
    registry = folder / "sources.csv"
    bench = Workbench(folder, instance, JOBMATCH_SOURCES=str(registry))
    story = Story(bench, folder / "home", {}, {})
    header = "source,time_zone,default_currency,freshness_hours,max_deleted_share"
    registry.write_text(f"{header}\nberlin,Europe/Berlni,,,\n")
    bench.land(
        "dt=2026-03-02/a.ndjson", [line(f"e{n}", "2026-03-02", "click", job_id=f"{n}") for n in (1, 9)]
    )
    bench.land_entities("job/dt=2026-03-02/a.ndjson", [{"job_id": 1, "title": "A", "company_id": 5}])
    local = {"company_id": 5, "name": "N", "updated_at": "2026-03-02T10:00:00"}
    bench.land_entities(
        "company/source=berlin/dt=2026-03-02/a.ndjson", [local, {"company_id": 6}, {"email": "a@b"}]
    )
    bench.land_entities("job/dt=2026-03-02/wide.csv", [",".join(["job_id", *WIDE]), ",".join(["2", *WIDE])])
    laughs = bench.land_entities("job/dt=2026-03-02/laughs.xml", [LAUGHS])
    left = bench.land_entities("jobz/dt=2026-03-02/b.ndjson", [{"job_id": 4, "title": "D"}])
    bench.land_entities(
        "company/source=berlin/dt=2026-03-03/all.snapshot-1-of-2.csv", ["company_id,name", "5,N"]
    )
    story.told["unknown zone"] = run_here(bench, story.home)
    story.seen["unknown zone"] = bench.tables()

    registry.write_text(f"{header}\nberlin,Europe/Berlin,,,\n")
    story.run("mended registry")

    laughs.write_text("<r><job><job_id>3</job_id><title>ha</title></job></r>")
    left.rename(bench.landing / "entities/job/dt=2026-03-02/b.ndjson")
    bench.land_entities(
        "company/source=berlin/dt=2026-03-03/all.snapshot-2-of-2.csv", ["company_id,name", "7,O"]
    )
    story.run("mended files")
    return story


def test_an_unknown_time_zone_of_a_source_ends_the_run_before_anything_is_loaded(story: Story) -> None:
    error = error_of(story.told["unknown zone"], 1)
    assert "sources.csv" in error
    print(error, story.seen["unknown zone"])
    for name in ("mended registry", "mended files"):
        print(name, story.told[name][0], story.told[name][1], story.told[name][2][-3000:], story.seen[name])
