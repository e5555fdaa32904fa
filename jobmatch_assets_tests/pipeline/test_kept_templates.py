"""Compiled templates are kept, and compiled again where they may be others or the file is damaged."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from jobmatch_assets.pipeline.steps import kept_templates
from jobmatch_assets.pipeline.steps.kept_templates import KeptTemplates

HELLO = "hello {{ name }}"


class Compiling:
    """Templates that are kept in a folder, and how often one was compiled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def rendered(self, source: str = HELLO, environment: jinja2.Environment | None = None) -> str:
        """What a new process makes of a template."""
        kept, where = KeptTemplates(self.folder), environment or jinja2.Environment()
        code = kept.of(where, source, lambda: self._compiled(where, source))
        kept.keep()
        return jinja2.Template.from_code(where, code, {}).render(name="you")

    def _compiled(self, environment: jinja2.Environment, source: str) -> object:
        self.count += 1
        return environment.compile(source)


@pytest.fixture
def compiling(tmp_path: Path) -> Compiling:
    return Compiling(tmp_path / "kept")


def test_a_template_is_compiled_once(compiling: Compiling) -> None:
    assert [compiling.rendered(), compiling.rendered()] == ["hello you", "hello you"]
    assert compiling.count == 1


def test_others_are_kept_beside_it(compiling: Compiling) -> None:
    assert [compiling.rendered(), compiling.rendered("bye {{ name }}")] == ["hello you", "bye you"]
    assert [compiling.rendered(), compiling.rendered("bye {{ name }}")] == ["hello you", "bye you"]
    assert compiling.count == 2


def test_an_environment_with_other_extensions_compiles_for_itself(compiling: Compiling) -> None:
    compiling.rendered()
    compiling.rendered(environment=jinja2.Environment(extensions=["jinja2.ext.do"]))
    assert compiling.count == 2


def test_another_python_compiles_again(compiling: Compiling, monkeypatch: pytest.MonkeyPatch) -> None:
    compiling.rendered()
    monkeypatch.setattr(sys, "version", "another")
    compiling.rendered()
    assert compiling.count == 2


@pytest.mark.parametrize(
    "damage", [lambda content: b"", lambda content: content[:-1], lambda content: b"x" + content]
)
def test_a_damaged_file_is_written_anew(compiling: Compiling, damage: Callable[[bytes], bytes]) -> None:
    compiling.rendered()
    (file,) = compiling.folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert [compiling.rendered(), compiling.rendered()] == ["hello you", "hello you"]
    assert compiling.count == 2


@pytest.mark.parametrize("mode", [0o620, 0o602], ids=["group", "others"])
def test_a_file_that_others_may_write_is_not_read(compiling: Compiling, mode: int) -> None:
    compiling.rendered()
    (file,) = compiling.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(mode)
    compiling.rendered()
    assert compiling.count == 2


def test_a_file_that_others_may_write_stays_one_where_it_cannot_be_replaced(
    compiling: Compiling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError("no room")

    compiling.rendered()
    (file,) = compiling.folder.iterdir()
    file.chmod(0o620)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        compiling.rendered()
    assert stat.S_IMODE(file.stat().st_mode) == 0o620
    compiling.rendered()
    assert compiling.count == 3


def test_a_link_is_not_followed(compiling: Compiling) -> None:
    compiling.rendered()
    (file,) = compiling.folder.iterdir()
    file.rename(compiling.folder.parent / "elsewhere")
    file.symlink_to(compiling.folder.parent / "elsewhere")
    compiling.rendered()
    assert compiling.count == 2


def test_a_file_of_another_user_is_not_read(compiling: Compiling, monkeypatch: pytest.MonkeyPatch) -> None:
    compiling.rendered()
    another = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: another)
    compiling.rendered()
    assert compiling.count == 2


def test_a_place_that_cannot_be_written_is_done_without(compiling: Compiling) -> None:
    compiling.folder.write_text("a file in the folder's place")
    assert compiling.rendered() == "hello you"


def test_what_a_process_does_not_use_goes_where_there_is_too_much(
    compiling: Compiling, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling.rendered()
    monkeypatch.setattr(kept_templates, "MOST_BYTES", 1)
    compiling.rendered("bye {{ name }}")
    compiling.rendered("bye {{ name }}")
    assert compiling.count == 2
    compiling.rendered()
    assert compiling.count == 3
