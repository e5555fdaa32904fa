"""The README against the code; `python -m jobmatch_assets_tests.docs.test_readme` writes its table."""

import re
from pathlib import Path

import pytest

from jobmatch_assets.settings import PROJECT_DIR, SETTINGS

README = PROJECT_DIR / "README.md"
DOCUMENTS = (README, *sorted((PROJECT_DIR / "docs").glob("*.md")))

_TABLE = re.compile(r"(<!-- settings:.*?-->\n)(.*?)(<!-- end of settings -->)", re.DOTALL)


def settings_table() -> str:
    """All settings as Markdown, in the order of the code."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for setting in SETTINGS.values():
        shown = f"`{setting.default}`" if setting.default else "(empty)"
        lines.append(f"| `{setting.variable}` | {shown} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def with_settings_table(text: str) -> str:
    """The text with the table between its two marks."""
    replaced, times = _TABLE.subn(lambda found: f"{found[1]}{settings_table()}{found[3]}", text)
    assert times == 1
    return replaced


def test_settings_table_is_up_to_date() -> None:
    text = README.read_text()
    assert text == with_settings_table(text), "run: python -m jobmatch_assets_tests.docs.test_readme"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_files_exist(document: Path) -> None:
    named = re.findall(r"`((?:jobmatch_assets|dbt_project|docs)[\w/]*/[\w./]*)`", document.read_text())
    assert [name for name in named if not (PROJECT_DIR / name).exists()] == []


if __name__ == "__main__":
    README.write_text(with_settings_table(README.read_text()))
