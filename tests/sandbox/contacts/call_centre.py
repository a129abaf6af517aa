"""A contact centre in this process, whose clock stands: a number, flows, agents, and what happened to contacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.agents.simulated import Habits
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Happening, Said
from sbctl.sandbox.connect.contacts.live.calling import Refusal
from sbctl.sandbox.connect.contacts.live.ground import Surroundings
from sbctl.sandbox.connect.contacts.live.progress import Progress, Script
from sbctl.sandbox.connect.store import nothing_applied
from sbctl.sandbox.time.scheduler import Scheduler
from tests.sandbox.connect_calls import REGION, Centre
from tests.sandbox.connect_people import queue, user

Action = Mapping[str, Any]
CALLER = "+12065550100"


def action(
    name: str, kind: str, goes: str = "", *, errors: Mapping[str, str] | None = None, **parameters: Any
) -> Action:
    """One action of a flow; `errors`: by error, the action that follows."""
    transitions: dict[str, Any] = {}
    if goes:
        transitions = {"NextAction": goes}
        transitions["Errors"] = [{"ErrorType": one, "NextAction": next_} for one, next_ in (errors or {}).items()]
    return {"Identifier": name, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def content(*actions: Action) -> str:
    """A flow that begins with the first of these actions."""
    return json.dumps(
        {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Metadata": {}, "Actions": list(actions)}
    )


END = action("end", "DisconnectParticipant")


def to_queue(named: str, *before: Action) -> str:
    """A flow that lets a caller wait in a queue; the actions before it lead to "set"."""
    return content(
        *before,
        action("set", "UpdateContactTargetQueue", "go", errors={"NoMatchingError": "end"}, QueueId=named),
        action("go", "TransferContactToQueue", "end", errors={"QueueAtCapacity": "full", "NoMatchingError": "end"}),
        action("full", "MessageParticipant", "end", Text="All lines are busy."),
        END,
    )


def menu(text: str, **goes: str) -> Action:
    """A menu at "menu" of one key each: `_1` → an action; anything else, and silence, ends the call."""
    conditions = [
        {"NextAction": next_, "Condition": {"Operator": "Equals", "Operands": [key.removeprefix("_")]}}
        for key, next_ in goes.items()
    ]
    errors = ("NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError")
    return {
        "Identifier": "menu",
        "Type": "GetParticipantInput",
        "Parameters": {"Text": text, "InputTimeLimitSeconds": "5", "StoreInput": "False"},
        "Transitions": {
            "NextAction": "end",
            "Conditions": conditions,
            "Errors": [{"ErrorType": one, "NextAction": "end"} for one in errors],
        },
    }


class CallCentre(Centre):
    """An instance with contacts. `invoke` answers for functions; `down` are the regions that are lost."""

    def __init__(
        self,
        invoke: Callable[[str, str, Any], tuple[bytes, str]] = lambda *_all: (b"{}", ""),
        raised: Callable[..., float | None] = nothing_applied,
    ) -> None:
        self.down: set[str] = set()
        self.lost: list[Callable[[], object]] = []

        def around(scheduler: Scheduler) -> Surroundings:
            return Surroundings(scheduler, invoke, self.down.__contains__, self.lost.append)

        super().__init__(REGION, raised=raised, around=around)
        self.live = self.service.live
        self.told: list[Happening] = []
        self.heard: list[Said] = []
        self.live.happenings.listeners.append(self.told.append)
        self.live.happenings.hearers.append(self.heard.append)
        self.queue = queue(self)

    def advance(self, seconds: float = 0.0) -> None:
        """Let time pass."""
        self.scheduler.advance(seconds)

    def flow(self, name: str, text: str, kind: str = "CONTACT_FLOW") -> str:
        """The id of a new flow."""
        return str(self.ask("CreateContactFlow", Name=name, Type=kind, Content=text)["ContactFlowId"])

    def number(self, flow: str) -> str:
        """A new number that a flow answers."""
        free = self.call(
            "SearchAvailablePhoneNumbers", TargetArn=self.arn, PhoneNumberCountryCode="US", PhoneNumberType="DID"
        )["AvailableNumbersList"][0]["PhoneNumber"]
        claimed = self.call("ClaimPhoneNumber", TargetArn=self.arn, PhoneNumber=free)["PhoneNumberId"]
        self.advance(60)
        self.ask("AssociatePhoneNumberContactFlow", PhoneNumberId=claimed, ContactFlowId=flow)
        return str(free)

    def ring(self, flow: str, *presses: str, **script: Any) -> Progress:
        """A call that reaches a flow."""
        found = self.live.calling.reach(
            self.live.ground.resources.instances[self.id],
            flow,
            Script.of({"presses": presses, **script}),
            customer=CALLER,
        )
        assert not isinstance(found, Refusal), found
        self.advance()
        return found

    def agents(self, count: int = 1, **habits: float) -> None:
        """Let simulated agents serve each queue."""
        instance = self.live.ground.resources.instances[self.id]
        self.live.simulated.start(instance, Habits(count, **habits))

    def signed_in(self, name: str = "jane", *, accepts: bool = True, **other: Any) -> str:
        """The id of a user who is available; `accepts`: their phone takes calls by itself."""
        phone = {"PhoneType": "SOFT_PHONE", "AutoAccept": accepts, "AfterContactWorkTimeLimit": 20}
        made = user(self, name, PhoneConfig=phone, **other)
        self.put_status(made, "Available")
        return made

    def put_status(self, named: str, status: str) -> None:
        """Give a user a status, by its name."""
        every = self.ask("ListAgentStatuses")["AgentStatusSummaryList"]
        found = next(one["Id"] for one in every if one["Name"] == status)
        self.ask("PutUserStatus", UserId=named, AgentStatusId=found)

    def whats(self, contact: Contact | str) -> list[str]:
        """What happened to a contact, in order."""
        named = contact if isinstance(contact, str) else contact.id
        return [one.what for one in self.told if one.contact is not None and one.contact.id == named]

    def texts(self, roles: Sequence[str] = ("SYSTEM",)) -> list[str]:
        """What was heard."""
        return [one.text for one in self.heard if one.role in roles]
