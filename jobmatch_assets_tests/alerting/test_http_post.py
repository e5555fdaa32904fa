"""What a POST gives away and whom it trusts, against servers that say and record every byte."""

import datetime as dt
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jobmatch_assets.alerting.http_post import Outcome, post
from jobmatch_assets_tests.bench.receivers import SECRET

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Server:
    port: int
    request: bytes = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/{SECRET}"


@contextmanager
def serving(answer: bytes, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that answers one request so, and keeps the connection open until the block ends."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening.getsockname()[1])

        def answer_once() -> None:
            # The other side may leave at any moment.
            with suppress(OSError):
                connection, _ = listening.accept()
                with tls.wrap_socket(connection, server_side=True) if tls else connection as talking:
                    while not server.request.endswith(b"}"):
                        received = talking.recv(65_536)
                        if not received:
                            return
                        server.request += received
                    talking.sendall(answer)
                    ended.wait()

        thread = threading.Thread(target=answer_once)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port)):
                pass
            thread.join()


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (GOOD, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nno header at all\r\n\r\n", ""),
        (b"HTTP/1.1 307 Else\r\nLocation: /x\r\nContent-Length: 9\r\n\r\n", "HTTP 307 Temporary Redirect, a"),
        (b"HTTP/1.1 503 No\r\nRetry-After: 1\r\n\r\n", "HTTP 503"),
        (b"HTTP/1.1 " + SECRET.encode() + b"\r\n\r\n", "no HTTP answer"),
    ],
    ids=["good", "broken header", "redirect", "unavailable", "no HTTP"],
)
def test_no_log_has_the_url_whatever_the_answer(
    answer: bytes, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(answer) as server:
        outcome = post(server.url, {}, seconds=5)
    assert outcome.problem.startswith(problem)
    assert SECRET not in repr(outcome) + caplog.text


def test_what_others_send_is_logged_as_they_like(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post("http://127.0.0.1:1/", {})
    logging.getLogger("urllib3.connectionpool").debug("of another request")
    assert "of another request" in caplog.text


@pytest.mark.parametrize("status", ["200 OK", "307 Temporary Redirect", "500 Broken"])
def test_an_answer_is_not_waited_for_to_its_end(status: str) -> None:
    head = f"HTTP/1.1 {status}\r\nLocation: /x\r\nContent-Length: 1000000\r\n\r\n"
    with serving(head.encode()) as server:
        outcome = post(server.url, {}, seconds=2)
    assert "no answer" not in outcome.problem
    assert bool(outcome.problem) == (status != "200 OK")


def test_passwords_of_netrc_stay_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login anna password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(GOOD) as server:
        assert post(server.url, {"a": 1}) == Outcome()
    head, _, body = server.request.partition(b"\r\n\r\n")
    assert b"authorization" not in head.lower()
    assert b"User-Agent: jobmatch\r\n" in head + b"\r\n"
    assert body == b'{"a": 1}'


@pytest.mark.parametrize(("exempt", "is_used"), [("", True), ("hooks.invalid", False)])
def test_the_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, exempt: str, is_used: bool
) -> None:
    with serving(GOOD) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", exempt)
        outcome = post("http://hooks.invalid/x", {})
    assert outcome == (Outcome() if is_used else Outcome("its host name is not known"))
    assert proxy.request.startswith(b"POST http://hooks.invalid/x HTTP/1.1\r\n") == is_used


def test_a_proxy_for_everything_else_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1")
    with serving(GOOD) as server:
        assert post(server.url, {}) == Outcome()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("host", "is_trusted", "problem"),
    [
        ("127.0.0.1", True, ""),
        ("127.0.0.1", False, "TLS failed (CERTIFICATE_VERIFY_FAILED)"),
        ("localhost", True, "TLS failed (CERTIFICATE_VERIFY_FAILED)"),
    ],
)
def test_a_certificate_must_be_trusted_by_this_machine_and_of_this_host(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, host: str, is_trusted: bool, problem: str
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(GOOD, tls) as server:
        assert post(f"https://{host}:{server.port}/{SECRET}", {}, seconds=5).problem == problem


def test_a_server_without_tls_is_told() -> None:
    with serving(GOOD) as server:
        outcome = post(server.url.replace("http:", "https:"), {}, seconds=2)
    assert outcome.problem
    assert SECRET not in outcome.problem
