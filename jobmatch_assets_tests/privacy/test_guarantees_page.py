"""docs/guarantees.md lists the columns that erasure empties, and those by which it knows a person, as they are."""

from pathlib import Path

from jobmatch_assets.contracts.erasure import EVENT_LINES, RECORD_LINES
from jobmatch_assets.settings import PROJECT_DIR

PAGE = Path(PROJECT_DIR, "docs/guarantees.md")


def test_the_page_lists_what_is_emptied() -> None:
    text = PAGE.read_text(encoding="utf-8")
    _, _, rest = text.partition("<!-- emptied:")
    listed = {}
    for line in rest.partition("<!-- end of emptied -->")[0].splitlines()[3:]:
        table, subjects, emptied = (
            cell.split("`")[1::2] or cell.strip() for cell in line.strip("|").split("|")
        )
        listed[table] = (tuple(subjects), set(emptied))
    expected = {"events": EVENT_LINES} | {
        name: rules for name, rules in RECORD_LINES.items() if rules.subjects
    }
    assert listed == {name: (rules.subjects, set(rules.free_text)) for name, rules in expected.items()}
