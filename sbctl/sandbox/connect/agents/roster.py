"""Who has signed in, in which status, and who of them can take a contact.

https://docs.aws.amazon.com/connect/latest/adminguide/metrics-agent-status.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sbctl.sandbox.connect.agents.agent import AVAILABLE, OFFLINE, Agent, Status, StatusType
from sbctl.sandbox.connect.agents.routing import Rules, has_slot, rules_of
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.store import ConnectResource, Instance

STATUS = "agent-state"
USER = "agent"
LIMIT = "AfterContactWorkTimeLimit"
Changed = Callable[[Agent], object]


def status_of(resource: ConnectResource) -> Status:
    """A status as an agent has it."""
    kind = str(resource.values.get("Type") or "CUSTOM")
    known: dict[str, StatusType] = {"ROUTABLE": "ROUTABLE", "OFFLINE": "OFFLINE"}
    return Status(resource.id, str(resource.values["Name"]), known.get(kind, "CUSTOM"))


def accepts(values: Mapping[str, Any]) -> bool:
    """Whether a user's phone accepts calls by itself."""
    if (values.get("PhoneConfig") or {}).get("AutoAccept"):
        return True
    return any(one.get("AutoAccept") for one in values.get("AutoAcceptConfigs") or [])


def work_seconds(values: Mapping[str, Any]) -> float | None:
    """How long a user's after-call work may take; None without a limit."""
    limits = [(values.get("PhoneConfig") or {}).get(LIMIT)]
    limits += [
        (one.get("AfterContactWorkConfig") or {}).get(LIMIT) for one in values.get("AfterContactWorkConfigs") or []
    ]
    return next((float(limit) for limit in limits if limit), None)


def status_named(instance: Instance, name: str, kind: StatusType) -> Status:
    """The instance's status of a type, preferably of that name; one without an id where it has none."""
    found = [status_of(one) for one in instance.all(STATUS).values() if one.values.get("State") != "DISABLED"]
    fitting = [one for one in found if one.type == kind]
    return next((one for one in fitting if one.name == name), fitting[0] if fitting else Status("", name, kind))


class Roster:
    """The agents, by instance and id. Used under Connect's lock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._agents: dict[str, dict[str, Agent]] = {}
        self.on_change: Changed = lambda _agent: None
        """Called when an agent's status is another."""

    def all(self) -> list[Agent]:
        return [agent for agents in self._agents.values() for agent in agents.values()]

    def of(self, instance: str) -> dict[str, Agent]:
        """The agents of an instance, by the user's id."""
        return self._agents.get(instance, {})

    def add(self, agent: Agent) -> Agent:
        """Let an agent sign in."""
        self._agents.setdefault(agent.instance, {})[agent.id] = agent
        self.on_change(agent)
        return agent

    def remove(self, agent: Agent) -> None:
        """Forget an agent: it has signed out."""
        self._agents.get(agent.instance, {}).pop(agent.id, None)

    def user(self, instance: Instance, resource: ConnectResource) -> Agent:
        """The agent that a user is; one that is offline where it has not signed in yet.

        It takes what rings at once if its phone accepts by itself, and has the user's time for after-call work (0: no limit).
        """
        found = self.of(instance.id).get(resource.id)
        if found is None:
            now = self.now()
            status = status_named(instance, OFFLINE, "OFFLINE")
            found = Agent(resource.id, instance.region, instance.id, str(resource.values["Name"]), status, now, now)
            self._agents.setdefault(instance.id, {})[resource.id] = found
        found.profile = str(resource.values.get("RoutingProfileId") or "")
        if not found.simulated:
            found.answers, found.accept, found.acw = accepts(resource.values), 0.0, work_seconds(resource.values)
        return found

    def put(self, agent: Agent, status: Status) -> None:
        """Give an agent a status: at once, or once it has no contacts any more. A missed contact is dismissed by it."""
        for missed in [one.contact for one in agent.contacts.values() if one.state == "MISSED"]:
            del agent.contacts[missed]
        if agent.contacts:
            agent.next = None if status == agent.status else status
            return
        self._become(agent, status)

    def released(self, agent: Agent) -> None:
        """A contact has left an agent: the status that it waited for comes, once there is none any more."""
        agent.idle_since = self.now()
        if agent.next is not None and not agent.contacts:
            self._become(agent, agent.next)
            if agent.synthetic and not agent.is_staffed:
                self.remove(agent)

    def _become(self, agent: Agent, status: Status) -> None:
        agent.status, agent.next = status, None
        agent.since = agent.idle_since = self.now()
        self.on_change(agent)

    def forgotten(self, instance: Instance) -> None:
        """Let users who were deleted go, and synthetic agents who are offline, unless a contact is with them."""
        for agent in list(self.of(instance.id).values()):
            gone = not agent.is_staffed if agent.synthetic else agent.id not in instance.all(USER)
            if gone and not agent.contacts:
                self.remove(agent)

    def serving(self, instance: Instance, contact: Contact) -> Iterator[tuple[Agent, Rules]]:
        """The agents who could take a contact by their routing profile, or for whom alone it waits, whatever they do now."""
        agents = self.of(instance.id)
        if not contact.queue and contact.agent:
            only = agents.get(contact.agent)
            if only is not None:
                yield only, rules_of(instance, only)
            return
        known: dict[str, Rules] = {}
        for agent in agents.values():
            found = known.get(agent.profile) if agent.profile else None
            if found is None:
                found = rules_of(instance, agent)
                known[agent.profile] = found
            if (contact.queue, contact.channel) in found.turns:
                yield agent, found

    def free_for(self, instance: Instance, contact: Contact, waited: float) -> Agent | None:
        """The agent who gets a contact that has waited so long: of those with a free slot the one who was idle longest."""
        free = [
            agent
            for agent, found in self.serving(instance, contact)
            if has_slot(agent, found, contact.channel) and _delay(found, contact) <= waited
        ]
        return min(free, key=lambda agent: (agent.idle_since, agent.id), default=None)

    def delays(self, instance: Instance, contact: Contact) -> set[float]:
        """The delays after which further agents may take a contact."""
        return {delay for _, found in self.serving(instance, contact) if (delay := _delay(found, contact)) > 0}

    def serving_queue(self, instance: Instance, queue: str, agent: str = "") -> list[Agent]:
        """The agents who serve a queue, on any channel; or the one of an agent's queue."""
        if agent:
            only = self.of(instance.id).get(agent)
            return [] if only is None else [only]
        agents = self.of(instance.id).values()
        return [one for one in agents if any(named == queue for named, _ in rules_of(instance, one).turns)]

    def counts(self, instance: Instance, queue: str, agent: str = "") -> tuple[int, int, int]:
        """How many agents of a queue, or which one, are available (free for a call), staffed and online."""
        serving = self.serving_queue(instance, queue, agent)
        staffed = [one for one in serving if one.is_staffed]
        available = [one for one in staffed if one.is_routable and not one.contacts]
        return len(available), len([one for one in staffed if one.status.type == "ROUTABLE"]), len(staffed)


def available_status(instance: Instance) -> Status:
    """The status in which contacts are taken."""
    return status_named(instance, AVAILABLE, "ROUTABLE")


def _delay(found: Rules, contact: Contact) -> float:
    turn = found.turns.get((contact.queue, contact.channel))
    return turn.delay if turn is not None else 0.0
