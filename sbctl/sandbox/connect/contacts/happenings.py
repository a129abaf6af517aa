"""What happens to contacts and agents, told as it happens to those who keep records, metrics, logs and recordings.

Listeners are called in the order in which they joined, with Connect's lock held, at the time of the world's clock that the
happening names. They must return at once, and neither invoke functions nor wait. One that fails is logged; the others still hear.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sbctl.sandbox.connect.contacts.contact import Contact

LOG = logging.getLogger("sbctl.sandbox")
What = Literal[
    "begun",  # the contact is there; its flow has not run yet
    "failed",  # a flow could not go on: `detail` is the flow's id
    "flow",  # a flow began to run for it: `detail` is the flow's id
    "queued",
    "dequeued",  # it left the queue without an agent: `detail` says why ("callback", "transfer", "")
    "offered",  # it rings at an agent
    "missed",  # the agent did not take it; it waits on
    "accepted",
    "dialled",  # a customer is called: callbacks and outbound calls
    "connected",  # agent and customer are joined
    "held",
    "resumed",
    "left",  # the agent is no longer with the customer: after-call work begins
    "wrapped",  # after-call work is over
    "paused",
    "unpaused",
    "ended",  # for the customer: `contact.reason` says why
    "attributes",  # attributes, name, description, references or tags are other than before
    "recording",  # `detail` is "started", "stopped", "suspended" or "resumed"
    "agent",  # an agent's status changed: `detail` is its name
]


@dataclass(frozen=True)
class Happening:
    """One happening. `contact` is None of those of agents; `agent` and `queue` are ids, "" where there is none.

    `contact` is the living object: copy of it what is to last.
    """

    what: What
    when: float
    region: str
    instance: str
    contact: Contact | None = None
    queue: str = ""
    agent: str = ""
    detail: str = ""


Role = Literal["CUSTOMER", "AGENT", "SYSTEM"]


@dataclass(frozen=True)
class Said:
    """A prompt that was played, keys that were pressed, words that were said, or a chat message. `to_agent`: an agent's whisper."""

    contact: Contact
    when: float
    role: Role
    kind: Literal["Text", "SSML", "PromptId", "Media", "Keys", "Words"]
    text: str
    block: str = ""
    to_agent: bool = False


class Passed(Protocol):
    """A block as running/contract.py's `Block` tells it."""

    @property
    def flow(self) -> str: ...
    @property
    def flow_name(self) -> str: ...
    @property
    def identifier(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def when(self) -> float: ...
    @property
    def results(self) -> str | None: ...
    @property
    def took(self) -> str | None: ...


Listener = Callable[[Happening], object]
Hearer = Callable[[Said], object]
Tracer = Callable[[Contact, Passed], object]


class Happenings:
    """Who listens. `said` and `blocks` tell what is heard, and which actions of flows are run."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.hearers: list[Hearer] = []
        self.tracers: list[Tracer] = []

    def tell(self, happening: Happening) -> None:
        """Tell all who listen what happened."""
        for listener in self.listeners:
            try:
                listener(happening)
            except Exception:  # the others still hear of it
                LOG.exception("one who listens to contacts failed at %s", happening.what)

    def say(self, said: Said) -> None:
        """Tell what was heard on a contact."""
        for hearer in self.hearers:
            try:
                hearer(said)
            except Exception:  # the others still hear of it
                LOG.exception("one who hears contacts failed")

    def passed(self, contact: Contact, block: Passed) -> None:
        """Tell that an action of a flow was entered or left."""
        for tracer in self.tracers:
            try:
                tracer(contact, block)
            except Exception:  # the others still hear of it
                LOG.exception("one who traces flows failed at %s", block.identifier)
