"""A contact that goes on: the flows that run for its two sides, its timers, and how its customer behaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.control import CallStatus, Outcome
from sbctl.sandbox.connect.running.contract import Event, Turn, Waiting
from sbctl.sandbox.time.scheduler import Entry

Role = Literal["inbound", "queue", "agent-whisper", "customer-whisper", "outbound-whisper", "hold", "disconnect"]


class Run(Protocol):
    """A flow that runs: the interpreter's."""

    def begin(self) -> Turn:
        """Step from the start to the first wait, or to the end."""

    def take(self, event: Event) -> Turn:
        """Step on with what happened."""


@dataclass
class Script:
    """How a customer behaves. `patience`: seconds in a queue; `talk`: seconds with an agent; None for as long as it takes.

    `answers`: whether it takes a call to it (callbacks, outbound calls). `interactive`: keys and words come from outside.
    """

    presses: deque[str] = field(default_factory=deque)
    says: deque[str] = field(default_factory=deque)
    patience: float | None = None
    talk: float | None = None
    interactive: bool = False
    answers: bool = True
    on_change: Any = None
    """Called with (progress, what) at "taken", "queued", "answered" and "ended": the generator that made the call counts."""

    @staticmethod
    def of(values: Mapping[str, Any]) -> Script:
        """The script of a control request or a row of a mix, whose members are known to be right."""

        def texts(name: str) -> deque[str]:
            found: Iterable[str] = values.get(name) or ()
            return deque(found)

        return Script(
            texts("presses"), texts("says"), values.get("patience"), values.get("talk"), bool(values.get("interactive"))
        )


@dataclass
class Leg:
    """A flow that runs for one side of a contact. `serial` goes up with every turn: what was meant for an earlier one is late."""

    role: Role
    flow: str
    run: Run
    serial: int = 0
    waiting: Waiting | None = None
    timers: list[Entry] = field(default_factory=list)
    over: bool = False

    def rest(self) -> None:
        """Forget what was planned for the present wait."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()

    def stop(self) -> None:
        """It goes on no more, whatever still comes."""
        self.over, self.waiting = True, None
        self.serial += 1
        self.rest()


@dataclass
class Progress:
    """One contact that goes on. `customer` and `agent` are the flows that run for them now."""

    contact: Contact
    script: Script = field(default_factory=Script)
    state: CallStatus = "flow"
    customer: Leg | None = None
    agent: Leg | None = None
    timers: dict[str, Entry] = field(default_factory=dict)
    outcome: Outcome = ""
    failure: str = ""
    """Why its flow failed, with the block; "" for a flow that did not."""
    silent: bool = False
    """Whether it moved on as another contact: nothing of it counts as an end of the call."""
    attempts: int = 0
    """Calls of a callback that are still to be made after this one."""
    retry: float = 0.0
    held_since: float | None = None

    def plan(self, name: str, entry: Entry) -> None:
        """Put a timer in the place of the one of that name."""
        self.drop(name)
        self.timers[name] = entry

    def drop(self, name: str) -> None:
        """Forget a timer."""
        found = self.timers.pop(name, None)
        if found is not None:
            found.cancel()

    def stop(self) -> None:
        """End its flows and forget its timers."""
        for leg in (self.customer, self.agent):
            if leg is not None:
                leg.stop()
        self.customer = self.agent = None
        for name in list(self.timers):
            self.drop(name)
