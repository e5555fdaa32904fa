"""What dbt does for each node though nobody needs it is left out, and what counts is not."""

from pathlib import Path

import pytest
from dbt.adapters.events.types import SQLQuery
from dbt.contracts.project import ProjectFlags
from dbt_common.behavior_flags import BehaviorFlagRendered
from dbt_common.clients.jinja import get_template, render_template
from dbt_common.dataclass_schema import ValidationError, dbtClassMixin
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.types import Note

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


def test_messages_for_debugging_are_not_made_and_others_are_told(tmp_path: Path) -> None:
    lighter_dbt(tmp_path)
    manager, told = EventManager(), []
    manager.callbacks.append(lambda message: told.append((message.info.name, message.info.level)))
    event = SQLQuery(conn_name="model", sql="select 1", node_info={})
    manager.fire_event(e=event)
    assert "pb_msg" not in vars(event)
    manager.fire_event(e=event, level=EventLevel.WARN)
    manager.fire_event(Note(msg="something"))
    assert told == [("SQLQuery", "warn"), ("Note", "info")]


def test_nobody_looks_for_who_has_made_a_flag_which_has_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lighter_dbt(tmp_path)
    monkeypatch.setattr("inspect.stack", lambda: pytest.fail("looked through the stack"))
    flag = {"name": "some_flag", "default": False, "docs_url": "none"}
    assert not BehaviorFlagRendered(flag, {})
    assert BehaviorFlagRendered(flag, {"some_flag": True})
