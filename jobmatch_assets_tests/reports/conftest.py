from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.weekly import WeeklyReport, build_weekly
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.published import Copy


@dataclass(frozen=True)
class Made:
    """A report that a test has made.

    Attributes:
        report: What was written.
        pages: The text of each page; blanks and line ends are one blank.
    """

    report: WeeklyReport
    pages: list[str]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return " ".join(self.pages)


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    """The metrics of the project."""
    return Dictionary.of(DbtProject(Settings.from_environment({})).manifest)


@pytest.fixture(scope="session")
def make(
    tmp_path_factory: pytest.TempPathFactory, dictionary: Dictionary
) -> Callable[[Copy, str | None], Made]:
    """Makes the report of a copy, of a week or of the last complete one."""

    def made(copy: Copy, week: str | None = None) -> Made:
        folder = tmp_path_factory.mktemp("reports")
        report = build_weekly(copy.path, folder, dictionary, Week.of_text(week) if week else None)
        return Made(report, [" ".join(page.extract_text().split()) for page in read(report.path).pages])

    return made


def read(path: Path) -> pypdf.PdfReader:
    """A PDF that somebody opens."""
    return pypdf.PdfReader(path)
