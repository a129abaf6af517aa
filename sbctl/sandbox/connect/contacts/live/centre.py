"""What flows of contacts ask of the world: `Centre` of running/contract.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.contacts.happenings import Said
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.queueing import OF_AGENT
from sbctl.sandbox.connect.running.contract import Block, Spoken
from sbctl.sandbox.connect.store import Instance

Hours = Callable[[Instance, str, float], bool | str]
WAIT_SECONDS = 90.0
"""What a contact is taken to need where no agent has said otherwise: for EstimatedWaitTime."""


def is_function(instance: Instance, named: str) -> bool:
    """Whether an instance may invoke a function: by its ARN, of which a version or alias may be associated too."""
    return any(named == one or named.startswith(f"{one}:") for one in instance.functions)


class ContactCentre:
    """The world as flows of contacts see it. Used under Connect's lock."""

    def __init__(self, ground: Ground, hours: Hours) -> None:
        self._ground = ground
        self._hours = hours
        self.to_agent: Callable[[], bool] = lambda: False
        """Whether the flow that steps now runs for an agent."""
        self.put: Callable[[Contact, str, str], str] = lambda _contact, _queue, _agent: "NoMatchingError"
        self.back: Callable[[Contact, str, str, Mapping[str, Any]], str] = lambda *_all: "NoMatchingError"
        self.new: Callable[[Contact, Channel, str, Mapping[str, Any]], str] = lambda *_all: ""

    def now(self) -> float:
        return self._ground.now()

    def instance(self, contact: Contact) -> Instance:
        return self._ground.instance(contact)

    def say(self, contact: Contact, spoken: Spoken) -> None:
        to_agent = self.to_agent()
        said = Said(contact, self.now(), "SYSTEM", spoken.kind, spoken.text, spoken.block, to_agent)
        self._ground.happenings.say(said)

    def passed(self, contact: Contact, block: Block) -> None:
        self._ground.happenings.passed(contact, block)

    def in_hours(self, contact: Contact, hours: str) -> bool | str:
        return self._hours(self.instance(contact), hours, self.now())

    def figure(self, contact: Contact, metric: str, queue: str, agent: str) -> float | None:
        instance, place = self.instance(contact), f"{OF_AGENT}{agent}" if agent else queue
        if not agent and queue not in instance.all("queue"):
            return None
        waiting = list(self._ground.store.waiting.get(place, {}).values())
        if metric == "NumberOfContactsInQueue":
            return float(len(waiting))
        if metric == "OldestContactInQueueAgeSeconds":
            return max((self.now() - (one.queued or self.now()) for one in waiting), default=0.0)
        available, staffed, online = self._ground.roster.counts(instance, queue, agent)
        figures = {"Available": available, "Staffed": staffed, "Online": online, **self._states(instance, queue, agent)}
        if metric == "EstimatedWaitTimeSeconds":
            return None if not staffed else (0.0 if available else WAIT_SECONDS * (len(waiting) + 1) / staffed)
        found = figures.get(metric.removeprefix("NumberOfAgents"))
        return None if found is None else float(found)

    def _states(self, instance: Instance, queue: str, agent: str) -> dict[str, int]:
        """How many agents do what, by the names of GetMetricData."""
        agents = self._ground.roster.serving_queue(instance, queue, agent)
        states = [{one.state for one in found.contacts.values()} for found in agents]
        return {
            "AfterContactWork": sum("ENDED" in one for one in states),
            "Busy": sum(bool(one & {"CONNECTING", "CONNECTED", "CONNECTED_ONHOLD"}) for one in states),
            "Missed": sum("MISSED" in one for one in states),
            "NonProductive": sum(found.status.type == "CUSTOM" for found in agents),
        }

    def enqueue(self, contact: Contact, queue: str, agent: str) -> str:
        return self.put(contact, queue, agent)

    def call_back(self, contact: Contact, number: str, queue: str, settings: Mapping[str, Any]) -> str:
        return self.back(contact, number, queue, settings)

    def start(self, contact: Contact, channel: Channel, flow: str, settings: Mapping[str, Any]) -> str:
        return self.new(contact, channel, flow, settings)

    def related(self, contact: Contact) -> Contact | None:
        found = self._ground.store.of(contact.instance, contact.related) if contact.related else None
        if found is not None:
            self._ground.store.changed(found, self.now())
        return found

    def is_associated(self, contact: Contact, function: str) -> bool:
        return is_function(self.instance(contact), function)

    def percent(self, _contact: Contact) -> int:
        return self._ground.chance.randint(1, 100)
