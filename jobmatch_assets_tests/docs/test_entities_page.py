"""docs/entities.md against the code; `python -m jobmatch_assets_tests.docs.test_entities_page` writes its tables."""

import re
from typing import Any

import pytest
import yaml

from jobmatch_assets.checks.unknown_references import MOST_UNKNOWN
from jobmatch_assets.contracts.dimension_tables import DIMENSION_TABLES
from jobmatch_assets.contracts.entities.columns import EntityColumn, EntityTable
from jobmatch_assets.contracts.entities.matches import MATCH_WORDS, ORIGINS
from jobmatch_assets.contracts.entities.personal import (
    LINKS_OF_PEOPLE,
    NAMES_OF_PEOPLE,
    PERSONAL_BEGINNINGS,
    PERSONAL_NAMES,
    REMOVED,
)
from jobmatch_assets.contracts.entities.quarantine import (
    ENTITY_REASONS,
    MAX_RECORD_BYTES,
    UNCHANGED_VALUE,
)
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.event_fields import DEEPEST_NESTING
from jobmatch_assets.contracts.fact_tables import FACT_TABLES
from jobmatch_assets.contracts.version_tables import EFFECTS, VERSION_TABLES
from jobmatch_assets.landing.entity_names import FORMATS, EntityName, name_of
from jobmatch_assets.landing.source_registry import COLUMNS, read_sources
from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.docs.entities_page import PAGE, shown, table_headed, tables

_MODELS = PROJECT_DIR / "dbt_project" / "models" / "silver" / "versions"

_TYPES = {"integer_id": "integer id", "word": "word", "exact_word": "word", "location": "place"}
"""What the page calls a kind of value, where that is not its name."""

_ROLES = {"key": "key", "tracked": "tracked", "hashed": "tracked by its hash", "plain": ""}


def written() -> dict[str, str]:
    """What stands between the marks of the page, by their names."""
    return {"personal": _personal(), "tables": "\n".join(map(_described, ENTITY_TABLES))}


def _personal() -> str:
    everywhere = [f"`{name}`" for name in PERSONAL_NAMES] + [f"`{name}…`" for name in PERSONAL_BEGINNINGS]
    return (
        f"- {', '.join(everywhere)} of every table;\n"
        f"- `name` of {' and '.join(NAMES_OF_PEOPLE)}; `…_url` of {' and '.join(LINKS_OF_PEOPLE)}.\n"
    )


def _described(table: EntityTable) -> str:
    meanings = _meanings(table)
    lines = [
        f"### {table.name}\n",
        f"Files: `{table.name}/` or `{table.plural}/`.\n",
        "| column | type | | |",
        "|---|---|---|---|",
    ]
    for column in table.columns:
        cells = (f"`{column.name}`", _type(column), _role(column), _meaning(column, meanings[column.name]))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _type(column: EntityColumn) -> str:
    kind = _TYPES.get(column.kind, column.kind)
    if column.words:
        kind = f"{kind}: {', '.join(column.words)}"
    if column.least is not None:
        until = f"to {column.most}" if column.most is not None else "or more"
        kind = f"{kind}, {column.least} {until}"
    return f"list, {kind}" if column.is_list else kind


def _role(column: EntityColumn) -> str:
    if column.role == "key":
        return "**key**"
    roles = ["**required**" if column.required else "", _ROLES[column.role]]
    return ", ".join(filter(None, roles))


def _meanings(table: EntityTable) -> dict[str, str]:
    model = yaml.safe_load((_MODELS / f"{table.versions}.yml").read_text(encoding="utf-8"))["models"][0]
    return {column["name"]: column["description"] for column in model["columns"]}


def _meaning(column: EntityColumn, description: str) -> str:
    """What dbt says of a column, without its words, which stand beside, and without what NULL means in a version."""
    meaning = re.sub(r" NULL: .*", "", description)
    words = f"{', '.join(column.words[:-1])} or {column.words[-1]}." if column.words else ""
    without = meaning.removesuffix(words) if words else meaning
    return re.sub(r"[:,] $", ".", without)


def with_tables(text: str) -> str:
    """The page with its tables between their marks."""
    for name, table in written().items():
        mark = re.compile(rf"(<!-- {name}: .*?-->\n)(.*?)(<!-- end of {name} -->)", re.DOTALL)
        text, times = mark.subn(lambda found, table=table: f"{found[1]}{table}{found[3]}", text)
        assert times == 1
    return text


def text_of_page() -> str:
    """The page without its line breaks."""
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_the_tables_of_the_page_are_those_of_the_contract() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_tables(text), "run: python -m jobmatch_assets_tests.docs.test_entities_page"


def test_every_type_of_a_column_has_its_rules_on_the_page() -> None:
    rules = table_headed("type", "reads").keys
    told = {part.strip() for rule in rules for part in rule.split(",")}
    told |= {"place", "word"} if "a word of a list" in rules else {"place"}
    kinds = {column.kind for table in ENTITY_TABLES for column in table.columns}
    assert {_TYPES.get(kind, kind) for kind in kinds} <= told
    assert "A place is an object of `country`" in text_of_page()


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (("reason", "when", "what to do", "for example"), ENTITY_REASONS),
        (("effect", "the record"), EFFECTS),
        (("match", "the version is"), (*MATCH_WORDS, "NULL")),
        (("origin", "status and time", "precision"), ORIGINS),
        (("column", "says", "without it"), COLUMNS[1:]),
        (("format", "a record is", "a missing column means", "a file is refused that"), FORMATS),
    ],
    ids=lambda value: value[0],
)
def test_words_of_the_contract_are_on_the_page_in_their_order(
    header: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert tuple(row[0] for row in table_headed(*header).rows) == words


def test_limits_and_marks_of_the_text_are_those_of_the_code() -> None:
    text = text_of_page()
    for said in (
        f"**4 MiB** ({MAX_RECORD_BYTES:,} bytes)",
        f"more than {DEEPEST_NESTING} arrays and objects",
        f"`{UNCHANGED_VALUE}`",
        f"`{REMOVED}`",
        "one of the [eleven below]",
        f"more than {MOST_UNKNOWN:.0%} of a fact".replace("%", " %"),
    ):
        assert said in text
    assert len(ENTITY_TABLES) == 11


def _name_as_shown(name: EntityName) -> tuple[Any, ...]:
    dump = f"part {name.part} of {name.parts}" if name.snapshot is not None else "no"
    return name.table.name, name.source, shown(name.dt), shown(name.taken_at), dump


def test_names_of_files_say_what_the_page_says() -> None:
    rows = table_headed("file below entities/", "table", "source", "day", "taken_at", "dump").rows
    assert len(rows) >= 5
    for path, *said in rows:
        found = name_of(path)
        assert isinstance(found, EntityName), path
        assert _name_as_shown(found) == tuple(said)


def test_the_page_has_a_table_for_every_table_of_the_contract() -> None:
    described = [table for table in tables() if table.name == "column" and table.columns == ("type", "", "")]
    assert [[row[0] for row in table.rows] for table in described] == [
        [column.name for column in table.columns] for table in ENTITY_TABLES
    ]


def test_the_page_says_what_a_source_without_a_line_has() -> None:
    default = read_sources(None, "EUR")[""]
    said = {row[0]: row[2] for row in table_headed("column", "says", "without it").rows}
    assert said == {
        "time_zone": default.time_zone,
        "default_currency": "JOBMATCH_DEFAULT_CURRENCY",
        "freshness_hours": f"{default.freshness_hours:g}",
        "max_deleted_share": f"{default.max_deleted_share:g}",
    }


def test_the_page_names_every_table_that_is_built_and_whether_it_is_published() -> None:
    built = [
        *(table for table in VERSION_TABLES if not table.table.startswith("stg_")),
        *DIMENSION_TABLES,
        *FACT_TABLES,
    ]
    names = {
        re.sub(
            rf"^({'|'.join(table.name for table in ENTITY_TABLES)})_(records|versions)$", r"<table>_\2", name
        )
        for name in (table.table for table in built)
    }
    said: dict[str, str] = {}
    for cell, _, is_published in table_headed("table", "a row is", "in the published copy").rows:
        for name in cell.replace("`", "").split(", "):
            said[name.rpartition(".")[2]] = is_published
    assert set(said) == names
    published = {table.table for table in built if table.schema.endswith("gold") and table.is_published}
    assert {name for name, word in said.items() if word == "yes"} == published


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
