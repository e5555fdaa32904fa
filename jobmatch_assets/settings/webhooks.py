"""Receivers of alerts, and how their URLs are read. No error quotes a URL: who knows it can post there."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import SplitResult, urlsplit

_URL_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+;=%-]+")

WebhookFormat = Literal["slack", "discord", "json"]


@dataclass(frozen=True)
class Webhook:
    """A receiver of alerts. Who knows its URL can post there, so the URL shows nowhere.

    Attributes:
        format: How it wants messages.
        url: Where it is.
    """

    format: WebhookFormat
    url: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.format} webhook at {urlsplit(self.url).hostname}"

    @property
    def fingerprint(self) -> str:
        """Tells it from others without saying where it is."""
        return hashlib.sha256(f"{self.format}+{self.url}".encode()).hexdigest()[:16]


_FORMAT_OF_HOST: dict[str, WebhookFormat] = {
    "hooks.slack.com": "slack",
    "hooks.slack-gov.com": "slack",
    "discord.com": "discord",
    "canary.discord.com": "discord",
    "ptb.discord.com": "discord",
    "discordapp.com": "discord",
}


def webhooks(text: str) -> tuple[Webhook, ...]:
    """All webhooks that a text names, each once."""
    found: dict[Webhook, None] = {}
    for number, entry in enumerate(re.findall(r"[^\s,]+", text), start=1):
        try:
            found[_webhook(entry)] = None
        except ValueError as error:
            raise ValueError(f"{error} (entry {number})") from None
    return tuple(found)


def _webhook(text: str) -> Webhook:
    prefix, _, rest = text.partition("+")
    named = next((name for name in get_args(WebhookFormat) if prefix == name), None)
    url = rest if named else text
    format_ = named or _FORMAT_OF_HOST.get(_http_url(url).hostname or "")
    if format_ is None:
        raise ValueError(
            "have slack+, discord+ or json+ before a URL whose host is neither Slack nor Discord"
        )
    _http_url(url)
    return Webhook(format_, url)


def _http_url(text: str) -> SplitResult:
    """The parts of a URL. No error quotes it: what `urlsplit` raises does."""
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url or not _URL_CHARACTERS.fullmatch(text):
        raise ValueError("be an http:// or https:// URL")
    if "@" in parts.netloc or "#" in text:
        raise ValueError("be a URL without user name and #")
    return parts


def ui_url(text: str) -> str:
    """The URL that links to Dagster's UI begin with."""
    if _http_url(text).query:
        raise ValueError("be a URL without ?")
    return text.rstrip("/")
