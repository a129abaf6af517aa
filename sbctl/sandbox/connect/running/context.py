"""What an action works with: the contact, the world, and what the flow has learnt so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.contract import Centre, NumberBook, Spoken, Turn
from sbctl.sandbox.connect.running.program import Program, Step, program
from sbctl.sandbox.connect.running.values.references import Path, walked
from sbctl.sandbox.connect.running.values.roots import ROOTS, queue
from sbctl.sandbox.connect.store import Instance


@dataclass
class Back:
    """The action to which the end of a branch leads back: a loop of prompts that was interrupted, a wait that others run beside."""

    at: str
    spoken: int = 0
    until: float | None = None


@dataclass
class Frame:
    """A flow or module that runs. `data`: what references find, by root; it is not seen from another frame.

    `type` is the flow's; of a module that of the flow which invoked it. `at`: the present action. `counts`: of loops.
    """

    id: str
    name: str
    type: str
    content: str
    is_module: bool = False
    at: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    back: Back | None = None

    @property
    def program(self) -> Program:
        return program(self.content)


@dataclass
class Pending:
    """What an action that waits has noted: its parameters as they were resolved, and what came in so far."""

    turn: Turn
    parameters: Mapping[str, Any]
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass
class RunContext:
    """One run. All of it but `centre` is plain and can be kept."""

    contact: Contact
    centre: Centre
    frames: list[Frame] = field(default_factory=list)
    pending: Pending | None = None
    buffering: bool = False
    """Whether keys that nothing waits for are kept."""
    buffer: str = ""
    chained: float = 0.0
    """Seconds that functions took since the participant last heard something."""
    spoken: int = 0
    steps: int = 0
    """Since something came in or time passed."""

    @property
    def frame(self) -> Frame:
        """The innermost flow or module."""
        return self.frames[-1]

    @property
    def instance(self) -> Instance:
        return self.centre.instance(self.contact)

    @property
    def now(self) -> float:
        return self.centre.now()

    @property
    def step(self) -> Step:
        """The present action."""
        frame = self.frames[-1]
        return frame.program.steps[frame.at]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "centre"}

    def number(self, claimed: str) -> str:
        """The telephone number of an id, where the world has a book of them."""
        centre: object = self.centre
        return centre.number(self.contact, claimed) if isinstance(centre, NumberBook) else ""

    def queue(self) -> dict[str, Any] | None:
        """The target queue as references find it."""
        return queue(self.contact, self.instance, self.number)

    def lookup(self, path: Path) -> Any:
        """The value of a reference; None where there is none."""
        root, rest = str(path[0]), path[1:]
        read = ROOTS.get(root)
        if root == "Queue":
            found: Any = self.queue()
        else:
            found = self.frame.data.get(root) if read is None else read(self.contact, self.instance, self.frame.type)
        return walked(found, rest) if rest else found

    def say(self, step: Step, kind: Any, text: str) -> None:
        """Let the participant hear something."""
        self.spoken += 1
        self.chained = 0.0
        self.centre.say(self.contact, Spoken(kind, text, step.identifier))

    def stop_buffering(self) -> None:
        """Forget the keys that were kept, and keep no more."""
        self.buffering, self.buffer = False, ""
