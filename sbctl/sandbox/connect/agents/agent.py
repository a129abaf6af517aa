"""One agent: a user who has signed in, or one that only the simulation knows; and the contacts that it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sbctl.sandbox.connect.contacts.contact import Channel

AgentContactState = Literal["CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "MISSED", "ENDED"]
"""Those of GetCurrentUserData that come about here.
https://docs.aws.amazon.com/connect/latest/APIReference/API_AgentContactReference.html"""
StatusType = Literal["ROUTABLE", "CUSTOM", "OFFLINE"]
AVAILABLE = "Available"
OFFLINE = "Offline"


@dataclass
class AgentContact:
    """A contact at an agent: it takes a slot of its channel until after-call work is over, or a missed one is dismissed."""

    contact: str
    channel: Channel
    queue: str
    initiation: str
    state: AgentContactState
    since: float
    connected: float | None = None


@dataclass
class Status:
    """An agent's status as a resource of the instance has it; the id is "" where the instance has none of that name."""

    id: str
    name: str
    type: StatusType


@dataclass
class Agent:
    """`id` is the user's. Times are of the world's clock, durations its seconds.

    `answers`: whether it takes what rings after `accept` seconds; else it misses it. `talk` None: until the customer leaves.
    `acw` None: until the contact is dismissed.
    """

    id: str
    region: str
    instance: str
    name: str
    status: Status
    since: float
    idle_since: float
    profile: str = ""
    """Its routing profile; "" for synthetic ones, which serve `queues`."""
    queues: tuple[str, ...] = ()
    synthetic: bool = False
    simulated: bool = False
    answers: bool = False
    accept: float = 3.0
    talk: float | None = None
    acw: float | None = None
    next: Status | None = None
    """What it becomes once it has no contacts."""
    contacts: dict[str, AgentContact] = field(default_factory=dict)
    answered: int = 0
    missed: int = 0

    @property
    def is_routable(self) -> bool:
        """Whether contacts may be offered to it, as far as its status goes."""
        unheard = any(one.state == "MISSED" for one in self.contacts.values())
        return self.status.type == "ROUTABLE" and self.next is None and not unheard

    @property
    def is_staffed(self) -> bool:
        """Whether it has signed in and is not offline."""
        return self.status.type != "OFFLINE"
