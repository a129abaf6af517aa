"""Real-time metrics: what is so now, of groups of agents and of contacts that wait.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetCurrentMetricData.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sbctl.sandbox.connect.agents.agent import Agent
from sbctl.sandbox.connect.agents.routing import Rules, has_slot
from sbctl.sandbox.connect.contacts.contact import Contact

ON_CONTACT = frozenset({"CONNECTED", "CONNECTED_ONHOLD"})
CHANNELS = ("VOICE", "CHAT", "TASK")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Staff:
    """An agent with what its routing profile lets it take."""

    agent: Agent
    rules: Rules


@dataclass
class Group:
    """One row: agents and waiting contacts that fall into it, and the channels that it is about."""

    channels: Collection[str]
    now: float
    grouped: bool
    agents: list[Staff] = field(default_factory=list)
    waiting: list[Contact] = field(default_factory=list)
    scheduled: list[Contact] = field(default_factory=list)

    @property
    def is_active(self) -> bool:
        """Whether there is anything to tell: AWS has no row for a group in which nothing goes on."""
        online = any(one.agent.is_staffed or one.agent.contacts for one in self.agents)
        return bool(self.waiting or self.scheduled or online)


def _states(staff: Staff, channels: Collection[str]) -> set[str]:
    return {one.state for one in staff.agent.contacts.values() if one.channel in channels}


def _agents(which: Callable[[Staff, Group], object]) -> Callable[[Group], float | None]:
    return lambda group: float(sum(bool(which(one, group)) for one in group.agents))


def _available(staff: Staff, group: Group) -> bool:
    return any(has_slot(staff.agent, staff.rules, channel) for channel in group.channels)


def _oldest(group: Group) -> float | None:
    """Seconds with groupings, milliseconds without, as AWS's page says."""
    oldest = min((one.queued for one in group.waiting if one.queued is not None), default=None)
    seconds = 0.0 if oldest is None else group.now - oldest
    return float(int(seconds)) if group.grouped else float(int(seconds * 1000))


def _active_slots(group: Group) -> float | None:
    contacts = (one for staff in group.agents for one in staff.agent.contacts.values())
    return float(sum(one.channel in group.channels for one in contacts))


def _free_slots(group: Group) -> float | None:
    return float(sum(free_slots(staff, channel) for staff in group.agents for channel in group.channels))


def free_slots(staff: Staff, channel: str) -> int:
    """How many more contacts of a channel an agent could take now."""
    if not has_slot(staff.agent, staff.rules, channel):
        return 0
    held = sum(one.channel == channel for one in staff.agent.contacts.values())
    return staff.rules.concurrency.get(channel, 0) - held


def _on_contact(staff: Staff, group: Group) -> bool:
    return bool(_states(staff, group.channels) & ON_CONTACT)


def _unknown(_group: Group) -> float | None:
    return None


CURRENT: Mapping[str, tuple[str, Callable[[Group], float | None]]] = {
    "AGENTS_AFTER_CONTACT_WORK": ("COUNT", _agents(lambda one, group: "ENDED" in _states(one, group.channels))),
    "AGENTS_AVAILABLE": ("COUNT", _agents(_available)),
    "AGENTS_ERROR": ("COUNT", _agents(lambda one, group: "MISSED" in _states(one, group.channels))),
    "AGENTS_NON_PRODUCTIVE": ("COUNT", _agents(lambda one, _group: one.agent.status.type == "CUSTOM")),
    "AGENTS_ONLINE": ("COUNT", _agents(lambda one, _group: one.agent.is_staffed)),
    "AGENTS_ON_CALL": ("COUNT", _agents(_on_contact)),
    "AGENTS_ON_CONTACT": ("COUNT", _agents(_on_contact)),
    "AGENTS_STAFFED": ("COUNT", _agents(lambda one, _group: one.agent.status.type == "ROUTABLE")),
    "CONTACTS_IN_QUEUE": ("COUNT", lambda group: float(len(group.waiting))),
    "CONTACTS_SCHEDULED": ("COUNT", lambda group: float(len(group.scheduled))),
    "ESTIMATED_WAIT_TIME": ("SECONDS", _unknown),
    "OLDEST_CONTACT_AGE": ("SECONDS", _oldest),
    "SLOTS_ACTIVE": ("COUNT", _active_slots),
    "SLOTS_AVAILABLE": ("COUNT", _free_slots),
}
"""Unit and figure of each. An estimate needs Amazon's model of waits, and has no value here."""


def serves(staff: Staff, queues: Collection[str], channels: Collection[str]) -> bool:
    """Whether an agent takes contacts of a channel from one of the queues."""
    return any(queue in queues and channel in channels for queue, channel in staff.rules.turns)


def of_queue(contacts: Iterable[Contact], queue: str, channels: Collection[str]) -> Sequence[Contact]:
    """The contacts of a queue and of these channels."""
    return [one for one in contacts if one.queue == queue and one.channel in channels]
