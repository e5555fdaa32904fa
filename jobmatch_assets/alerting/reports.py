"""Reports that are ready: told once for what each says. They are no incidents, and nothing ends them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST_REPORTS = 10
"""Reports that one message tells of, and files that are remembered as told are ten times as many."""


@dataclass(frozen=True)
class ReadyReport:
    """A report that was made.

    Attributes:
        name: What it is about, as its file is called for people: `2026-W10`.
        path: The file.
        is_final: Whether its numbers can change by late data only.
        content: A hash of what it says; a report that is made again and says the same is no news.
        run_id: The run that made it.
        at: When, in seconds of the epoch.
    """

    name: str
    path: str
    is_final: bool
    content: str
    run_id: str
    at: float


@dataclass(frozen=True)
class ToldReports:
    """What is known between two looks.

    Attributes:
        position: The last materialization that was taken in.
        told: {path: hash of what the report said when it was told}, the latest last.
    """

    position: int = 0
    told: Mapping[str, str] = field(default_factory=dict)


def news_of(
    before: ToldReports, made: Iterable[ReadyReport], position: int
) -> tuple[ToldReports, list[ReadyReport]]:
    """Take in reports that were made, in their order.

    Args:
        before: What was known.
        made: The reports.
        position: The last materialization that was read.

    Returns:
        What is known now, and the reports to tell of: of each file the latest, where it says something else
        than what was told.
    """
    latest = {report.path: report for report in made}
    news = [report for report in latest.values() if before.told.get(report.path) != report.content]
    kept = {path: content for path, content in before.told.items() if path not in latest}
    told = {**kept, **{path: report.content for path, report in latest.items()}}
    return ToldReports(position, dict(list(told.items())[-10 * MOST_REPORTS :])), news
