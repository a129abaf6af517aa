"""An instance on a served sandbox that takes calls and chats, all of it made by plain boto3 and the control API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.http.control import control
from sbctl.sandbox.wire.identify import Request
from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import instance
from tests.sandbox.contacts.call_centre import to_queue


@dataclass(frozen=True)
class ServedCentre:
    """One instance; its clock stands."""

    sandbox: Sandbox
    id: str
    queue: str
    flow: str

    @property
    def connect(self) -> Any:
        """boto3's client."""
        return self.sandbox.client("connect")

    @property
    def arn(self) -> str:
        """The instance's."""
        return str(self.connect.describe_instance(InstanceId=self.id)["Instance"]["Arn"])

    def act(self, action: str, **params: Any) -> dict[str, Any]:
        """The answer of a control action. AssertionError when it is refused."""
        request = Request("POST", f"/_sandbox/{action}", "", {}, json.dumps(params).encode())
        status, found = control(self.sandbox.world, request)
        assert status == 200, found
        return found

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.sandbox.world.scheduler.advance(seconds)

    def make_flow(self, name: str, content: str) -> str:
        """The id of a new flow."""
        made = self.connect.create_contact_flow(InstanceId=self.id, Name=name, Type="CONTACT_FLOW", Content=content)
        return str(made["ContactFlowId"])

    def call(self, **params: Any) -> str:
        """The id of the contact of a call that has begun."""
        begun = self.act("call", flow=self.flow, instance=self.id, **params)
        assert not begun["why"]
        self.advance(0)
        return str(begun["contact_id"])


def served_centre(sandbox: Sandbox) -> ServedCentre:
    """A new instance with a flow that lets callers wait in its queue."""
    made, connect = instance(sandbox), sandbox.client("connect")
    queue = connect.list_queues(InstanceId=made, QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Id"]
    flow = connect.create_contact_flow(InstanceId=made, Name="Wait", Type="CONTACT_FLOW", Content=to_queue(queue))
    return ServedCentre(sandbox, made, str(queue), str(flow["ContactFlowId"]))
