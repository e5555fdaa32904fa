"""The macros that nodes of a dbt project may call.

dbt makes a callable of every macro for each context that it renders in, two and more for each node. That
takes longer than most statements of an increment, and a node reaches a third of them.
"""

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmatch_assets.settings.locations import shipped

if TYPE_CHECKING:
    from dbt.contracts.graph.nodes import Macro

_WORD = re.compile(r"[A-Za-z_]\w*")


def macros_in_reach(macros: "Mapping[str, Macro]", nodes: Iterable[Any], adapter: str) -> "dict[str, Macro]":
    """Those of the macros that these nodes, or dbt itself, may call; by their unique ids.

    A macro counts as called where its name stands, be it in a comment: a word too many costs next to nothing.

    Args:
        macros: All that there are.
        nodes: Models, tests and analyses.
        adapter: The type of dbt's adapter, such as duckdb.
    """
    by_name: dict[str, list[str]] = defaultdict(list)
    for unique_id, macro in macros.items():
        by_name[macro.name].append(unique_id)
    reached: set[str] = set()
    ahead = {word for node in nodes for word in _words_of_node(node)} | _words_elsewhere(adapter)
    seen: set[str] = set()
    while ahead:
        word = ahead.pop()
        seen.add(word)
        for name in _dispatched(word, adapter):
            for unique_id in by_name.get(name, ()):
                reached.add(unique_id)
                ahead |= _words(macros[unique_id].macro_sql) - seen
    return {unique_id: macro for unique_id, macro in macros.items() if unique_id in reached}


def _dispatched(name: str, adapter: str) -> Iterator[str]:
    """What `adapter.dispatch` and the choice of a materialization may make of a name."""
    yield name
    for kind in ("default", adapter):
        yield f"{kind}__{name}"
        yield f"materialization_{name}_{kind}"


def _words_of_node(node: Any) -> frozenset[str]:
    given = getattr(node, "test_metadata", None)
    said = _words(node.raw_code or "").union([str(node.config.materialized)])
    return said | _words(str(given.kwargs)) if given else said


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


@cache
def _words_elsewhere(adapter: str) -> frozenset[str]:
    """The words of what calls macros by their names beside nodes: the project's settings, and Python."""
    kinds = import_module(f"dbt.adapters.{adapter}").Plugin.adapter.__mro__
    files = {inspect.getsourcefile(kind) for kind in kinds if kind.__module__.startswith("dbt.")}
    files.add(str(shipped("dbt_project") / "dbt_project.yml"))
    return frozenset().union(*(_words(Path(str(file)).read_text(encoding="utf-8")) for file in files))
