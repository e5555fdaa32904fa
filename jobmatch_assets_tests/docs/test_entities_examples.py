"""The examples of docs/entities.md: landed in one run, they make the tables that the page shows."""

import re
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.contracts.entities.quarantine import ENTITY_REASONS, MAX_RECORD_BYTES
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.landing.entity_names import FORMATS, EntityName, name_of
from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.docs.entities_page import (
    KEYS,
    SOURCES,
    PageTable,
    Rows,
    files,
    queries,
    shown,
    table_headed,
    warehouse_tables,
)

REASONS = table_headed("reason", "when", "what to do", "for example")

UNSHOWN = {
    "record_too_long": b'{"job_id":"q-1","title":"Nurse","description":"%s"}' % (b"x" * MAX_RECORD_BYTES),
    "not_utf8": '{"job_id":"q-2","title":"Köchin"}'.encode("latin-1"),
}
"""Rejected examples that the page can only describe."""

BROKEN, MENDED, README = "broken", "mended", "readme"
"""The sources of rejected examples, of what is sent in their place, and of the records in the README."""


def examples_of_reasons() -> dict[str, tuple[bytes, bytes | None]]:
    """{reason: (a record that is rejected for it, one that is not)}."""
    found: dict[str, tuple[bytes, bytes | None]] = {}
    for reason, _, _, example in REASONS.rows:
        if reason in UNSHOWN:
            found[reason] = UNSHOWN[reason], None
        else:
            rejected, mended = re.fullmatch(r"`(.+)` → `(.+)`", example).groups()  # type: ignore[union-attr]
            found[reason] = rejected.encode(), mended.encode()
    return found


def example_of_readme() -> str:
    """The records of a job in the README."""
    (found,) = re.findall(
        r"^```json\n(.*?)^```$", (PROJECT_DIR / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    return str(found)


def land(landing: Path) -> None:
    """All files of the page, and its records of reasons in files of their own."""
    contents = {name: text.encode() for name, text in files().items() if name != SOURCES}
    for reason, records in examples_of_reasons().items():
        head, ending = (b"job_id,title\n", "csv") if reason == "bad_csv_row" else (b"", "ndjson")
        for source, record in zip((BROKEN, MENDED), records, strict=True):
            if record is not None:
                path = f"entities/job/source={source}/dt=2026-03-02/{reason}.{ending}"
                contents[path] = head + record + b"\n"
    contents[f"entities/job/source={README}/dt=2026-03-01/changes.ndjson"] = example_of_readme().encode()
    for name, content in contents.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Workbench:
    """A platform to which everything on the page has come, in one run."""
    folder = tmp_path_factory.mktemp("entities_page")
    registry = folder / SOURCES
    registry.write_text(files()[SOURCES])
    bench = Workbench(folder, instance, JOBMATCH_SOURCES=str(registry))
    land(bench.landing)
    bench.run()
    bench.keep_open()
    return bench


def rows_of(bench: Workbench, table: PageTable) -> Rows:
    """What the warehouse has of the keys in a table of the page."""
    contract = table_named(table.name)
    columns = ", ".join(f'"{name}"' for name in (table.key, *table.columns))
    found = bench.query(
        f'select {columns} from {contract.schema}.{contract.table} where list_contains(?, "{table.key}"::varchar)',
        sorted(table.keys),
    )
    return sorted(tuple(map(shown, row)) for row in found)


@pytest.mark.parametrize("table", warehouse_tables(), ids=lambda table: f"{table.name} {min(table.keys)}")
def test_examples_make_the_table_below_them(built: Workbench, table: PageTable) -> None:
    assert rows_of(built, table) == sorted(table.rows)


OF_SOURCES = ("entities_quarantine", *(table.versions for table in ENTITY_TABLES))

SHOWN_WHOLE = {
    **dict.fromkeys(("fact_event", "fact_application", "application_status_history"), ""),
    **dict.fromkeys(OF_SOURCES, f"where source not in ('{BROKEN}', '{MENDED}', '{README}')"),
}
"""{table: what of it the page shows}; of examples of reasons it shows the reason."""


def test_the_page_leaves_out_nothing_that_its_examples_make(built: Workbench) -> None:
    on_page: dict[str, set[str]] = {name: set() for name in (*SHOWN_WHOLE, "openings")}
    for table in warehouse_tables():
        on_page.setdefault(table.name, set()).update(table.keys)
    # Of what is posted again, the page shows the opening.
    on_page["job_versions"] |= on_page["openings"]
    for name, condition in SHOWN_WHOLE.items():
        contract = table_named(name)
        found = built.query(
            f"select distinct {KEYS[name]}::varchar from {contract.schema}.{contract.table} {condition}"
        )
        assert {key for (key,) in found} == on_page[name], name


@pytest.mark.parametrize(("query", "table"), queries(), ids=lambda value: getattr(value, "name", ""))
def test_a_query_gives_the_table_below_it(built: Workbench, query: str, table: PageTable) -> None:
    rows = built.rows(query)
    assert tuple(rows[0]) == (table.name, *table.columns)
    assert [tuple(map(shown, row.values())) for row in rows] == table.rows


def test_every_rejected_record_has_its_reason_and_every_mended_one_none(built: Workbench) -> None:
    found = built.query(
        "select source, regexp_extract(_source_file, '([a-z_0-9]+)[.][a-z]+$', 1), reason "
        "from job_matching_silver.stg_entity_records where source in (?, ?)",
        BROKEN,
        MENDED,
    )
    rejected = {(BROKEN, reason, reason) for reason in ENTITY_REASONS}
    mended = {(MENDED, reason, None) for reason in ENTITY_REASONS if reason not in UNSHOWN}
    assert len(found) == len(rejected | mended)
    assert set(found) == rejected | mended


def test_the_page_has_an_example_of_every_format_form_and_layout(built: Workbench) -> None:
    names = [name_of(name.removeprefix("entities/")) for name in files() if name.startswith("entities/")]
    landed = [name for name in names if isinstance(name, EntityName)]
    assert len(landed) == len(names)
    assert {name.format for name in landed} == {*FORMATS}
    assert {(name.snapshot is not None, name.parts) for name in landed} == {
        (False, None),
        (True, 1),
        (True, 2),
    }
    assert built.query(
        "select distinct form, is_wrapped from job_matching_silver.stg_entity_records "
        "where reason is null order by all"
    ) == [("envelope", False), ("envelope", True), ("flattened", False), ("row", False)]


def test_the_records_in_the_readme_make_two_versions(built: Workbench) -> None:
    assert built.query(
        "select job_id, status, valid_from::varchar, is_current from job_matching_silver.job_versions "
        "where source = ? order by version",
        README,
    ) == [
        ("job-7", "open", "2026-03-01 08:00:00+00", False),
        ("job-7", "filled", "2026-03-01 17:30:00+00", True),
    ]
