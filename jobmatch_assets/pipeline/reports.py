"""Reports from the published copy, with the platform's settings and dictionary."""

from pathlib import Path

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.weekly import WeeklyReport, build_weekly

LAYER = "reports"
"""Where reports stand beside the layers of tables."""

WEEKLY_REPORT = TableKey(LAYER, "weekly")
"""The key of the weekly report, as that of a table is."""


def built_weekly(platform: Platform, week: Week | None = None, out: Path | None = None) -> WeeklyReport:
    """Write the report of a week.

    Args:
        platform: Where the copy lies, and where reports go.
        week: The week; None for the last one that the copy holds completely.
        out: The file, in place of that of the week in JOBMATCH_REPORTS_PATH.

    Raises:
        CopyError: There is no copy, or it cannot be read.
        RequestError: The copy holds nothing of the week, or no complete one.
        ReportError: The report cannot be written.
    """
    settings = platform.settings
    dictionary = Dictionary.of(platform.dbt.manifest)
    return build_weekly(settings.published_path, settings.reports_path, dictionary, week, out)
