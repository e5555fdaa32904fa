"""Notices in words, the same for every receiver; nothing here is escaped."""

import datetime as dt
import unicodedata
from urllib.parse import quote

from jobmatch_assets.alerting.incidents import Notice, Severity, Subject
from jobmatch_assets.alerting.messages import Message
from jobmatch_assets.alerting.reports import ReadyReport

_MOST_TITLE = 150
_MOST_PARTITIONS = 120
_MOST_LINK = 1_000
_CUT = " … "
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

_EASED = "No longer blocks, still warns"
_FAILS = {"run": "Run failed", "check": "Check failed", "asset": "Stale"}
_IS_WELL = {"run": "Run succeeded again", "check": "Check passes again", "asset": "Fresh again"}


def one_line(text: str, most: int) -> str:
    """The first line that is not empty, without control characters, shortened at its end."""
    for line in text.splitlines():
        if words := _printable(line):
            return words if len(words) <= most else words[: most - 1].rstrip() + "…"
    return ""


def one_paragraph(text: str, most: int) -> str:
    """All lines as one, without control characters, shortened in the middle: what to do stands at the end."""
    words = _printable(text)
    if len(words) <= most:
        return words
    end = (most - len(_CUT)) // 2
    return (words[: max(most - len(_CUT) - end, 0)] + _CUT + words[len(words) - end :])[:most]


def _printable(text: str) -> str:
    # Cc, Cf, Cs …: what does not print, or turns the direction of what follows.
    printable = (character if unicodedata.category(character)[0] != "C" else " " for character in text)
    return " ".join("".join(printable).split())


def title(notice: Notice) -> str:
    """What happened to what: `Check failed: unique_grain on gold/funnel_daily`."""
    subject = notice.incident.subject
    if notice.until is not None:
        happened = _IS_WELL[subject.kind]
    elif notice.incident.eased:
        happened = _EASED
    elif notice.incident.severity == "error":
        happened = _FAILS[subject.kind]
    else:
        happened = "Late" if subject.kind == "asset" else f"{_FAILS[subject.kind]} (warning)"
    return one_line(f"{happened}: {_name(subject)}", _MOST_TITLE)


def summary(message: Message) -> str:
    """The message in a line."""
    if message.problems + message.recoveries == 1 and not message.reports:
        return title(message.notices[0])
    if len(message.reports) == 1 and not message.notices:
        return report_title(message.reports[0])
    counts = []
    if message.problems:
        counts.append(counted(message.problems, "problem"))
    if message.recoveries:
        counts.append(f"{message.recoveries:,} recovered")
    if message.reports:
        counts.append(f"{counted(len(message.reports), 'report')} ready")
    shown = f", {len(message.notices)} of them here" if message.hidden else ""
    return ", ".join(counts) + shown


def report_title(report: ReadyReport) -> str:
    """Which report is ready, and whether it is final: `Weekly report 2026-W10 is ready (not final)`."""
    state = "" if report.is_final else " (not final)"
    return one_line(f"Weekly report {report.name} is ready{state}", _MOST_TITLE)


def worst(message: Message) -> Severity | None:
    """How bad the worst problem is, None where there is none."""
    severities = {notice.incident.severity for notice in message.notices if notice.until is None}
    return "error" if "error" in severities else "warn" if severities else None


def partitions(notice: Notice) -> str:
    """Which partitions; empty without."""
    failed = one_line(notice.incident.partitions, _MOST_PARTITIONS)
    passed = one_line(notice.passed_partitions, _MOST_PARTITIONS)
    if not failed:
        return ""
    if passed and passed != failed:
        return f"Failed for {failed}, passes for {passed}"
    return f"Partition{'s' if '…' in failed or ',' in failed else ''} {failed}"


def reason(notice: Notice, most: int) -> str:
    """The error, without the name of the check where it begins with it: the title has it."""
    subject = notice.incident.subject
    named = f"Check {_name(subject).replace(' on ', ' of ', 1)}" if subject.kind == "check" else ""
    error = _printable(notice.incident.error)
    return one_paragraph(error.removeprefix(named).lstrip(": ") if named else error, most)


def counted(number: int, thing: str) -> str:
    """`1 message`, `2,000 messages`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def times(notice: Notice) -> str:
    """When it began, or how long it lasted."""
    since = notice.incident.since
    if notice.until is None:
        return f"Began {moment(since)}"
    return f"Lasted {duration(notice.until - since)}, since {moment(since)}"


def link(notice: Notice, ui_url: str) -> tuple[str, str]:
    """Text and URL of the page that shows more: the run, else the asset."""
    if notice.run_id:
        return run_link(notice.run_id, ui_url)
    return "asset", _url(ui_url, f"assets/{quote(notice.incident.subject.assets[0])}")


def report_link(report: ReadyReport, ui_url: str) -> tuple[str, str]:
    """Text and URL of the page of the run that made a report; without a run, those of the UI."""
    return run_link(report.run_id, ui_url) if report.run_id else ("Dagster", ui_url)


def run_link(run_id: str, ui_url: str) -> tuple[str, str]:
    """Text and URL of the page of a run."""
    name = "".join(character for character in run_id if character.isalnum())[:8]
    return f"run {name}", _url(ui_url, f"runs/{quote(run_id, safe='')}")


def _url(ui_url: str, page: str) -> str:
    # A link that is cut leads nowhere.
    return f"{ui_url}/{page}" if len(page) <= _MOST_LINK else ui_url


def moment(seconds: float) -> str:
    """A moment in UTC, to the minute."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def duration(seconds: float) -> str:
    """A duration in its two largest units."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"
    return f"{seconds // _DAY:.0f} d {seconds % _DAY // _HOUR:.0f} h"


def _name(subject: Subject) -> str:
    if subject.kind == "check":
        return f"{subject.name} on {subject.assets[0]}"
    if subject.kind == "asset":
        return subject.assets[0]
    if not subject.assets:
        return subject.name
    more = f" and {len(subject.assets) - 1} more" if len(subject.assets) > 1 else ""
    return subject.assets[0] + more
