"""The HTTP probe tells an answer from a refusal, and keeps the host's name when it goes through another address."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from sbctl.probes.http import Http
from tests.unit.probes.serving import served


class Echo(BaseHTTPRequestHandler):
    """Answers 503 at /failing and 200 elsewhere, with the Host header as the body."""

    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/failing" else 200)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    with served(Echo) as found:
        yield found


def test_a_probe_through_another_address_keeps_the_hosts_name(endpoint: str) -> None:
    """The request reaches the stand-in and names the endpoint that it is meant for."""
    found = Http(through=endpoint, patience=60.0).get("abc.lambda-url.us-east-1.on.aws", "/health")
    assert (found.status, found.body, found.ok) == (200, "abc.lambda-url.us-east-1.on.aws", True)


def test_a_failing_endpoint_is_an_answer_and_not_ok(endpoint: str) -> None:
    """503 has a status and no failure of the network."""
    found = Http(through=endpoint, patience=60.0).get("abc.example.com", "/failing")
    assert (found.status, found.ok, found.failure) == (503, False, "")


def test_nobody_there_is_a_failure_with_a_reason() -> None:
    """A refused connection raises nothing: status 0 and why."""
    found = Http(through="http://127.0.0.1:9").get("abc.example.com", "/health")
    assert found.status == 0
    assert found.failure


@pytest.mark.parametrize("through", ["http://x y", "http://[::", "http://host:port", "http://host:99999"])
def test_an_endpoint_that_is_no_url_is_no_answer(through: str) -> None:
    """It comes from the environment too, where nothing has looked at it."""
    found = Http(through=through).get("abc.example.com", "/health")
    assert (found.status, bool(found.failure), found.ok) == (0, True, False)
