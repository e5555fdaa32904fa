"""Messages in the formats of their receivers, within their limits and with nothing of the data as markup.

Names, paths and errors come from data. They stand in code spans or are escaped, and no @ in them can mention
anybody.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from jobmatch_assets.alerting import wording
from jobmatch_assets.alerting.incidents import MOST_ERROR, Notice
from jobmatch_assets.alerting.messages import Message
from jobmatch_assets.alerting.reports import ReadyReport
from jobmatch_assets.settings import WebhookFormat

# Of the text of an alert, where it is alone and where there are others. Slack folds what is long.
_MOST_ALONE, _MOST_OF_SEVERAL = 3_000, 1_000
_LEAST_ERROR = 20
# Discord refuses more than 256 characters in a title, and 6,000 in all embeds together.
_MOST_TITLE = 256
_MOST_EMBEDDED = 5_800
_MOST_EMBEDS = 10
_MOST_PATH = 300

_RED, _YELLOW, _GREEN, _BLUE = 0xD32F2F, 0xF9A825, 0x2E7D32, 0x1A5A96
_DISCORD_MARKUP = re.compile(r"[\\`*_~|<>\[\]]")


def payload(format_: WebhookFormat, message: Message, ui_url: str, plain: bool = False) -> dict[str, Any]:
    """The JSON body of a POST.

    Args:
        format_: The receiver's format.
        message: What to say.
        ui_url: Base of links.
        plain: Only the line that every receiver understands, where the full message was refused.
    """
    if format_ == "json":
        return _json(message, ui_url)
    if format_ == "discord":
        return _discord(message, ui_url, plain)
    return _slack(message, ui_url, plain)


def trial_payload(format_: WebhookFormat, ui_url: str) -> dict[str, Any]:
    """The JSON body of a message that says nothing but that messages arrive."""
    text = f"Test message of jobmatch: alerts arrive here, and link to {ui_url}"
    if format_ == "json":
        return {"id": "test", "summary": text, "problems": 0, "recoveries": 0, "alerts": [], "reports": []}
    if format_ == "discord":
        return {"content": f"🟢 {text}", "allowed_mentions": {"parse": []}}
    return {"text": f"🟢 {text}"}


def _slack(message: Message, ui_url: str, plain: bool) -> dict[str, Any]:
    """Attachments rather than blocks: Mattermost and Rocket.Chat know them, too."""
    text = _first_line(message, _slack_text, ui_url)
    if plain:
        return {"text": text}
    most = _MOST_ALONE if len(message.notices) == 1 else _MOST_OF_SEVERAL

    def attachment(notice: Notice) -> dict[str, Any]:
        label, url = wording.link(notice, ui_url)
        lines = _details(notice, _slack_text, f"<{url}|{label}>", most)
        shown = {
            "color": f"#{_colour(notice):06x}",
            "fallback": _slack_text(_title(notice)),
            "text": "\n".join(lines),
            "mrkdwn_in": ["text"],
        }
        return shown if len(message.notices) == 1 else {"title": _slack_text(_title(notice)), **shown}

    def report_attachment(report: ReadyReport) -> dict[str, Any]:
        label, url = wording.report_link(report, ui_url)
        return {
            "color": f"#{_BLUE:06x}",
            "fallback": _slack_text(wording.report_title(report)),
            "title": _slack_text(wording.report_title(report)),
            "text": "\n".join(_report_details(report, _slack_text, f"<{url}|{label}>")),
            "mrkdwn_in": ["text"],
        }

    notices = [attachment(notice) for notice in message.notices]
    return {"text": text, "attachments": [*notices, *map(report_attachment, message.reports)]}


def _discord(message: Message, ui_url: str, plain: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "content": _first_line(message, _discord_text, ui_url),
        "allowed_mentions": {"parse": []},
    }
    if plain:
        return body
    titles = [_discord_title(notice) if len(message.notices) > 1 else "" for notice in message.notices]
    reports = _report_embeds(message, ui_url)
    taken = sum(map(_units, titles)) + sum(map(_embedded, reports))
    room = (_MOST_EMBEDDED - taken) // max(len(titles), 1)
    most = min(room, _MOST_ALONE)
    embeds: list[dict[str, Any]] = []
    for notice, title in zip(message.notices, titles, strict=True):
        label, url = wording.link(notice, ui_url)
        description = "\n".join(_details(notice, _discord_text, f"[{label}]({url})", most))
        embed: dict[str, Any] = {"color": _colour(notice), **({"title": title} if title else {})}
        if _units(description) <= room:
            embed["description"] = description
        embeds.append(embed)
    return body | {"embeds": embeds + reports}


def _report_embeds(message: Message, ui_url: str) -> list[dict[str, Any]]:
    """Reports as Discord shows them: as many as its ten embeds, and half of its characters, have room for."""
    embeds: list[dict[str, Any]] = []
    for report in message.reports[: _MOST_EMBEDS - len(message.notices)]:
        label, url = wording.report_link(report, ui_url)
        lines = _report_details(report, _discord_text, f"[{label}]({url})")
        title = _discord_text(wording.report_title(report))
        embed = {"color": _BLUE, "title": title, "description": "\n".join(lines)}
        if sum(map(_embedded, [*embeds, embed])) <= _MOST_EMBEDDED // 2:
            embeds.append(embed)
    return embeds


def _embedded(embed: Mapping[str, Any]) -> int:
    return _units(embed["title"]) + _units(embed["description"])


def _json(message: Message, ui_url: str) -> dict[str, Any]:
    def alert(notice: Notice) -> dict[str, Any]:
        incident, subject = notice.incident, notice.incident.subject
        name = wording.one_paragraph(subject.name, MOST_ERROR)
        return {
            "status": "open" if notice.until is None else "recovered",
            "kind": subject.kind,
            "severity": incident.severity,
            "title": wording.title(notice),
            "job": name if subject.kind == "run" else None,
            "check": name if subject.kind == "check" else None,
            "assets": [wording.one_paragraph(asset, MOST_ERROR) for asset in subject.assets],
            "partitions": wording.one_paragraph(incident.partitions, MOST_ERROR) or None,
            "error": wording.reason(notice, MOST_ERROR) or None,
            "run_id": notice.run_id or None,
            "url": wording.link(notice, ui_url)[1],
            "began": _iso(incident.since),
            "ended": None if notice.until is None else _iso(notice.until),
        }

    return {
        "id": message.id,
        "summary": wording.summary(message),
        "problems": message.problems,
        "recoveries": message.recoveries,
        "alerts": [alert(notice) for notice in message.notices],
        "reports": [
            {
                "title": wording.report_title(report),
                "name": wording.one_line(report.name, MOST_ERROR),
                "path": wording.one_paragraph(report.path, MOST_ERROR),
                "is_final": report.is_final,
                "run_id": report.run_id or None,
                "url": wording.report_link(report, ui_url)[1],
                "made": _iso(report.at),
            }
            for report in message.reports
        ],
    }


def _first_line(message: Message, escaped: Callable[[str], str], ui_url: str) -> str:
    """What a phone shows before the message is opened."""
    mark = {"error": "🔴", "warn": "🟡", None: "🟢"}[wording.worst(message)] if message.notices else "📄"
    everything = f", all on {ui_url}" if message.hidden else ""
    return f"{mark} {escaped(_without_links(wording.summary(message)))}{everything}"


def _report_details(report: ReadyReport, escaped: Callable[[str], str], link: str) -> list[str]:
    """Where it is, when it was made, and by what."""
    path = _code(wording.one_paragraph(report.path, _MOST_PATH), escaped)
    return [path, f"Made {wording.moment(report.at)} · {link}"]


def _details(notice: Notice, escaped: Callable[[str], str], link: str, most: int) -> list[str]:
    """Partitions, error, time and link, a line each; together at most so long, for which the error is cut."""
    before = escaped(_without_links(wording.partitions(notice)))
    after = f"{wording.times(notice)} · {link}"
    room = most - _units(before) - _units(after) - 2
    error = _fitting_error(notice, escaped, room) if notice.until is None else ""
    return [line for line in (before, error, after) if line]


def _fitting_error(notice: Notice, escaped: Callable[[str], str], room: int) -> str:
    """The error as a code span; escaped it may be longer than it is."""
    most = room - 2
    while most >= _LEAST_ERROR:
        code = _code(wording.reason(notice, most), escaped)
        if _units(code) <= room:
            return code
        most = min(most * room // _units(code), most - 1)
    return ""


def _code(text: str, escaped: Callable[[str], str]) -> str:
    """A code span: no receiver looks for markup in it. Discord takes a backslash there as it is."""
    if not text:
        return ""
    inside = text.replace("`", "'")
    return f"`{_without_mentions(inside) if escaped is _discord_text else escaped(inside)}`"


def _title(notice: Notice) -> str:
    return _without_links(wording.title(notice))


def _discord_title(notice: Notice) -> str:
    """Cut before it is escaped, so that no half of an escape is left."""
    title = _title(notice)
    while _units(escaped := _discord_text(title)) > _MOST_TITLE:
        title = title[: len(title) * _MOST_TITLE // _units(escaped)]
    return escaped


def _slack_text(text: str) -> str:
    return _without_mentions(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _discord_text(text: str) -> str:
    return _without_mentions(_DISCORD_MARKUP.sub(r"\\\g<0>", text))


def _without_mentions(text: str) -> str:
    """An invisible space after each @: Mattermost finds mentions in any text."""
    return text.replace("@", "@\u200b")


def _without_links(text: str) -> str:
    """An invisible space in each address: receivers make links of those that are in no code."""
    return text.replace("://", ":\u200b//")


def _units(text: str) -> int:
    """The length as JavaScript counts it."""
    return len(text.encode("utf-16-le")) // 2


def _colour(notice: Notice) -> int:
    if notice.until is not None:
        return _GREEN
    return _RED if notice.incident.severity == "error" else _YELLOW


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
