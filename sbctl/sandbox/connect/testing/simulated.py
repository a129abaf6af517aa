"""The simulated contact of one execution: a flow that runs in a centre where the test case may stand in for resources.

It is stepped by its owner, which invokes functions and knows when time has passed. Nothing here waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.contacts.live.driver import Bots
from sbctl.sandbox.connect.running.contract import (
    Block,
    BotRequest,
    Centre,
    Elapsed,
    Ended,
    Event,
    FunctionAnswered,
    FunctionRequest,
    Keys,
    LexAnswered,
    Spoken,
    Turn,
    Waiting,
    Words,
)
from sbctl.sandbox.connect.store import Instance, bare
from sbctl.sandbox.connect.testing.content import WATCHED
from sbctl.sandbox.connect.testing.overrides import Override
from sbctl.sandbox.connect.testing.watch import Watch

SPEAKING = frozenset(
    {
        "MessageParticipant",
        "MessageParticipantIteratively",
        "GetParticipantInput",
        "ConnectParticipantWithLexBot",
        "ShowView",
    }
)
"""Actions after which the customer goes on listening to the same message."""


class Run(Protocol):
    """A flow that runs."""

    def begin(self) -> Turn: ...

    def take(self, event: Event) -> Turn: ...

    def value(self, reference: str) -> Any:
        """What a reference such as "$.Queue.Name" is now; None where there is nothing."""


class SimulatedCentre:
    """What the flow of a simulated contact asks of the world, with the overrides of its test case. A `Centre`."""

    def __init__(self, real: Centre, watch: Watch) -> None:
        self._real = real
        self.watch = watch
        self.pieces: list[Spoken] = []
        self.path: list[dict[str, str]] = []
        """Blocks since the last record; each has its Branch once it is left."""
        self._spoke = ""
        """The block that spoke last, as long as no other was entered since."""

    def now(self) -> float:
        return self._real.now()

    def instance(self, contact: Contact) -> Instance:
        return self._real.instance(contact)

    def say(self, contact: Contact, spoken: Spoken) -> None:  # noqa: ARG002
        """A menu that leads to itself says nothing new."""
        if spoken.block != self._spoke:
            self.pieces.append(spoken)
        self._spoke = spoken.block

    def passed(self, contact: Contact, block: Block) -> None:
        if block.took is not None:
            self._left(block)
            return
        self.path.append({"Flow": block.flow_name, "Block": block.identifier, "Type": block.type})
        if block.identifier != self._spoke:
            self._spoke = ""
        if block.type not in SPEAKING:
            self.cut()
        if block.type in WATCHED:
            self.watch.started(block.type, _parameters(block, contact), block.identifier)
            self.note_path()

    def cut(self) -> None:
        """What was said so far is one message."""
        pieces, self.pieces = self.pieces, []
        if pieces:
            self.watch.heard(pieces)
            self.note_path()

    def note_path(self) -> None:
        """Put the blocks that were passed into the newest record, if there is a new one."""
        records = self.watch.records
        if records and "Path" not in records[-1].said:
            records[-1].said["Path"] = self.path
            self.path = []

    def in_hours(self, contact: Contact, hours: str) -> bool | str:
        override = self.watch.overrides.take("CheckHoursOfOperation", hours)
        if override is None:
            return self._real.in_hours(contact, hours)
        if override.substitute:
            return self._real.in_hours(contact, bare(override.substitute))
        return override.error or override.result == "InHours"

    def figure(self, contact: Contact, metric: str, queue: str, agent: str) -> float | None:
        return self._real.figure(contact, metric, queue, agent)

    def enqueue(self, contact: Contact, queue: str, agent: str) -> str:
        """No agent is rung: the contact stands in no queue that others see. A full queue is full for it too."""
        override = self.watch.overrides.take("TransferContactToQueue", queue)
        if override is not None and override.error:
            return override.error
        if override is not None and override.substitute:
            contact.queue = queue = bare(override.substitute)
        return "" if agent else self._room(contact, queue)

    def _room(self, contact: Contact, queue: str) -> str:
        found = self.instance(contact).all("queue").get(queue)
        if found is None:
            return "NoMatchingError"
        most = found.values.get("MaxContacts")
        waiting = self.figure(contact, "NumberOfContactsInQueue", queue, "") or 0
        return "QueueAtCapacity" if most is not None and waiting >= most else ""

    def call_back(self, contact: Contact, number: str, queue: str, settings: Mapping[str, Any]) -> str:
        return self._real.call_back(contact, number, queue, settings)

    def start(self, contact: Contact, channel: Channel, flow: str, settings: Mapping[str, Any]) -> str:
        return self._real.start(contact, channel, flow, settings)

    def related(self, contact: Contact) -> Contact | None:
        return self._real.related(contact)

    def is_associated(self, contact: Contact, function: str) -> bool:
        return self._real.is_associated(contact, function)

    def percent(self, contact: Contact) -> int:
        return self._real.percent(contact)

    def _left(self, block: Block) -> None:
        """The branch that was taken, beside the block."""
        noted = [self.path, *(record.said.get("Path") or [] for record in reversed(self.watch.records))]
        for path in noted:
            for step in reversed(path):
                if step["Block"] == block.identifier and step["Flow"] == block.flow_name and "Branch" not in step:
                    step["Branch"] = block.took or ""
                    return


class SimulatedContact:
    """Steps a run until it waits for a function, for time, or is over."""

    def __init__(self, centre: SimulatedCentre, contact: Contact, run: Run, bots: Bots) -> None:
        self._centre = centre
        self._contact = contact
        self._run = run
        self._bots = bots
        self._turn: Turn | None = None
        self._asked: FunctionRequest | None = None
        self._waits_for: FunctionRequest | None = None
        self._answers_at: float | None = None
        self._answer: Event | None = None
        self.hung_up = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.hung_up or isinstance(self._turn, Ended)

    @property
    def is_queued(self) -> bool:
        return not self.hung_up and isinstance(self._turn, Ended) and self._turn.how == "queued"

    @property
    def wakes(self) -> float | None:
        """When it has to be stepped again; None where only its owner moves it."""
        if self.is_over or not isinstance(self._turn, Waiting):
            return None
        times = [when for when in (self._until(self._turn), self._answers_at) if when is not None]
        return min(times, default=None)

    def _until(self, turn: Waiting) -> float | None:
        """When a wait ends by itself. Who invokes a function says when it is late: it runs in real time."""
        return None if self._waits_for is not None else turn.until

    def step(self) -> FunctionRequest | None:
        """Go on as far as goes now; a function that is to be invoked, whose answer goes to `answered`."""
        watch = self._centre.watch
        if self._turn is None:
            watch.begin()
            self._centre.note_path()
            self._take(self._run.begin())
        while not (self.is_over or watch.is_ended or watch.is_broken):
            event = self._next()
            if event is None:
                asked, self._asked = self._asked, None
                self._waits_for = asked or self._waits_for
                return asked
            self._take(self._run.take(event))
        return None

    def answered(self, request: FunctionRequest, answer: FunctionAnswered) -> bool:
        """What a function said; whether anybody still waits for it."""
        turn = self._turn
        waits = isinstance(turn, Waiting) and turn.for_what == "function" and self._waits_for is request
        if waits:
            self._answer, self._answers_at = answer, self._centre.now()
        return waits

    def _take(self, turn: Turn) -> None:
        self._turn, self._answer, self._answers_at, self._waits_for = turn, None, None, None
        self._centre.cut()
        if isinstance(turn, Waiting):
            self._prepare(turn)

    def _prepare(self, turn: Waiting) -> None:
        """A function or a bot that is asked: what stands in for it, or its invocation."""
        request, now = turn.request, self._centre.now()
        if isinstance(request, FunctionRequest):
            override = self._centre.watch.overrides.take("InvokeLambdaFunction", request.arn)
            if override is None:
                self._asked = request
            elif override.substitute:
                self._asked = FunctionRequest(override.substitute, request.event, request.seconds, request.awaited)
            else:
                self._answer, self._answers_at = _mocked(override, request, now)
        elif isinstance(request, BotRequest):
            override = self._centre.watch.overrides.take("ConnectParticipantWithLexBot", request.alias)
            if override is not None and not override.substitute:
                values = override.result if isinstance(override.result, Mapping) else {}
                self._answer = LexAnswered(values, override.error)
                self._answers_at = now + override.delay

    def _next(self) -> Event | None:
        turn, now = self._turn, self._centre.now()
        assert isinstance(turn, Waiting)
        if self._answer is not None and self._answers_at is not None and self._answers_at <= now:
            return self._answer
        done = self._from_customer(turn)
        if done is not None or self.hung_up:
            return done
        until = self._until(turn)
        return Elapsed() if until is not None and until <= now else None

    def _from_customer(self, turn: Waiting) -> Event | None:
        """What the customer did, when the flow takes it; what it does not take yet waits."""
        inbox = self._centre.watch.inbox
        if not inbox:
            return None
        kind, value = inbox[0]
        if kind == "Disconnect":
            self.hung_up = True
            inbox.clear()
            return None
        if kind == "DtmfInput" and turn.keys:
            inbox.pop(0)
            return Keys(value)
        if kind != "DtmfInput" and isinstance(turn.request, BotRequest):
            inbox.pop(0)
            return self._bots(self._contact, turn.request, value)
        if kind != "DtmfInput" and turn.words:
            inbox.pop(0)
            return Words(value)
        return None


def _mocked(override: Override, request: FunctionRequest, now: float) -> tuple[FunctionAnswered, float]:
    """The answer of a function that is not invoked, and when it comes; one that takes too long is a time-out."""
    if override.delay > request.seconds:
        return FunctionAnswered(error="TimeLimitExceeded"), now + request.seconds
    return FunctionAnswered(override.result, override.error), now + override.delay


def _parameters(block: Block, contact: Contact) -> dict[str, Any]:
    """What an action works on: a transfer to a queue has no parameters, its queue is the contact's."""
    if block.type != "TransferContactToQueue":
        return dict(block.parameters)
    named = {"AgentId": contact.agent} if contact.agent else {"QueueId": contact.queue}
    return {**dict(block.parameters), **named}
