"""What dbt does for each node though nobody needs it is left out, and what counts is not."""

import datetime as dt
from pathlib import Path

import pytest
from dbt.adapters.events.types import SQLQuery
from dbt.contracts.project import ProjectFlags
from dbt.events.types import LogTestResult
from dbt_common.behavior_flags import BehaviorFlagRendered
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import get_template, render_template
from dbt_common.dataclass_schema import ValidationError, dbtClassMixin
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.types import Formatting, Note
from dbt_common.exceptions.events import EventCompilationError

from jobmatch_assets.pipeline.steps.lighter_dbt import Kept, lighter_dbt


def test_a_template_is_compiled_once_for_all_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "{{ greeting }}, {{ 1 + 1 }}"
    first = lighter_dbt(tmp_path)
    assert render_template(get_template(source, {}), {"greeting": "hello"}) == "hello, 2"
    first.keep()
    of_another_process = Kept(tmp_path)
    monkeypatch.setattr("jobmatch_assets.pipeline.steps.lighter_dbt._kept", lambda _: of_another_process)
    lighter_dbt(tmp_path)
    monkeypatch.setattr("jinja2.Environment._generate", lambda *_, **__: pytest.fail("compiled again"))
    assert render_template(get_template(source, {}), {"greeting": "bye"}) == "bye, 2"


def test_a_schema_is_derived_once_for_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbtClassMixin, "json_schema", vars(dbtClassMixin)["json_schema"])
    settings = {"send_anonymous_usage_stats": False}
    first = lighter_dbt(tmp_path)
    ProjectFlags.validate(settings)
    first.keep()
    of_another_process = Kept(tmp_path)
    monkeypatch.setattr("jobmatch_assets.pipeline.steps.lighter_dbt._kept", lambda _: of_another_process)
    monkeypatch.setattr(
        "jobmatch_assets.pipeline.steps.lighter_dbt._derive", lambda: lambda _: pytest.fail("derived again")
    )
    lighter_dbt(tmp_path)
    ProjectFlags.validate(settings)
    with pytest.raises(ValidationError):
        ProjectFlags.validate({"send_anonymous_usage_stats": "perhaps"})


def test_a_message_that_nobody_hears_is_not_made(tmp_path: Path) -> None:
    lighter_dbt(tmp_path)
    manager, told = EventManager(), []
    events = [
        SQLQuery(conn_name="model", sql="select 1", node_info={}),
        Note(msg="something"),
        Formatting(""),
    ]
    for event in events:
        manager.fire_event(e=event)
        assert "pb_msg" not in vars(event)
    result = LogTestResult(name="a_test", status="pass", index=1, num_models=1, num_failures=0)
    manager.fire_event(e=result, level=EventLevel.INFO)
    assert "pb_msg" not in vars(result)
    manager.callbacks.append(lambda message: told.append((message.info.name, message.info.level)))
    for event in events:
        manager.fire_event(e=event)
    assert told == [("SQLQuery", "debug"), ("Note", "info"), ("Formatting", "info")]


@pytest.mark.parametrize("level", [EventLevel.WARN, EventLevel.ERROR])
def test_warnings_are_made(tmp_path: Path, level: EventLevel) -> None:
    lighter_dbt(tmp_path)
    note = Note(msg="something")
    EventManager().fire_event(e=note, level=level)
    assert note.message() == "something"


def test_a_warning_that_is_to_be_an_error_is_one(tmp_path: Path) -> None:
    lighter_dbt(tmp_path)
    manager = EventManager()
    manager.warn_error = True
    with pytest.raises(EventCompilationError):
        manager.fire_event(Note(msg="something"), force_warn_or_error_handling=True)


def test_testers_of_types_are_made_once_and_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"failures": 0, "fails": False, "on": dt.date(2026, 3, 1), "id": "005", "none": None}
    lighter_dbt(tmp_path)

    def types(*columns: str) -> list[str]:
        table = agate_helper.table_from_data_flat([row], columns)
        return [type(kind).__name__ for kind in table.column_types]

    assert types("failures", "fails", "on", "id") == ["Integer", "Boolean", "Date", "Text"]
    monkeypatch.setattr("agate.TypeTester", lambda **_: pytest.fail("made again"))
    assert types("id", "none") == ["Text", "Integer"]


def test_nobody_looks_for_who_has_made_a_flag_which_has_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lighter_dbt(tmp_path)
    monkeypatch.setattr("inspect.stack", lambda: pytest.fail("looked through the stack"))
    flag = {"name": "some_flag", "default": False, "docs_url": "none"}
    assert not BehaviorFlagRendered(flag, {})
    assert BehaviorFlagRendered(flag, {"some_flag": True})
