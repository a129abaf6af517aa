"""Lambda as one service: functions, their URLs and their permissions under one lock; handlers run outside of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sbctl.sandbox.awslambda.account import Account
from sbctl.sandbox.awslambda.concurrency import Concurrency
from sbctl.sandbox.awslambda.functions import Functions
from sbctl.sandbox.awslambda.invoke import Invoke
from sbctl.sandbox.awslambda.names import parted
from sbctl.sandbox.awslambda.permissions import Permissions
from sbctl.sandbox.awslambda.urls import Urls
from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.quotas.service import ServiceQuotas
from sbctl.sandbox.service import Answer, ApiError, Call, Operation, alone
from sbctl.sandbox.snapshot.part import Part, Whole


class LambdaOverrides:
    """What AWS's Lambda does otherwise than moto."""

    name = "lambda"
    differs = (
        "Handlers run in processes of this machine, Python only, with boto3 talking to the sandbox; memory is "
        "not limited, and time is the machine's.",
        "GetFunction hands a package out by an address of this server, which is not checked and does not expire.",
        "Functions take their time to become active, and roles are learnt of late, as on AWS.",
        "What a handler prints is in the answer's LogResult alone: no log group is written. An alias runs one version.",
    )

    def __init__(self, on: ServiceContext, roles: Roles, quotas: ServiceQuotas) -> None:
        clock, upstream = on.clock, on.upstream
        self._lock = threading.RLock()
        self._runner = on.runner
        self._invoke = Invoke(on.runner)
        self.endpoint: Callable[[], str] = str
        """Where this world is served: the addresses of packages begin with it."""
        self.functions = Functions(
            clock, upstream, roles, lambda: self.endpoint(), partial(on.faults.fails_creation, "lambda")
        )
        self.urls = Urls(clock, upstream)
        self.permissions = Permissions(upstream)
        self._concurrency = Concurrency(upstream, lambda region: self._account.limit(region))
        self._account = Account(upstream, quotas, self._concurrency.reserved)

    @property
    def operations(self) -> Mapping[str, Operation]:
        parts = {
            **self.functions.operations,
            **self.urls.operations,
            **self.permissions.operations,
            **self._account.operations,
            **self._concurrency.operations,
            "GetFunction": self._get,
        }
        locked = {name: alone(self._lock, operation) for name, operation in parts.items()}
        return {**locked, "DeleteFunction": alone(self._lock, self._delete), "Invoke": self._run}

    def url_of_host(self, host: str) -> Mapping[str, Any] | None:
        """A function URL's settings by its host; None when there is none."""
        with self._lock:
            return self.urls.of_host(host)

    def package(self, path: str) -> bytes | None:
        """The package at `REGION/FUNCTION`; None where there is none."""
        region, _, name = path.partition("/")
        with self._lock:
            found = self.functions.records.get(region, name)
        return found.package or None if found else None

    def reset(self) -> None:
        self._runner.reset()
        with self._lock:
            self.functions.records.clear()
            self.urls.clear()
            self.permissions.clear()

    @property
    def parts(self) -> Iterable[Part]:
        records, urls, permissions = self.functions.records, self.urls, self.permissions
        return [
            Whole("lambda.records", records.taken, records.restore_state, lambda: self._lock),
            Whole("lambda.urls", urls.taken, urls.restore_state, lambda: self._lock),
            Whole("lambda.permissions", permissions.taken, permissions.restore_state, lambda: self._lock),
        ]

    def _run(self, call: Call) -> Answer:
        """A function that is still being made, or could not be made, cannot run."""
        with self._lock:
            asked = replace(call, params={"FunctionName": parted(str(call.params["FunctionName"]))[0]})
            state = self.functions.get_configuration(asked).get("State", "Active")
        if state in ("Pending", "Failed"):
            text = f"The operation cannot be performed at this time. The function is currently in the following state: {state}"
            raise ApiError("ResourceConflictException", text, 409)
        return self._invoke(call)

    def _get(self, call: Call) -> Answer:
        name = parted(str(call.params["FunctionName"]))[0]
        return self._concurrency.shown(call.region, name, self.functions.get(call))

    def _delete(self, call: Call) -> Answer:
        """With a whole function go its URLs and its policy."""
        arn = self.permissions.function(call)
        found = self.functions.delete(call)
        if not call.params.get("Qualifier"):
            self.urls.forget(call.region, arn)
            self.permissions.forget(arn)
        return found


def lambda_overrides(on: ServiceContext, roles: Roles, quotas: ServiceQuotas) -> LambdaOverrides:
    """The corrections of Lambda for one account."""
    return LambdaOverrides(on, roles, quotas)
