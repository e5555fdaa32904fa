"""Queries of contracts are written once, and again when what they follow from is another."""

from dataclasses import replace
from pathlib import Path

import pytest

from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.pipeline.steps.kept_queries import KeptQueries
from jobmatch_assets.settings import Settings

WITHOUT_RULES = replace(EVENTS, rules=())


class Asked:
    """Asks for queries, with others of the same folder or none kept between."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written = 0

    def __call__(self, contract: TableContract, asked_of: str = "columns") -> None:
        kept = KeptQueries(self._folder)
        kept.of(contract, asked_of, self._write)
        kept.keep()

    def _write(self) -> list[str]:
        self.written += 1
        return ["select 1", "select 2"]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_what_was_written_is_kept(asked: Asked) -> None:
    asked(EVENTS)
    asked(EVENTS)
    assert asked.written == 1


def test_kept_queries_are_those_that_were_written(tmp_path: Path) -> None:
    first = KeptQueries(tmp_path)
    first.of(EVENTS, "columns", lambda: ["select 1", "select 2"])
    first.keep()

    second = KeptQueries(tmp_path)
    assert second.of(EVENTS, "columns", list) == ["select 1", "select 2"]


def test_other_columns_and_other_rules_have_queries_of_their_own(asked: Asked) -> None:
    asked(EVENTS)
    asked(EVENTS, "other columns")
    asked(WITHOUT_RULES)
    assert asked.written == 3


def test_another_setting_has_queries_of_its_own(asked: Asked) -> None:
    for names in ("", "alive", "page_view"):
        asked(EVENTS.in_force(Settings.from_environment({"JOBMATCH_OTHER_EVENT_NAMES": names})))
    assert asked.written == 3


@pytest.mark.parametrize("content", ["", "{", '{"key": "another", "kept": {}}', "[]"])
def test_a_file_that_cannot_be_used_is_written_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "contract_queries.json").write_text(content)
    asked = Asked(tmp_path)
    asked(EVENTS)
    asked(EVENTS)
    assert asked.written == 1
