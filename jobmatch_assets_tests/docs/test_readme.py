"""The README against the code; `python -m jobmatch_assets_tests.docs.test_readme` writes its tables."""

import re
from pathlib import Path

import pytest

from jobmatch_assets.dashboards.registry import registered
from jobmatch_assets.settings import PROJECT_DIR, SETTINGS

README = PROJECT_DIR / "README.md"
DOCUMENTS = (README, *sorted((PROJECT_DIR / "docs").glob("*.md")))

_OTHER_PAGES = {
    "Dictionary": "What does each number mean, and may it be added up?",
    "Tables": "What does each column hold, what is it made of, which tests does it pass?",
}


def settings_table() -> str:
    """All settings as Markdown, in the order of the code."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for setting in SETTINGS.values():
        shown = f"`{setting.default}`" if setting.default else "(empty)"
        lines.append(f"| `{setting.variable}` | {shown} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def pages_table() -> str:
    """All pages with the questions that they answer, in the order of their navigation."""
    pages = {
        f"{page.title}, a page for each" if page.instances else page.title: page.question
        for page in registered()
    }
    lines = ["| page | answers |", "|---|---|"]
    lines += [f"| {title} | {question} |" for title, question in {**pages, **_OTHER_PAGES}.items()]
    return "\n".join(lines) + "\n"


def with_tables(text: str) -> str:
    """The text with each table between its two marks."""
    for name, table in (("settings", settings_table()), ("pages", pages_table())):
        marks = re.compile(rf"(<!-- {name}:.*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text, times = marks.subn(lambda found, table=table: f"{found[1]}{table}{found[2]}", text)
        assert times == 1
    return text


def test_its_tables_are_up_to_date() -> None:
    text = README.read_text()
    assert text == with_tables(text), "run: python -m jobmatch_assets_tests.docs.test_readme"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_files_exist(document: Path) -> None:
    named = re.findall(r"`((?:jobmatch_assets|dbt_project|docs)[\w/]*/[\w./]*)`", document.read_text())
    assert [name for name in named if not (PROJECT_DIR / name).exists()] == []


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
