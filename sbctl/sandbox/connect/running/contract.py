"""What a running flow and the world around it tell each other.

The interpreter knows no sockets, threads, agents or timers. Whoever drives it hands it an event and gets a turn: what the flow
waits for now, or how it ended. Contacts (`contacts/`) and test cases drive the same interpreter, each with a `Centre` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.store import Instance

# events: what the world tells a flow that waits


@dataclass(frozen=True)
class Keys:
    """The customer pressed keys: one or more of 0-9 * #."""

    text: str


@dataclass(frozen=True)
class Words:
    """The customer said something, or wrote a chat message."""

    text: str


@dataclass(frozen=True)
class Elapsed:
    """The time of the wait (`until`) has come."""


@dataclass(frozen=True)
class FunctionAnswered:
    """A function answered: its payload as parsed JSON, or an error name ("" for none; else NoMatchingError, TimeLimitExceeded)."""

    payload: Any = None
    error: str = ""


@dataclass(frozen=True)
class LexAnswered:
    """A bot is done: intent, slots, session attributes ... as they stand in `$.Lex`, or an error name, and why."""

    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    why: str = ""


@dataclass(frozen=True)
class ViewAnswered:
    """Somebody acted on a view: the action's name and its data."""

    action: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ThirdPartyEnded:
    """A transfer to a number is over: "" when the third party hung up first, else CallFailed or ConnectionTimeLimitExceeded."""

    error: str = ""


Event = Keys | Words | Elapsed | FunctionAnswered | LexAnswered | ViewAnswered | ThirdPartyEnded

# turns: what a flow that stopped stepping says


@dataclass(frozen=True)
class Waiting:
    """The flow waits. `until` is a time of the world's clock, None for ever; `block` the action's identifier.

    `keys`, `words`: which events it takes besides `Elapsed`. `for_what` is for traces. A driver that cannot give what is
    waited for sends `Elapsed` when `until` comes. An event that is not waited for changes nothing: `take` answers the same turn.
    """

    for_what: Literal["keys", "bot", "time", "function", "view", "third-party", "prompts"]
    block: str
    until: float | None = None
    keys: bool = False
    words: bool = False
    request: FunctionRequest | BotRequest | CallRequest | None = None


@dataclass(frozen=True)
class FunctionRequest:
    """A function is to be invoked: ARN or name as the flow has it, resolved; Connect's event; whether its answer is awaited.

    Of one that is not awaited `FunctionAnswered()` comes as soon as it was started. `Elapsed` is a function that took too long.
    """

    arn: str
    event: Mapping[str, Any]
    seconds: float
    awaited: bool = True


@dataclass(frozen=True)
class BotRequest:
    """A bot gets the conversation: its alias ARN and what it is given to begin with."""

    alias: str
    session: Mapping[str, str]


@dataclass(frozen=True)
class CallRequest:
    """A third party is to be called. `keys` are pressed when it answers; `goes_on`: the flow goes on when it hangs up.

    `Elapsed` says that nobody answered in time, so it is not sent once somebody did.
    """

    number: str
    keys: str
    goes_on: bool


@dataclass(frozen=True)
class Ended:
    """The flow is over. What follows is the driver's: a contact that was queued waits on, a whisper lets the join proceed.

    `disconnect`: DisconnectParticipant. `end`: EndFlowExecution, or nothing left to do. `queued`: it stands in `contact.queue`
    (`Centre.enqueue` took it). `third-party`: it went to a number for good. `dial`: CompleteOutboundCall: the customer is to be
    called; when they answer, `take(Elapsed())` runs what follows. `error`: an action failed without a branch, or the run was cut
    off as endless; `why` says it.
    """

    how: Literal["disconnect", "end", "queued", "third-party", "dial", "error"]
    block: str = ""
    why: str = ""


Turn = Waiting | Ended

# what the flow tells while it steps


@dataclass(frozen=True)
class Spoken:
    """What reaches the participant: resolved text, SSML, a prompt's id, or an S3 address. `kind` is the parameter's name."""

    kind: Literal["Text", "SSML", "PromptId", "Media"]
    text: str
    block: str


@dataclass(frozen=True)
class Block:
    """One action of the run, as it is entered (`took` None) or left.

    `took` is the branch that was taken: "" for NextAction, an error's name, or a condition's operands joined by ", ". `results`
    is what AWS's flow log says of an action on its way out; None where it says nothing.
    """

    flow: str
    """Id of the flow, or of the module."""
    flow_name: str
    identifier: str
    type: str
    parameters: Mapping[str, Any]
    when: float
    results: str | None = None
    took: str | None = None
    is_module: bool = False
    """Whether `flow` is a module's."""


class Centre(Protocol):
    """What a running flow asks of the world. All calls return at once."""

    def now(self) -> float:
        """Seconds since the epoch, by the world's clock."""

    def instance(self, contact: Contact) -> Instance:
        """The instance in which the contact is, with its flows, queues and hours."""

    def say(self, contact: Contact, spoken: Spoken) -> None:
        """A prompt or a message reaches the participant for whom the flow runs."""

    def passed(self, contact: Contact, block: Block) -> None:
        """An action was entered or left: for flow logs, traces, coverage and test cases."""

    def in_hours(self, contact: Contact, hours: str) -> bool | str:
        """Whether hours of operation are open now; an error name ("NoMatchingError") instead, where that cannot be said."""

    def figure(self, contact: Contact, metric: str, queue: str, agent: str) -> float | None:
        """A real-time metric of a queue, or of an agent, by id; None where there is none. Times are seconds.

        CheckMetricData's names, and for GetMetricData EstimatedWaitTimeSeconds and NumberOfAgents with AfterContactWork, Busy,
        Missed or NonProductive behind it.
        """

    def enqueue(self, contact: Contact, queue: str, agent: str) -> str:
        """Put the contact into a queue, or that of an agent; "" done, else QueueAtCapacity or NoMatchingError."""

    def call_back(self, contact: Contact, number: str, queue: str, settings: Mapping[str, Any]) -> str:
        """Make a callback contact that waits in a queue; "" done, else an error name.

        `settings`: `delay` and `retry` in seconds, `attempts`, and where the flow gives them `flow` and `agent` (ids), `mode`.
        """

    def start(self, contact: Contact, channel: Channel, flow: str, settings: Mapping[str, Any]) -> str:
        """Begin another contact (a task, a chat) that runs a flow: its id, or "" where that cannot be.

        `settings`: `name`, `description`, `attributes`, `references` ({key: {Value, Type}}), `at` in seconds since the epoch (now
        where it is absent); of chats `to`, `source` and `message`.
        """

    def related(self, contact: Contact) -> Contact | None:
        """The contact of RelatedContactId, to be changed; None where there is none."""

    def is_associated(self, contact: Contact, function: str) -> bool:
        """Whether the instance may invoke a function (AssociateLambdaFunction)."""

    def percent(self, contact: Contact) -> int:
        """A random number, 1 to 100."""


@runtime_checkable
class NumberBook(Protocol):
    """A `Centre` that knows telephone numbers too: `$.Queue.OutboundCallerId` is null without one."""

    def number(self, contact: Contact, claimed: str) -> str:
        """The E.164 number of a claimed number, by its id; "" where there is none."""
