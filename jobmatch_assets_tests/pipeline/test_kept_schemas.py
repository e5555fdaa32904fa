"""JSON schemas are derived once, and again when the libraries that they follow from are others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.pipeline.steps import kept_schemas
from jobmatch_assets.pipeline.steps.kept_schemas import KeptSchemas

SCHEMA = {"type": "object", "required": ["name"]}


class Derived:
    """Asks for the schema of a class in one process after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.times = 0

    def __call__(self, kind: type, schema: Mapping[str, Any] = SCHEMA) -> Mapping[str, Any]:
        kept = KeptSchemas(self._folder)

        def derive() -> Mapping[str, Any]:
            self.times += 1
            return schema

        found = kept.of(kind, derive)
        kept.keep()
        return found


@pytest.fixture
def derived(tmp_path: Path) -> Derived:
    return Derived(tmp_path)


def test_it_is_derived_once_a_class(derived: Derived) -> None:
    assert derived(int) == derived(int) == SCHEMA
    assert derived.times == 1
    derived(str)
    assert derived.times == 2


def test_with_another_library_it_is_derived_anew(derived: Derived, monkeypatch: pytest.MonkeyPatch) -> None:
    derived(int)
    monkeypatch.setattr(kept_schemas, "version", lambda _: "another")
    derived(int)
    assert derived.times == 2


@pytest.mark.parametrize("schema", [{"enum": ("a", "b")}, {"default": {1, 2}}, {1: "a key that is no text"}])
def test_what_would_not_come_back_as_it_is_is_not_kept(derived: Derived, schema: Mapping[Any, Any]) -> None:
    assert derived(int, schema) == derived(int, schema) == schema
    assert derived.times == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "another", "kept": {}}'])
def test_a_file_that_cannot_be_used_is_written_anew(derived: Derived, tmp_path: Path, content: str) -> None:
    (tmp_path / "kept_schemas.json").write_text(content)
    assert derived(int) == derived(int) == SCHEMA
    assert derived.times == 1
