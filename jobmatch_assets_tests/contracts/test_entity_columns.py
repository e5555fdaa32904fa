"""The tables of the entity contract are those of the models."""

import dataclasses
import json
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from jobmatch_assets.contracts.entities import personal, quarantine
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.settings import PROJECT_DIR

_DBT = PROJECT_DIR / "dbt_project"

WORDS: dict[str, tuple[str, ...]] = {
    "entity_reasons": quarantine.ENTITY_REASONS,
    "personal_names": personal.PERSONAL_NAMES,
    "personal_beginnings": personal.PERSONAL_BEGINNINGS,
    "names_of_people": personal.NAMES_OF_PEOPLE,
    "links_of_people": personal.LINKS_OF_PEOPLE,
}
"""By the macro that gives models the same words."""

_TEMPLATE = """
{%- set columns = {} -%}
{%- for table in entity_tables() -%}{%- do columns.update({table: entity_columns(table)}) -%}{%- endfor -%}
"""


@pytest.fixture(scope="module")
def models_know(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = str(tmp_path_factory.mktemp("dbt"))
    known = ", ".join(f"'{macro}': {macro}()" for macro in WORDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOBMATCH_DUCKDB_PATH", ":memory:")
        outcome = dbtRunner().invoke(
            [
                *("compile", "--quiet", "--inline"),
                f"{_TEMPLATE}{{{{ {{'columns': columns, {known}}} | tojson }}}}",
                *("--project-dir", str(_DBT), "--profiles-dir", str(_DBT)),
                *("--target-path", folder, "--log-path", folder),
            ]
        )
    found: dict[str, Any] = json.loads(outcome.result.results[0].node.compiled_code)  # type: ignore[union-attr,arg-type]
    return found


def test_models_know_the_same_tables(models_know: dict[str, Any]) -> None:
    assert sorted(models_know["columns"]) == sorted(table.name for table in ENTITY_TABLES)


@pytest.mark.parametrize("table", ENTITY_TABLES, ids=lambda table: table.name)
def test_models_read_a_table_as_its_contract_says(models_know: dict[str, Any], table: Any) -> None:
    columns = [dataclasses.asdict(column) | {"words": list(column.words)} for column in table.columns]
    assert models_know["columns"][table.name] == columns


@pytest.mark.parametrize("macro", WORDS)
def test_models_know_the_words_of_the_contract(models_know: dict[str, Any], macro: str) -> None:
    assert tuple(models_know[macro]) == WORDS[macro]
