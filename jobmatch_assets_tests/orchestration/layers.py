"""Which part of the platform may use which: Python by its imports, dbt by its manifest."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOMS = {
    "errors": 0,
    "event_names": 0,
    "dates": 0,
    "text": 0,
    "interruption": 0,
    "garbage": 0,
    "whole_files": 0,
    "settings": 1,
    "contracts": 2,
    "landing": 3,
    "warehouse": 3,
    "metrics": 3,
    "alerting": 3,
    "simulation": 3,
    "published": 3,
    "dictionary": 3,
    "checks": 4,
    "charts": 4,
    "archives": 4,
    "privacy": 4,
    "dashboards": 5,
    "reports": 5,
    "exports": 5,
    "pipeline": 6,
    "retention": 7,
    "validation": 7,
    "orchestration": 8,
    "doctor": 9,
    "definitions": 9,
    "cli": 10,
    "__main__": 11,
}
"""Imports run from a higher number to a lower one; rooms with the same number do not know each other."""

NAMES_TABLES = {
    "checks/applications.py": "a check on a column that only events have",
    "checks/duplicates.py": "compares what lines of an event say",
    "checks/recency.py": "a check on the time of events",
    "reports/reading.py": "sums by unit of dates, for several sections",
    "reports/state.py": "what the published copy says of itself, by date",
    "cli/demo.py": "counts the files that the generator has written",
    "cli/reporting.py": "the headings of a table for people",
    "cli/verbs/run.py": "an example for people",
    "exports/notes.py": "the date of what fails a check",
    "published/state.py": "the date of what is held back",
    "metrics/ab_schema.py": "the unit of sums",
    "pipeline/settings_check.py": "settings that decide how events are read",
}
"""Files outside of contracts, pages, sections of reports and simulation that name `events`, `stg_events` or `event_date`, and why they may."""

MODEL_PARENTS = {
    "source": set(),
    "staging": {"source", "staging"},
    "silver": {"staging", "silver"},
    "intermediate": {"silver", "intermediate"},
    "subjects": {"silver", "intermediate", "gold", "subjects"},
    "gold": {"silver", "intermediate", "subjects", "gold"},
    "semantic": set(),
}
"""What the models of a folder may read."""

READ_IN_BRONZE = {("silver", "entities_raw"), ("silver", "entity_files"), ("subjects", "entity_files")}
"""What is personal in a record stays in bronze, so its history is told from there; and a file may have no record."""


def forbidden_imports(package: Path) -> Iterator[str]:
    """`module imports module` for each import in the package that runs the wrong way."""
    name = package.name
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        for imported in imports_of(path):
            parts = imported.split(".")
            if parts[0] != name or len(parts) < 2 or room == "__init__":
                continue
            if room not in ROOMS or parts[1] not in ROOMS:
                yield f"{path.relative_to(package)} or {imported} is in no known room"
            elif parts[1] != room and ROOMS[parts[1]] >= ROOMS[room]:
                yield f"{path.relative_to(package)} imports {imported}"


def imports_of(path: Path) -> Iterator[str]:
    """Everything that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield from (f"{path.parents[node.level].name}.{path.parent.name}" for _ in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def untested_rooms(package: Path, tests: Path) -> Iterator[str]:
    """The rooms of the package that have no folder of tests under their name, with tests in it."""
    for room in sorted(
        path.name.removesuffix(".py") for path in package.iterdir() if path.name != "__pycache__"
    ):
        is_room = (package / room).is_dir() or room == "settings"
        if is_room and not any((tests / room).glob("test_*.py")):
            yield f"{room} has no tests in {tests.name}/{room}"


def naming_tables(package: Path) -> set[str]:
    """Files that name a table of events, or its date, in a text; what is written for their reader does not count."""
    return {
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*.py"))
        if not path.relative_to(package).as_posix().startswith(_ABOUT_TABLES)
        and any(_NAMES.search(text) for text in _texts(path))
    }


# A contract, a page, or a section of a report is about certain tables.
_ABOUT_TABLES = ("contracts/", "simulation/", "dashboards/pages/", "reports/sections/")

# As a name of a table or column; in a sentence, "events" is a word like any other.
_NAMES = re.compile(r"\b(?:stg_events|event_date)\b|(?:\A|[/.])events\b(?!/| |\.md)|landing/events/")


def _texts(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    sentences = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in sentences:
            yield node.value


def forbidden_references(manifest: Mapping[str, Any]) -> Iterator[str]:
    """`model reads model` for each reference of a dbt model that skips a layer or runs the wrong way."""
    nodes = {**manifest["nodes"], **manifest["sources"]}
    for node in nodes.values():
        if node["resource_type"] == "model":
            for parent in node["depends_on"]["nodes"]:
                if (_folder(node), nodes[parent]["name"]) in READ_IN_BRONZE:
                    continue
                if _folder(nodes[parent]) not in MODEL_PARENTS[_folder(node)]:
                    yield f"{node['name']} reads {nodes[parent]['name']}"


def _folder(node: Mapping[str, Any]) -> str:
    return "source" if node["resource_type"] == "source" else node["fqn"][1]
