"""When roles were made, and who may assume them: what services that use a role ask before they take it.

A new role is not known everywhere at once, which is why Lambda refuses a role that is seconds old (dr-primitives 5.3).
"""

from __future__ import annotations

import json
import threading
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.iam.documents import services, texts
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.snapshot.part import Whole
from sbctl.sandbox.time.clock import WorldClock

PROPAGATION_SECONDS = 8.0
"""From CreateRole until other services know the role, in the sandbox's time. AWS takes 5 to 60 seconds."""
HOME = "us-east-1"
ASSUME = ("sts:AssumeRole", "sts:*", "*")


class Roles:
    """The roles of one account as other services see them. Thread-safe."""

    def __init__(self, clock: WorldClock, upstream: Upstream) -> None:
        self._clock = clock
        self._upstream = upstream
        self._lock = threading.Lock()
        self._made_at: dict[str, float] = {}

    def clear(self) -> None:
        with self._lock:
            self._made_at.clear()

    def part(self) -> Whole:
        """When roles were made, to be kept."""
        return Whole("iam.roles", lambda: dict(self._made_at), self._made_at.update)

    def made(self, name: str) -> None:
        """Note that a role was made now."""
        with self._lock:
            self._made_at[name] = self._clock.seconds()

    def assumable(self, arn: str, service: str) -> bool:
        """Whether a service ("lambda.amazonaws.com") can assume a role by now."""
        name = arn.rpartition("/")[2]
        with self._lock:
            made_at = self._made_at.get(name, 0.0)
        if self._clock.seconds() < made_at + PROPAGATION_SECONDS:
            return False
        try:
            role = self._upstream.call("iam", "GetRole", HOME, {"RoleName": name})["Role"]
        except ApiError:
            return False
        return role["Arn"] == arn and _trusts(role["AssumeRolePolicyDocument"], service)


def _trusts(document: Any, service: str) -> bool:
    policy = json.loads(document) if isinstance(document, str) else document
    listed = policy.get("Statement", ())
    found = [listed] if isinstance(listed, dict) else listed
    return any(
        statement.get("Effect") == "Allow"
        and service in services(statement)
        and any(action in ASSUME for action in texts(statement.get("Action")))
        for statement in found
    )
