"""A carrier as steps of one's own see it: a local HTTPS server with a certificate of its own, which keeps what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


Answering = Callable[[Asked], tuple[int, str]]


@dataclass
class Carrier:
    """The server. `answers` gives status and body; while `free` is not set, every answer is held back."""

    port: int
    ca_file: str
    answers: Answering
    asked: list[Asked] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "carrier of tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "carrier.pem", folder / "carrier.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


@contextmanager
def carrier(folder: Path, answers: Answering = lambda _: (200, "routed")) -> Iterator[Carrier]:
    """A carrier that runs while the block does."""
    certificate, secret = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    found: list[Carrier] = []

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            one = Asked(self.command, self.path, dict(self.headers), body)
            here = found[0]
            here.asked.append(one)
            here.came.set()
            here.free.wait()
            status, text = here.answers(one)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            if 300 <= status < 400:
                self.send_header("Location", "https://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = _any  # noqa: N815 - as http.server names them

        def log_message(self, *_args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    here = Carrier(server.server_address[1], str(certificate), answers)
    here.free.set()
    found.append(here)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.free.set()
        server.shutdown()
        server.server_close()
