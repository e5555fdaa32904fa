"""What dbt is given of the project: enough to build what is asked for, in its order, and the rest left out."""

import pytest
from dbt.contracts.graph.manifest import Manifest

from jobmatch_assets.pipeline.steps.part_of_project import ASKED_FOR, part_of
from jobmatch_assets_tests.bench.workbench import Workbench

EVENTS, LISTS, RANKING = (
    f"model.jobmatch.{name}" for name in ("events", "result_list_items", "ranking_metrics_daily")
)


@pytest.fixture(scope="module")
def project(golden: Workbench) -> Manifest:
    return golden.prepared().dbt._parsed


def test_only_what_is_asked_for_carries_the_tag(project: Manifest) -> None:
    part = part_of(project, ["funnel_daily"])

    assert [node.name for node in part.nodes.values() if ASKED_FOR in node.tags] == ["funnel_daily"]


def test_what_is_read_is_there_without_what_it_reads(project: Manifest) -> None:
    part = part_of(project, ["result_list_items"])

    assert EVENTS in part.nodes[LISTS].depends_on_nodes
    assert [name for name in part.nodes[EVENTS].depends_on_nodes if name.startswith("model.")] == []


def test_the_order_goes_through_what_is_not_asked_for(project: Manifest) -> None:
    part = part_of(project, ["events", "ranking_metrics_daily"])

    assert LISTS in part.nodes[RANKING].depends_on_nodes
    assert EVENTS in part.nodes[LISTS].depends_on_nodes
    assert ASKED_FOR not in part.nodes[LISTS].tags


def test_the_project_stays_as_it_is(project: Manifest) -> None:
    reads = {name: list(node.depends_on_nodes) for name, node in project.nodes.items()}

    part_of(project, ["events", "ranking_metrics_daily"])

    assert {name: list(node.depends_on_nodes) for name, node in project.nodes.items()} == reads
    assert not any(ASKED_FOR in node.tags for node in project.nodes.values())
