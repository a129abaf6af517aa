"""The gateway without a socket: what a simulated operation is given, and what becomes of what it returns or raises."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from sbctl.sandbox.http.gateway import Gateway
from sbctl.sandbox.service import Answer, ApiError, Call, Operation
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.world import World, WorldSettings
from tests.sandbox.test_front_wire import raw

INSTANCE = "11111111-2222-3333-4444-555555555555"


@dataclass
class OneOperation:
    """A service of one operation, which answers, or raises, what the test says, and keeps the calls that it got."""

    outcome: Answer | Exception
    name: str = "connect"
    seen: list[Call] = field(default_factory=list)
    differs: tuple[str, ...] = ()

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {"DescribeQueue": self._answer}

    def reset(self) -> None:
        self.seen.clear()

    def _answer(self, call: Call) -> Answer:
        self.seen.append(call)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def ask(service: OneOperation, params: Mapping[str, Any], limits: bool = False, times: int = 1) -> Response:
    """The last answer to a number of DescribeQueue requests."""
    world = World(WorldSettings(limits=limits))
    world.services = {"connect": service}
    gateway = Gateway(world)
    request: Request = raw("connect", "rest-json", "connect", "DescribeQueue", dict(params))
    return [gateway.handle(request) for _ in range(times)][-1]


def test_an_operation_gets_parsed_parameters_and_its_answer_is_sent() -> None:
    """The call carries region, account and parameters by AWS's names; the answer goes out as the model's JSON."""
    service = OneOperation({"Queue": {"Name": "Sales"}})
    response = ask(service, {"InstanceId": INSTANCE, "QueueId": "q/1"})
    assert service.seen == [
        Call("connect", "DescribeQueue", "us-west-2", "123456789012", {"InstanceId": INSTANCE, "QueueId": "q/1"})
    ]
    assert (response.status, json.loads(response.body)) == (200, {"Queue": {"Name": "Sales"}})


def test_what_it_raises_is_sent_as_the_services_error() -> None:
    """An ApiError keeps its code, message and status."""
    error = ApiError("ResourceNotFoundException", "no such queue", 404)
    response = ask(OneOperation(error), {"InstanceId": INSTANCE, "QueueId": "q"})
    assert (response.status, response.headers["x-amzn-errortype"]) == (404, "ResourceNotFoundException")
    assert json.loads(response.body)["Message"] == "no such queue"


def test_a_malformed_request_never_reaches_the_operation() -> None:
    """What the model refuses is answered before the operation is called."""
    service = OneOperation({})
    response = ask(service, {"InstanceId": "i" * 500, "QueueId": "q"})
    assert (response.status, response.headers["x-amzn-errortype"]) == (400, "InvalidParameterException")
    assert service.seen == []


def test_a_throttled_request_never_reaches_the_operation() -> None:
    """Above the burst the operation is not called, so nothing has happened that a retry would double."""
    service = OneOperation({})
    response = ask(service, {"InstanceId": INSTANCE, "QueueId": "q"}, limits=True, times=50)
    assert response.status == 429
    assert len(service.seen) < 50


@pytest.mark.parametrize("outcome", [KeyError("queue"), {"Kueue": {}}])
def test_a_fault_of_the_sandbox_is_loud(outcome: Answer | Exception, caplog: pytest.LogCaptureFixture) -> None:
    """A bug in a simulated operation, or a member that AWS does not have, is a 500 naming the operation, and is logged."""
    with caplog.at_level(logging.ERROR, "sbctl.sandbox"):
        response = ask(OneOperation(outcome), {"InstanceId": INSTANCE, "QueueId": "q"})
    assert (response.status, response.headers["x-amzn-errortype"]) == (500, "InternalFailure")
    assert "The sandbox itself failed on connect:DescribeQueue" in json.loads(response.body)["Message"]
    assert "connect:DescribeQueue failed" in caplog.text
