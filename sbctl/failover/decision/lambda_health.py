"""Health functions behind a stand-in for AWS that serves no function URLs: what nobody answers is asked by Invoke.

On AWS itself endpoints are asked as Route 53 and callers ask them, and in no other way.
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import TOO_MANY, AwsError
from sbctl.core.moving.takeover import FUNCTION
from sbctl.failover.kit.kit import Kit
from sbctl.probes.protocols import Answered, Endpoints

HEALTH = "health"
CALLS = frozenset({"lambda:Invoke"})
"""Made behind stand-ins only, so that no purpose of `iam-policy` asks for it."""


@dataclass(frozen=True)
class Reply:
    """What a function answered when it was invoked."""

    status: int
    body: str
    seconds: float
    failure: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 400


class Invoked:
    """Endpoints of a kit: by HTTP, and by Invoke where the function itself did not answer."""

    def __init__(self, http: Endpoints, aws: AwsCalls, kit: Kit) -> None:
        self._http = http
        self._aws = aws
        self._kit = kit

    def get(self, host: str, path: str) -> Answered:
        found = self._http.get(host, path)
        if _is_the_functions(found):
            return found
        return self._invoke(host, path, found) or found

    def _invoke(self, host: str, path: str, found: Answered) -> Answered | None:
        region, function = _function_at(self._kit, host)
        if not region:
            return None
        event = {"version": "2.0", "rawPath": path, "requestContext": {"http": {"method": "GET", "path": path}}}
        name = f"{self._kit.project}-{function}"
        try:
            answer = self._aws.call("lambda", "Invoke", region, FunctionName=name, Payload=json.dumps(event))
        except AwsError as error:
            return Reply(TOO_MANY, "", found.seconds) if error.throttled else None
        told = _payload(answer.get("Payload"))
        if "FunctionError" in answer or not isinstance(told.get("statusCode"), int):
            return None
        return Reply(int(told["statusCode"]), str(told.get("body", "")), found.seconds)


def _function_at(kit: Kit, host: str) -> tuple[str, str]:
    """The region and the name of the function that answers at a host; nothing for another host."""
    for one in kit.regions:
        if host in (one.health_host, one.takeover_host):
            return one.region, HEALTH if host == one.health_host else FUNCTION
    return "", ""


def _is_the_functions(found: Answered) -> bool:
    """Whether the function answered, and not somebody in its place: its bodies are JSON with a status."""
    try:
        told = json.loads(found.body)
    except ValueError:
        return False
    return isinstance(told, dict) and "status" in told


def _payload(raw: Any) -> dict[str, Any]:
    body = raw.read() if hasattr(raw, "read") else raw or b"{}"
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
