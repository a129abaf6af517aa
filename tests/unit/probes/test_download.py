"""Files from signed addresses: what fails in passing is told apart from what never comes."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from sbctl.probes.download import NotFetched, download
from tests.unit.probes.serving import served


class Files(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/").partition("?")[0]))
        self.end_headers()
        self.wfile.write(b"content")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with served(Files) as found:
        yield found


def test_a_file_comes_whole_or_not_at_all(endpoint: str) -> None:
    """One that is too large is refused, and not cut."""
    assert download(f"{endpoint}/200", 7, through=endpoint) == b"content"
    with pytest.raises(NotFetched, match="larger"):
        download(f"{endpoint}/200", 6, through=endpoint)


@pytest.mark.parametrize(
    ("status", "passing"), [("403", False), ("404", False), ("429", True), ("500", True), ("503", True)]
)
def test_what_may_come_another_time_is_told_apart(endpoint: str, status: str, passing: bool) -> None:
    """The text holds no part of the signed address but its host."""
    with pytest.raises(NotFetched) as failed:
        download(f"{endpoint}/{status}?X-Amz-Signature=abc", 100, through=endpoint)
    assert failed.value.passing is passing
    assert "abc" not in str(failed.value)


def test_without_tls_only_the_stand_in_for_aws_is_asked(endpoint: str) -> None:
    """Nobody listens at the other address; that is not found out."""
    with pytest.raises(NotFetched, match="without TLS"):
        download("http://127.0.0.1:1/200", 100, through=endpoint)
    with pytest.raises(NotFetched, match="without TLS"):
        download(f"{endpoint}/200", 100)


def test_a_connection_that_is_refused_may_be_made_another_time() -> None:
    """The network failed, not the file."""
    with pytest.raises(NotFetched) as failed:
        download("http://127.0.0.1:1/200", 100, through="http://127.0.0.1:1")
    assert failed.value.passing
