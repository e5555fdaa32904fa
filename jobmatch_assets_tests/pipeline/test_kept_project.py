"""dbt's parsed project is kept, and parsed again where it may be another or is damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dbt.contracts.files import FileHash
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import Macro
from dbt.node_types import NodeType

from jobmatch_assets.pipeline.steps import dbt_runner
from jobmatch_assets.pipeline.steps.kept_project import kept_project
from jobmatch_assets_tests.bench.workbench import Workbench


class Parses:
    """A project of one macro, and how often it was parsed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def project(self, key: str = "a") -> Manifest:
        return kept_project(self.folder, key, self._parse)

    def _parse(self) -> Manifest:
        self.count += 1
        macro = Macro(
            name="one",
            package_name="p",
            path="one.sql",
            original_file_path="one.sql",
            unique_id="macro.p.one",
            macro_sql="{% macro one() %}1{% endmacro %}",
            resource_type=NodeType.Macro,
        )
        made = Manifest(macros={macro.unique_id: macro}, files={})
        made.metadata.project_id = FileHash.from_contents("p").checksum
        return made


@pytest.fixture
def parses(tmp_path: Path) -> Parses:
    return Parses(tmp_path / "kept")


def test_it_is_parsed_once(parses: Parses) -> None:
    first, second = parses.project(), parses.project()
    assert parses.count == 1
    assert first.macros.keys() == second.macros.keys()


def test_under_another_key_it_is_parsed_again(parses: Parses) -> None:
    parses.project("a")
    parses.project("b")
    assert parses.count == 2


@pytest.mark.parametrize(
    "damage", [lambda content: b"", lambda content: content[:-1], lambda content: b"x" + content]
)
def test_a_damaged_file_is_written_anew(parses: Parses, damage: Callable[[bytes], bytes]) -> None:
    parses.project()
    (file,) = parses.folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    parses.project()
    assert parses.count == 2
    parses.project()
    assert parses.count == 2


def test_a_place_that_cannot_be_written_is_done_without(parses: Parses) -> None:
    parses.folder.write_text("a file in the folder's place")
    assert list(parses.project().macros) == ["macro.p.one"]


def test_what_is_kept_of_the_project_is_what_dbt_parsed(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    # Parsed anew: dbt writes what it did last into the nodes of the one that tests before this one built with.
    parsed = dbt_runner._parse.__wrapped__(*workbench().platform.dbt._place)
    kept_project(tmp_path / "kept", "a", lambda: parsed)
    read = kept_project(tmp_path / "kept", "a", lambda: pytest.fail("parsed again"))
    assert read.flat_graph == parsed.flat_graph
    one, other = read.to_dict(), parsed.to_dict()
    # When dbt was started: the same time, which is spelled otherwise once it was read.
    del one["metadata"]["invocation_started_at"], other["metadata"]["invocation_started_at"]
    assert one == other


def test_a_project_of_another_version_is_parsed_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(dbt_runner, "_invoke", lambda arguments, *_: asked.append(arguments))
    dbt_runner._parse.__wrapped__("duckdb", ":memory:", "project", "EU")
    (arguments,) = asked
    assert "--no-partial-parse" in arguments
