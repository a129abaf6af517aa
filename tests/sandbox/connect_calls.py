"""An instance of Connect in this process, asked without HTTP: calls, answers and errors are held against botocore's model.

Much cheaper than a served sandbox, whose paths, bodies and errors tests/sandbox/test_connect_modules.py and its kin look at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sbctl.sandbox.connect.contacts.live.ground import Surroundings
from sbctl.sandbox.connect.service import ConnectService
from sbctl.sandbox.connect.store import nothing_applied
from sbctl.sandbox.service import Answer, ApiError, Call
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.serialise import check
from sbctl.sandbox.wire.validate import validate
from tests.sandbox.connect_instance import wav

ACCOUNT = "123456789012"
REGION = "us-east-1"


class Centre:
    """A new instance, ready, in a region of its own world. Its clock stands."""

    def __init__(
        self,
        region: str = REGION,
        identities: str = "CONNECT_MANAGED",
        raised: Callable[..., float | None] = nothing_applied,
        around: Callable[[Scheduler], Surroundings] = Surroundings,
    ) -> None:
        """`raised`: what Service Quotas has applied, by region, code and resource. `around`: what contacts meet."""
        self.clock = WorldClock(0.0)
        self.scheduler = Scheduler(self.clock)
        self.region = region
        self.service = ConnectService(self.clock, ACCOUNT, _audio, lambda _region: "", raised, around(self.scheduler))
        made = self.call(
            "CreateInstance",
            IdentityManagementType=identities,
            InstanceAlias="acme",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=False,
        )
        self.id, self.arn = str(made["Id"]), str(made["Arn"])
        self.clock.advance(31)

    def ask(self, operation: str, **params: Any) -> Answer:
        """The answer of an operation on the instance. Raises ApiError where it is refused."""
        return self.call(operation, InstanceId=self.id, **params)

    def refused(self, operation: str, **params: Any) -> str:
        """The code of the error with which an operation is refused; "" where it is not."""
        try:
            self.ask(operation, **params)
        except ApiError as error:
            return error.code
        return ""

    def problems(self, operation: str, **params: Any) -> list[str]:
        """What the service says of content that it does not take; empty where it takes it."""
        try:
            self.ask(operation, **params)
        except ApiError as error:
            told = error.members.get("problems", error.members.get("Problems"))
            return [error.message] if told is None else [str(one["message"]) for one in told]
        return []

    def call(self, operation: str, **params: Any) -> Answer:
        """The answer of an operation that names no instance. Raises ApiError where it is refused."""
        validate("connect", operation, params)
        try:
            answer = self.service.operations[operation](Call("connect", operation, self.region, ACCOUNT, params))
        except ApiError as error:
            declared = models.error_shapes("connect", operation)
            assert error.code in declared, f"{operation} has no {error.code} in AWS's model"
            raise
        shape = models.service_model("connect").operation_model(operation).output_shape
        if shape is None:
            assert answer == {}
        else:
            check(shape, answer, operation)
        return answer


def _audio(operation: str, _region: str, _params: Any) -> Answer:
    """What S3 says: every bucket is in the first region, and every object is silence."""
    return {} if operation == "GetBucketLocation" else {"Body": wav()}
