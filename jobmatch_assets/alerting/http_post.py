"""One POST to a webhook, and what became of it in words that do not say where it is."""

import email.utils
import http.client
import json
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

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


_is_posting: ContextVar[bool] = ContextVar("is_posting", default=False)

# They log paths of URLs, some as warnings; others in this process may want to read what is logged of theirs.
for _name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(lambda _record: not _is_posting.get())


class _OwnTrust(HTTPAdapter):
    """Trusts the certificates that this machine trusts, and not a list that a library brings along."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Direct connections."""
        super().init_poolmanager(*arguments, **options, ssl_context=ssl.create_default_context())

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Connections through a proxy."""
        return super().proxy_manager_for(proxy, **options, ssl_context=ssl.create_default_context())

    def cert_verify(self, *_: Any) -> None:
        """The default would add that list; that there must be a certificate is the default of pools."""


def post(url: str, body: Mapping[str, Any], seconds: float = SECONDS) -> Outcome:
    """Send JSON, whatever happens. The environment's proxies are used, and nothing else of it.

    This is below the sessions of `requests`: they read what a redirect brings along, to its end, even where
    none is followed, and send passwords that `.netrc` has for a host. Of an answer only its head is read.
    """
    adapter = _OwnTrust()
    posting = _is_posting.set(True)
    try:
        headers = {"Content-Type": "application/json", "User-Agent": "jobmatch"}
        request = requests.Request("POST", url, headers, data=json.dumps(body).encode()).prepare()
        proxies = {
            scheme: proxy for scheme, proxy in get_environ_proxies(url).items() if scheme in ("http", "https")
        }
        with adapter.send(request, stream=True, timeout=(seconds, seconds), proxies=proxies) as response:
            return _answer(response.status_code, response.headers)
    except Exception as error:
        # Messages of these errors may quote the URL.
        return Outcome(_reason(error, seconds))
    finally:
        _is_posting.reset(posting)
        adapter.close()


def _answer(status: int, headers: Mapping[str, str]) -> Outcome:
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
    reason = _first(error)
    if isinstance(error, requests.Timeout) or isinstance(reason, TimeoutError):
        return f"no answer within {seconds:.0f} s"
    if isinstance(reason, ssl.SSLError):
        return f"TLS failed ({reason.reason or type(reason).__name__})"
    if isinstance(reason, socket.gaierror):
        return "its host name is not known"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return f"no HTTP answer ({type(reason).__name__})"


def _first(error: BaseException) -> BaseException:
    """What went wrong at first; libraries wrap it, in one another's errors."""
    while type(error).__module__.startswith(("requests.", "urllib3.")):
        wrapped = next((value for value in error.args if isinstance(value, BaseException)), None)
        inner = error.__cause__ or error.__context__ or wrapped
        if inner is None:
            break
        error = inner
    return error
