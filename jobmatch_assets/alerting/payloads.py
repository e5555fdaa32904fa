"""Messages in the formats of their receivers, within their limits and with nothing of the data as markup.

Names, paths and errors come from data. They stand in code spans or are escaped, and no @ in them can mention
anybody.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from jobmatch_assets.alerting import wording
from jobmatch_assets.alerting.incidents import Notice
from jobmatch_assets.alerting.messages import Message
from jobmatch_assets.settings import WebhookFormat

_MOST_ERROR = 300
# Discord refuses more than 256 characters in a title, and 6,000 in all embeds together.
_MOST_TITLE = 256
_MOST_EMBEDDED = 5_800

_RED, _YELLOW, _GREEN = 0xD32F2F, 0xF9A825, 0x2E7D32
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


def _slack(message: Message, ui_url: str, plain: bool) -> dict[str, Any]:
    """Attachments rather than blocks: Mattermost and Rocket.Chat know them, too."""
    text = _first_line(message, _slack_text, ui_url)
    if plain:
        return {"text": text}

    def attachment(notice: Notice) -> dict[str, Any]:
        label, url = wording.link(notice, ui_url)
        lines = _details(notice, _slack_text, f"<{url}|{label}>")
        shown = {
            "color": f"#{_colour(notice):06x}",
            "fallback": _slack_text(wording.title(notice)),
            "text": "\n".join(lines),
            "mrkdwn_in": ["text"],
        }
        return shown if len(message.notices) == 1 else {"title": _slack_text(wording.title(notice)), **shown}

    return {"text": text, "attachments": [attachment(notice) for notice in message.notices]}


def _discord(message: Message, ui_url: str, plain: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "content": _first_line(message, _discord_text, ui_url),
        "allowed_mentions": {"parse": []},
    }
    if plain:
        return body
    embeds: list[dict[str, Any]] = []
    room = _MOST_EMBEDDED
    for notice in message.notices:
        label, url = wording.link(notice, ui_url)
        description = "\n".join(_details(notice, _discord_text, f"[{label}]({url})"))
        title = _discord_text(wording.title(notice))[:_MOST_TITLE] if len(message.notices) > 1 else ""
        embed: dict[str, Any] = {"color": _colour(notice), **({"title": title} if title else {})}
        titles_to_come = _MOST_TITLE * (len(message.notices) - len(embeds) - 1)
        if _units(title) + _units(description) <= room - titles_to_come:
            embed["description"] = description
            room -= _units(description)
        room -= _units(title)
        embeds.append(embed)
    return body | {"embeds": embeds}


def _json(message: Message, ui_url: str) -> dict[str, Any]:
    def alert(notice: Notice) -> dict[str, Any]:
        incident, subject = notice.incident, notice.incident.subject
        return {
            "status": "open" if notice.until is None else "recovered",
            "kind": subject.kind,
            "severity": incident.severity,
            "title": wording.title(notice),
            "job": subject.name if subject.kind == "run" else None,
            "check": subject.name if subject.kind == "check" else None,
            "assets": list(subject.assets),
            "partitions": incident.partitions or None,
            "error": wording.reason(notice, _MOST_ERROR) or None,
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
    }


def _first_line(message: Message, escaped: Callable[[str], str], ui_url: str) -> str:
    """What a phone shows before the message is opened."""
    mark = {"error": "🔴", "warn": "🟡", None: "🟢"}[wording.worst(message)]
    everything = f", all on {ui_url}" if message.hidden else ""
    return f"{mark} {escaped(wording.summary(message))}{everything}"


def _details(notice: Notice, escaped: Callable[[str], str], link: str) -> list[str]:
    """Partitions, error, time and link, a line each."""
    error = "" if notice.until is not None else _code(wording.reason(notice, _MOST_ERROR), escaped)
    when = f"{wording.times(notice)} · {link}"
    return [line for line in (escaped(wording.partitions(notice)), error, when) if line]


def _code(text: str, escaped: Callable[[str], str]) -> str:
    """A code span: no receiver looks for markup in it. Discord takes a backslash there as it is."""
    if not text:
        return ""
    inside = text.replace("`", "'")
    return f"`{_without_mentions(inside) if escaped is _discord_text else escaped(inside)}`"


def _slack_text(text: str) -> str:
    return _without_mentions(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _discord_text(text: str) -> str:
    return _without_mentions(_DISCORD_MARKUP.sub(r"\\\g<0>", text))


def _without_mentions(text: str) -> str:
    """An invisible space after each @: Mattermost finds mentions in any text."""
    return text.replace("@", "@\u200b")


def _units(text: str) -> int:
    """The length as JavaScript counts it."""
    return len(text.encode("utf-16-le")) // 2


def _colour(notice: Notice) -> int:
    if notice.until is not None:
        return _GREEN
    return _RED if notice.incident.severity == "error" else _YELLOW


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
