"""Whose resources are at an endpoint, and that a state of one world is not used on another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sbctl.core.problem import Exit
from sbctl.endpoints import endpoint_name
from sbctl.engine.planning.guards import against_foreign_endpoint


@contextmanager
def answering(status: int, body: bytes, header: tuple[str, str] = ("Server", "other")) -> Iterator[str]:
    """An HTTP server that gives one answer to everything; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header(*header)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "https://sts.us-east-1.amazonaws.com",
        "https://sts.cn-north-1.amazonaws.com.cn",
        "https://connect.us-west-2.api.aws",
        "https://vpce-1-2.sts.us-east-1.vpce.amazonaws.com",
    ],
)
def test_hosts_of_aws_are_aws(url: str) -> None:
    """Every form of AWS's own names is told without a call."""
    assert endpoint_name(url) == "aws"


def test_the_sandbox_is_told_by_its_control_api() -> None:
    """What asks for our sandbox's token is the sandbox, on whichever port it is."""
    with answering(403, b"{}", ("X-Sbctl-Sandbox", "1")) as url:
        assert endpoint_name(url) == "sandbox"


@pytest.mark.parametrize(("status", "body"), [(404, b"{}"), (200, b"[]"), (200, b"<html>"), (500, b'"instance"')])
def test_another_endpoint_is_its_host(status: int, body: bytes) -> None:
    """A stand-in that is not our sandbox goes by host and port."""
    with answering(status, body) as url:
        assert endpoint_name(url) == url.removeprefix("http://")


def test_an_endpoint_that_is_down_is_its_host() -> None:
    """Whoever does not answer is not taken for the sandbox."""
    with answering(404, b"") as url:
        pass
    assert endpoint_name(url) == url.removeprefix("http://")


@pytest.mark.parametrize(("made", "used"), [("sandbox", "aws"), ("aws", "sandbox")])
def test_a_state_of_another_world_is_refused(made: str, used: str) -> None:
    """A state of the sandbox is not used on AWS, nor the other way; the problem says how to go on."""
    (problem,) = against_foreign_endpoint(made, used, "state/sbctl.json")
    assert (problem.code, problem.exit, problem.at) == ("wrong-endpoint", Exit.REFUSED, "state/sbctl.json")
    assert "--sandbox" in problem.fix


@pytest.mark.parametrize(
    ("made", "used"), [("", "aws"), ("", "sandbox"), ("aws", "aws"), ("localhost:4566", "aws"), ("aws", "proxy:8080")]
)
def test_what_is_no_clear_mismatch_is_accepted(made: str, used: str) -> None:
    """States of earlier versions, and endpoints that may stand for anything, are let through."""
    assert against_foreign_endpoint(made, used, "state") == []
