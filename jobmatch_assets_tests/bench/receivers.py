"""Webhook receivers on this machine: real HTTP servers that answer as they are told."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jobmatch_assets.settings import Webhook, WebhookFormat

SECRET = "T0000-B1111-secret"
"""The last part of every receiver's URL; it may show nowhere."""


@dataclass
class Receiver:
    """A server and what it got.

    Attributes:
        port: Where it listens.
        answers: What to answer next, as (status, headers); an empty list answers 200.
        silent: Take the request and answer nothing until it is set.
        received: The bodies of requests that were answered with 2xx.
        requests: How many requests came.
    """

    port: int
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    silent: threading.Event | None = None
    received: list[Any] = field(default_factory=list)
    requests: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/{SECRET}"

    def webhook(self, format_: WebhookFormat = "json") -> Webhook:
        return Webhook(format_, self.url)

    def titles(self) -> list[str]:
        """The titles of all alerts that came as JSON."""
        return [alert["title"] for body in self.received for alert in body["alerts"]]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that listens until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests += 1
            if server.silent is not None:
                server.silent.wait()
                return
            status, headers = server.answers.pop(0) if server.answers else (200, {})
            if status < 300:
                server.received.append(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        server = Receiver(http_server.server_address[1])
        thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            if server.silent is not None:
                server.silent.set()
            http_server.shutdown()
            thread.join()


def nobody() -> Webhook:
    """A webhook at a port that refuses connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Webhook("json", f"http://127.0.0.1:{port}/{SECRET}")
