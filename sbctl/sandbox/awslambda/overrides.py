"""Lambda as one service: functions, their URLs and their permissions, under one lock.

Nothing runs a handler here: Invoke is refused by name, because moto's answer without Docker is a false one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sbctl.sandbox.awslambda.functions import Functions
from sbctl.sandbox.awslambda.permissions import Permissions
from sbctl.sandbox.awslambda.urls import Urls
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.service import Answer, ApiError, Call, Operation


class LambdaOverrides:
    """What AWS's Lambda does otherwise than moto."""

    name = "lambda"

    def __init__(self, clock: WorldClock, upstream: Upstream, roles: Roles) -> None:
        self._lock = threading.RLock()
        self.functions = Functions(clock, upstream, roles)
        self.urls = Urls(clock, upstream)
        self.permissions = Permissions(upstream)

    @property
    def operations(self) -> Mapping[str, Operation]:
        parts = {**self.functions.operations, **self.urls.operations, **self.permissions.operations}
        alone = {name: self._alone(operation) for name, operation in parts.items()}
        return {**alone, "DeleteFunction": self._alone(self._delete), "Invoke": _not_run}

    def reset(self) -> None:
        with self._lock:
            self.functions.records.clear()
            self.urls.clear()
            self.permissions.clear()

    def _alone(self, operation: Operation) -> Operation:
        def run(call: Call) -> Answer:
            with self._lock:
                return operation(call)

        return run

    def _delete(self, call: Call) -> Answer:
        """With a whole function go its URLs and its policy."""
        arn = self.permissions.function(call)
        found = self.functions.delete(call)
        if not call.params.get("Qualifier"):
            self.urls.forget(call.region, arn)
            self.permissions.forget(arn)
        return found


def _not_run(call: Call) -> Answer:
    raise ApiError("NotModelled", f"The sandbox does not run functions yet: {call.params['FunctionName']}.", 501)


def lambda_overrides(clock: WorldClock, upstream: Upstream, roles: Roles) -> LambdaOverrides:
    """The corrections of Lambda for one account."""
    return LambdaOverrides(clock, upstream, roles)
