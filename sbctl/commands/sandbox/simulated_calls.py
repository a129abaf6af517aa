"""Callers and agents of the sandbox that belongs to this run, through its control API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sbctl.app import App
from sbctl.commands.sandbox.control import request_to


class SandboxCalls:
    """Implements `drills.callers.CallSimulator`."""

    def __init__(self, app: App) -> None:
        self._app = app

    def start(self, rate: float, numbers: Sequence[str], seconds: float, region: str) -> str:
        # one who is lost does not call again here: each call is a caller then, and the figures say how many were lost
        calling: dict[str, Any] = {"rate_per_minute": rate, "number": [*numbers], "again": None}
        # nor may a small quota refuse callers: a drill would count these as lost by the region
        wanted = {**calling, "seconds": seconds, "expected_region": region, "unlimited": True}
        return str(request_to(self._app, "POST", "callers/start", wanted)["id"])

    def expect(self, generator: str, region: str) -> None:
        request_to(self._app, "POST", "callers/expect", {"id": generator, "region": region})

    def stop(self, generator: str) -> None:
        request_to(self._app, "POST", "callers/stop", {"id": generator})

    def seconds(self, generator: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = request_to(self._app, "POST", "callers/seconds", {"id": generator})["seconds"]
        return found

    def agents(self) -> int:
        return len(request_to(self._app, "GET", "agents")["agents"])

    def start_agents(self, per_queue: int, talk: float, accept: float, after: float) -> None:
        wanted = {"per_queue": per_queue, "talk_seconds": talk, "accept_seconds": accept, "acw_seconds": after}
        request_to(self._app, "POST", "agents/start", wanted)

    def stop_agents(self) -> None:
        request_to(self._app, "POST", "agents/stop", {})
