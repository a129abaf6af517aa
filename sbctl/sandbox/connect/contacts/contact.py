"""One contact as the service knows it: a call, a chat, a task or a callback. Plain values, so that a world can be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Channel = Literal["VOICE", "CHAT", "TASK"]
Initiation = Literal[
    "INBOUND", "OUTBOUND", "API", "CALLBACK", "TRANSFER", "QUEUE_TRANSFER", "DISCONNECT"
]  # fmt: skip
"""https://docs.aws.amazon.com/connect/latest/adminguide/contact-initiation-methods.html"""


@dataclass
class Contact:
    """One contact. Ids without ARNs; times in seconds since the epoch of the world's clock, None while it has not come to it."""

    id: str
    region: str
    instance: str
    channel: Channel
    initiation: Initiation
    begun: float
    initial: str = ""
    previous: str = ""
    related: str = ""
    customer: str = ""
    """The caller's address; "" where there is none (chats and tasks of the API)."""
    system: str = ""
    """The number that was called."""
    name: str = ""
    description: str = ""
    references: dict[str, dict[str, str]] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    segment_attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    language: str = "en-US"
    voice: str = "Joanna"
    queue: str = ""
    """The target queue, also before it waits there."""
    agent: str = ""
    """The user that has it, or for whom alone it waits."""
    priority: int = 5
    routing_age: float = 0.0
    """Seconds that are added to its age in the queue."""
    hooks: dict[str, str] = field(default_factory=dict)
    """Event hook ("CustomerQueue", "AgentWhisper" ...) -> flow id; "" where the flow switched the hook off."""
    logging: bool = False
    recording: frozenset[str] = frozenset()
    """Whose voice is recorded: "Customer", "Agent"."""
    callback_number: str = ""
    queued: float | None = None
    dequeued: float | None = None
    connected: float | None = None
    """When an agent and the customer were joined."""
    acw_begun: float | None = None
    acw_ended: float | None = None
    ended: float | None = None
    reason: str = ""
    """AWS's DisconnectReason: CUSTOMER_DISCONNECT, AGENT_DISCONNECT, CONTACT_FLOW_DISCONNECT, TELECOM_PROBLEM ..."""
    scheduled: float | None = None
    """When a task or a callback is to begin."""
    paused: bool = False
    offers: int = 0
    """How often it rang at an agent."""
    holds: int = 0
    hold_seconds: float = 0.0
    recordings: list[dict[str, Any]] = field(default_factory=list)
    """Recordings and transcripts, as DescribeContact tells them."""
    updated: float = 0.0
    """When anything of it last changed."""
    customer_id: str = ""
    """What the customer is called elsewhere: `$.CustomerId`."""
    criteria: dict[str, Any] = field(default_factory=dict)
    """Routing criteria as the API has them ({"Steps": [...]}), or {} for any agent."""
    test: bool = False
    """Whether it is the simulated contact of a test case."""
