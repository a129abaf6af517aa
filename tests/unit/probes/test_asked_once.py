"""An endpoint that gave no answer is not asked again in a run; one that answers is."""

from __future__ import annotations

import pytest

from sbctl.probes.asked_once import AskedOnce
from sbctl.probes.http import Http, HttpAnswer


class Endpoints(Http):
    """Answers with one status; counts."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status
        self.asked = 0

    def get(self, host: str, path: str) -> HttpAnswer:
        self.asked += 1
        return HttpAnswer(host, path, self.status, failure="" if self.status else "timed out")


@pytest.mark.parametrize(("status", "asked"), [(0, 2), (200, 4), (503, 4)])
def test_silence_is_remembered_by_host(status: int, asked: int) -> None:
    """Whatever path is asked for."""
    inner = Endpoints(status)
    once = AskedOnce(inner)
    found = [once.get(host, path) for host in ("a.example", "b.example") for path in ("/health", "/takeover")]
    assert [one.path for one in found] == ["/health", "/takeover"] * 2
    assert {one.status for one in found} == {status}
    assert inner.asked == asked
