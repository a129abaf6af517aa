"""A centre that a flow runs in, made of plain values: an instance, a clock that stands, and what was said, logged and asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.running.contract import Block, Spoken
from sbctl.sandbox.connect.running.opening import is_open
from sbctl.sandbox.connect.running.run import FlowRun
from sbctl.sandbox.connect.store import ConnectResource, Instance

REGION = "us-east-1"
ARN = f"arn:aws:connect:{REGION}:123456789012:instance/i-1"
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC).timestamp()
"""A Wednesday afternoon."""
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:lookup"


class FakeCentre:
    """Everything succeeds unless a test says otherwise. It is a `Centre`."""

    def __init__(self) -> None:
        self.at = NOW
        self.home = Instance("i-1", ARN, REGION, {}, {}, datetime.fromtimestamp(0, UTC), 0.0)
        self.heard: list[Spoken] = []
        self.blocks: list[Block] = []
        self.figures: dict[str, float] = {}
        self.refusal = ""
        self.queued: list[tuple[str, str]] = []
        self.callbacks: list[tuple[str, str, Mapping[str, Any]]] = []
        self.begun: list[tuple[str, str, Mapping[str, Any]]] = []
        self.functions = [FUNCTION]
        self.chance = 1
        self.other: Contact | None = None

    def now(self) -> float:
        return self.at

    def instance(self, contact: Contact) -> Instance:
        assert contact.instance == self.home.id
        return self.home

    def say(self, contact: Contact, spoken: Spoken) -> None:
        assert contact.id
        self.heard.append(spoken)

    def passed(self, contact: Contact, block: Block) -> None:
        assert contact.id
        self.blocks.append(block)

    def in_hours(self, contact: Contact, hours: str) -> bool | str:
        return is_open(self.instance(contact), hours, self.at)

    def figure(self, contact: Contact, metric: str, queue: str, agent: str) -> float | None:
        assert contact.id and bool(queue) != bool(agent)
        return self.figures.get(metric)

    def enqueue(self, contact: Contact, queue: str, agent: str) -> str:
        if not self.refusal:
            contact.queue, contact.queued = queue, self.at
            self.queued.append((queue, agent))
        return self.refusal

    def call_back(self, contact: Contact, number: str, queue: str, settings: Mapping[str, Any]) -> str:
        assert contact.id
        self.callbacks.append((number, queue, settings))
        return self.refusal

    def start(self, contact: Contact, channel: Channel, flow: str, settings: Mapping[str, Any]) -> str:
        assert contact.id and flow
        self.begun.append((channel, flow, settings))
        return "" if self.refusal else "task-1"

    def related(self, contact: Contact) -> Contact | None:
        assert contact.id
        return self.other

    def number(self, contact: Contact, claimed: str) -> str:
        assert contact.id
        return "+18005550199" if claimed == "n-1" else ""

    def is_associated(self, contact: Contact, function: str) -> bool:
        assert contact.id
        return function in self.functions

    def percent(self, contact: Contact) -> int:
        assert contact.id
        return self.chance

    def add(self, kind: str, identity: str, **values: Any) -> ConnectResource:
        """Put a resource into the instance."""
        values.setdefault("Name", identity)
        resource = ConnectResource(identity, f"{ARN}/{kind}/{identity}", kind, values)
        self.home.all(kind)[identity] = resource
        return resource

    def flow(self, identity: str, *actions: Mapping[str, Any], type_: str = "CONTACT_FLOW") -> ConnectResource:
        """Publish a flow that begins with the first action."""
        return self.add("contact-flow", identity, Type=type_, Content=content(actions), State="ACTIVE")

    def module(self, identity: str, *actions: Mapping[str, Any]) -> ConnectResource:
        """Publish a module."""
        return self.add("flow-module", identity, Content=content(actions))

    def run(self, flow: str, contact: Contact | None = None) -> FlowRun:
        """A run that has not begun."""
        return FlowRun(contact or caller(), self, flow)

    @property
    def said(self) -> list[str]:
        return [one.text for one in self.heard]

    @property
    def way(self) -> list[str]:
        """The actions that were entered."""
        return [block.identifier for block in self.blocks if block.took is None]

    @property
    def took(self) -> dict[str, str]:
        """By action that was left: the branch that it took last."""
        return {block.identifier: block.took for block in self.blocks if block.took is not None}


def caller(channel: Channel = "VOICE", attributes: Mapping[str, str] | None = None) -> Contact:
    """A contact that has just come."""
    is_call = channel == "VOICE"
    return Contact(
        id="c-1",
        region=REGION,
        instance="i-1",
        channel=channel,
        initiation="INBOUND" if is_call else "API",
        begun=NOW,
        customer="+12025550100" if is_call else "",
        system="+18005550100" if is_call else "",
        attributes=dict(attributes or {}),
    )


def content(actions: Sequence[Mapping[str, Any]]) -> str:
    """The document of a flow that begins with the first of these actions."""
    return json.dumps({"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": list(actions)})


def action(
    identifier: str, type_: str, parameters: Mapping[str, Any] | None = None, next_: str = "", /, **branches: str
) -> dict[str, Any]:
    """An action whose branches are errors, and conditions Equals: those whose name begins with an underscore, without it."""
    errors = {name: target for name, target in branches.items() if not name.startswith("_")}
    conditions = {name[1:]: target for name, target in branches.items() if name.startswith("_")}
    transitions: dict[str, Any] = {
        "Errors": [{"ErrorType": name, "NextAction": target} for name, target in errors.items()],
        "Conditions": [
            {"NextAction": target, "Condition": {"Operator": "Equals", "Operands": [operand]}}
            for operand, target in conditions.items()
        ],
    }
    if next_:
        transitions["NextAction"] = next_
    return {"Identifier": identifier, "Type": type_, "Parameters": dict(parameters or {}), "Transitions": transitions}


def ends(*names: str) -> list[dict[str, Any]]:
    """Ends of a flow, to be told from each other by their names."""
    return [action(name, "DisconnectParticipant") for name in names]
