"""One POST to a webhook, and what became of it in words that do not say where it is."""

import email.utils
import http.client
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECONDS = 10.0
"""How long a receiver may take to connect, and again to answer."""

_ASK_AGAIN = (408, 425, 429)
_BAD_PAYLOAD = (400, 413, 422)


@dataclass(frozen=True)
class Outcome:
    """What became of a POST.

    Attributes:
        problem: Empty where it was delivered.
        is_setup: Whether it will not get better by itself: a wrong URL, a removed webhook.
        is_payload: Whether the receiver may have refused the content.
        retry_after: Seconds that the receiver asks to be left alone.
    """

    problem: str = ""
    is_setup: bool = False
    is_payload: bool = False
    retry_after: float = 0.0


def post(url: str, body: Mapping[str, Any], seconds: float = SECONDS) -> Outcome:
    """Send JSON, whatever happens. Redirects are not followed; the environment's proxies are used."""
    handlers = (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler())
    opener = urllib.request.OpenerDirector()
    for handler in handlers:
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(  # noqa: S310 the settings let only http and https pass
            url,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "User-Agent": "jobmatch"},
            method="POST",
        )
        with opener.open(request, timeout=seconds) as response:
            return _answer(response.status, response.headers)
    except Exception as error:
        # Messages of these errors may quote the URL.
        return Outcome(_reason(error, seconds))


def _answer(status: int, headers: http.client.HTTPMessage) -> Outcome:
    if 200 <= status < 300:
        return Outcome()
    problem = f"HTTP {status} {http.client.responses.get(status, '')}".rstrip()
    if 300 <= status < 400:
        return Outcome(f"{problem}, a redirect; the setting needs the final URL", is_setup=True)
    if status < 500 and status not in _ASK_AGAIN:
        return Outcome(problem, is_setup=True, is_payload=status in _BAD_PAYLOAD)
    return Outcome(problem, retry_after=_retry_after(headers.get("Retry-After", "")))


def _retry_after(text: str) -> float:
    """Seconds, from a number or an HTTP date."""
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return 0.0


def _reason(error: BaseException, seconds: float) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"no answer within {seconds:.0f} s"
    if isinstance(reason, ssl.SSLError):
        return f"TLS failed ({reason.reason or type(reason).__name__})"
    if isinstance(reason, socket.gaierror):
        return "its host name is not known"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return f"no HTTP answer ({type(reason).__name__})"
