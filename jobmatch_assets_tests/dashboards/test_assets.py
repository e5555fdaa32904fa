"""Pages as Dagster has them: downstream of their tables, made after each publication and by hand."""

from collections.abc import Callable

import dagster as dg

from jobmatch_assets.dashboards.exposures import exposures_of
from jobmatch_assets.dashboards.registry import file_of, registered
from jobmatch_assets.published.failure import failure_of
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

PAGES = {page.name for page in registered()}
FILES = {file_of(page.name) for page in registered() if not page.instances}


def made_pages(instance: dg.DagsterInstance) -> set[str]:
    """The pages that the newest run has reported as made."""
    (run,) = instance.get_runs(limit=1)
    logged = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    keys = [entry.get_dagster_event().asset_key for entry in logged]
    return {key.path[1] for key in keys if key and key.path[0] == "dashboards"}


def test_a_page_is_an_asset_downstream_of_what_its_exposure_reads(golden: Workbench) -> None:
    graph = golden.definitions().resolve_asset_graph()
    for exposure in exposures_of(golden.platform.dbt.manifest).values():
        asset = graph.get(dg.AssetKey(["dashboards", exposure.name]))
        assert {key.path[1] for key in asset.parent_keys} == {node.split(".")[-1] for node in exposure.nodes}
        assert asset.owners == [exposure.owner]
        assert asset.description == exposure.description
        assert asset.kinds == {"python", "html"}


def test_a_run_makes_the_pages_when_it_has_published_and_not_otherwise(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench()
    bench.land("dt=2026-03-01/a.ndjson", [line("a", "2026-03-01T10:00:00Z")])
    bench.run()
    folder = bench.settings.dashboards_path
    assert made_pages(bench.instance) == PAGES
    assert {path.name for path in folder.iterdir()} >= FILES
    before = (folder / "index.html").stat().st_mtime_ns
    bench.run()
    assert made_pages(bench.instance) == set()
    assert (folder / "index.html").stat().st_mtime_ns == before


def test_a_publication_that_fails_is_told_on_the_pages(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    bench.land("dt=2026-03-01/a.ndjson", [line("a", "2026-03-01T10:00:00Z")])
    bench.run()
    page = bench.settings.dashboards_path / "index.html"
    assert '"failure"' not in page.read_text()
    bench.land("dt=2026-03-02/a.ndjson", [line("b", "2026-03-02T10:00:00Z")])
    unfinished = bench.settings.published_path.with_name(".gold.duckdb.unfinished")
    unfinished.mkdir()
    (unfinished / "x").touch()
    (problem,) = bench.try_run().problems
    assert failure_of(bench.settings.published_path)
    assert '"failure":{"at":"' in page.read_text()
    assert "JOBMATCH_PUBLISHED_PATH" in problem
    (unfinished / "x").unlink()
    unfinished.rmdir()
    bench.run()
    assert '"failure"' not in page.read_text()


def test_pages_that_cannot_be_written_fail_the_run_and_nothing_else(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench()
    bench.settings.dashboards_path.touch()
    bench.land("dt=2026-03-01/a.ndjson", [line("a", "2026-03-01T10:00:00Z")])
    (problem,) = bench.try_run().problems
    assert f"JOBMATCH_DASHBOARDS_PATH={bench.settings.dashboards_path}" in problem
    assert bench.settings.published_path.exists()
    assert failure_of(bench.settings.published_path) is None


def test_pages_are_made_by_hand_and_one_by_one(golden_copy: Workbench) -> None:
    bench = golden_copy
    definitions = bench.definitions()
    for path in bench.settings.dashboards_path.glob("*.html"):
        path.unlink()
    job = definitions.resolve_implicit_global_asset_job_def()
    wanted = {dg.AssetKey(["dashboards", "funnel"])}
    result = job.get_subset(asset_selection=wanted).execute_in_process(instance=bench.instance)
    assert result.success
    assert made_pages(bench.instance) == {"funnel"}
    names = {path.name for path in bench.settings.dashboards_path.glob("*.html")}
    assert names == {"funnel.html", "dictionary.html"}
