"""What dbt does for each node though nobody needs it here, left out of this process.

- Templates are compiled and JSON schemas derived anew in every process: see `kept_templates` and
  `kept_schemas`.
- Each statement and each step of a node makes messages of Protobuf for a log, and there is none
  (`--log-level none`).
- Each result of a query has testers made for the types that its columns may have.
- Each invocation looks through the stack, and the files of its frames, for the module that has made the
  adapter's flags.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jobmatch_assets.pipeline.steps.kept_schemas import KeptSchemas
from jobmatch_assets.pipeline.steps.kept_templates import KeptTemplates


class Kept:
    """What is kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.templates = KeptTemplates(folder)
        self.schemas = KeptSchemas(folder)

    def keep(self) -> None:
        """Write what is new."""
        self.templates.keep()
        self.schemas.keep()


def lighter_dbt(folder: Path) -> Kept:
    """Let dbt in this process do without these.

    Args:
        folder: Where compiled templates and schemas are kept.

    Returns:
        What is to be kept when an invocation has ended.
    """
    _without_unheard_messages()
    _without_sources_of_flags()
    _with_testers_made_once()
    kept = _kept(folder)
    _keep_templates_in(kept.templates)
    _keep_schemas_in(kept.schemas)
    return kept


@cache
def _kept(folder: Path) -> Kept:
    return Kept(folder)


def _keep_templates_in(kept: KeptTemplates) -> None:
    from dbt_common.clients.jinja import MacroFuzzEnvironment

    once = _compile()

    def compile_(environment: Any, source: Any, *others: Any, **named: Any) -> Any:
        if others or named or not isinstance(source, str):
            return once(environment, source, *others, **named)
        return kept.of(environment, source, lambda: once(environment, source))

    MacroFuzzEnvironment.compile = compile_  # type: ignore[method-assign, assignment]


def _keep_schemas_in(kept: KeptSchemas) -> None:
    from dbt_common.dataclass_schema import dbtClassMixin

    derive = _derive()

    def json_schema(kind: type) -> Any:
        return kept.of(kind, lambda: derive(kind))

    dbtClassMixin.json_schema = classmethod(json_schema)  # type: ignore[method-assign, assignment]


@cache
def _derive() -> Any:
    """What dbt has itself, before anything took its place."""
    from dbt_common.dataclass_schema import dbtClassMixin

    return vars(dbtClassMixin)["json_schema"].__func__


@cache
def _compile() -> Any:
    """Jinja's own, before anything took its place."""
    from dbt_common.clients.jinja import MacroFuzzEnvironment

    return MacroFuzzEnvironment.compile


@cache
def _without_unheard_messages() -> None:
    """Messages below warnings are made when they are told, and told where somebody listens."""
    from dbt.tracking import track_behavior_change_warn
    from dbt_common.events.base_types import BaseEvent, DebugLevel, DynamicLevel, EventLevel, InfoLevel
    from dbt_common.events.event_manager import EventManager

    make, fire = BaseEvent.__init__, EventManager.fire_event
    kinds = (DebugLevel, DynamicLevel, InfoLevel)

    def make_later(event: BaseEvent, *words: Any, **told: Any) -> None:
        vars(event)["told"] = (words, told)

    def is_heard(manager: EventManager, level: EventLevel) -> bool:
        if level in (EventLevel.WARN, EventLevel.ERROR) or manager.loggers:
            return True
        # dbt itself listens for warnings of one kind.
        return any(callback is not track_behavior_change_warn for callback in manager.callbacks)

    # dbt calls it with these names.
    def fire_event(manager: EventManager, e: Any, level: Any = None, **named: Any) -> None:
        if isinstance(e, kinds) and not is_heard(manager, level or e.level_tag()) and not any(named.values()):
            return
        if made_later := vars(e).get("told"):
            words, told = made_later
            make(e, *words, **told)
        fire(manager, e, level, **named)

    for kind in kinds:
        kind.__init__ = make_later  # type: ignore[method-assign, assignment]
    EventManager.fire_event = fire_event  # type: ignore[method-assign, assignment]


@cache
def _with_testers_made_once() -> None:
    from dbt_common.clients import agate_helper

    make = cache(agate_helper.build_type_tester)

    # dbt calls it with these names.
    def build_type_tester(
        text_columns: Iterable[str], string_null_values: Iterable[str] | None = ("null", "")
    ) -> Any:
        return make(tuple(sorted(text_columns)), tuple(string_null_values or ()))

    agate_helper.build_type_tester = build_type_tester


@cache
def _without_sources_of_flags() -> None:
    from dbt_common.behavior_flags import BehaviorFlagRendered

    BehaviorFlagRendered._default_source = staticmethod(lambda: "dbt")  # type: ignore[method-assign]
