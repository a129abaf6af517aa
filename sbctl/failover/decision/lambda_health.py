"""Health functions behind a stand-in for AWS that serves no function URLs: what nobody answers is asked by Invoke.

On AWS itself endpoints are asked as Route 53 and callers ask them, and in no other way.
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sbctl.core.aws_error import AwsError
from sbctl.core.resource import AwsCalls
from sbctl.failover.decision.observe import Answered, Endpoints
from sbctl.failover.kit.kit import Kit

FUNCTION = "health"
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
        region = next((one.region for one in self._kit.regions if one.health_host == host), "")
        if not region:
            return None
        event = {"version": "2.0", "rawPath": path, "requestContext": {"http": {"method": "GET", "path": path}}}
        name = f"{self._kit.project}-{FUNCTION}"
        try:
            answer = self._aws.call("lambda", "Invoke", region, FunctionName=name, Payload=json.dumps(event))
        except AwsError:
            return None
        told = _payload(answer.get("Payload"))
        if "FunctionError" in answer or not isinstance(told.get("statusCode"), int):
            return None
        return Reply(int(told["statusCode"]), str(told.get("body", "")), found.seconds)


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
