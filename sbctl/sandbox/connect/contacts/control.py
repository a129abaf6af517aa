"""The control actions on calls, callers and agents: what they take and answer. All under `/_sandbox/`, JSON in, JSON out.

| action | takes | answers |
|---|---|---|
| `POST call` | `NewCall` | `Started` |
| `POST call/turn` | `Turning` | `CallState` |
| `GET calls` | nothing | `Calls` |
| `POST callers/start` | `NewCallers` | `CallersRow` |
| `POST callers/stop` | `Which` | `{"stopped": [id, ...]}` |
| `GET callers` | nothing | `{"callers": [CallersRow, ...]}` |
| `POST callers/seconds` | `Span` | `{"seconds": [SecondRow, ...]}` |
| `POST callers/expect` | `Expect` | `{"callers": [CallersRow, ...]}` |
| `POST callers/route` | `Route` | `{"routes": {from: to}}` |
| `POST bots` | `{"scripts": {bot: [answer, ...]}}` (running/bots.py), in place of all others | `{"bots": {bot: answers}}` |
| `GET bots` | nothing | the same |
| `POST agents/start` | `NewAgents` | `{"agents": [AgentRow, ...]}`, those that began |
| `POST agents/stop` | `Where` | `{"stopped": n}` |
| `GET agents` | nothing | `{"agents": [AgentRow, ...]}` |

What is wrong is answered 400 `{"error": text}`, all problems at once, joined with "; ". Times are seconds since the epoch of the
world's clock; durations are seconds of it.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Outcome = Literal["answered", "served", "lost", "refused", ""]
"""How a call went. `answered`: an agent was joined. `served`: the flow ended it without an agent. `lost`: the caller gave up or
the region was lost. `refused`: it never reached a flow (region down, number without a flow, quota). "" while it goes on."""
CallStatus = Literal["flow", "queued", "ringing", "connected", "ended"]


class NewCall(TypedDict):
    """A call. One of `number` (E.164, claimed) and `flow` (id, ARN or name; with `region` where several instances have it)."""

    number: NotRequired[str]
    caller: NotRequired[str]
    """The caller's number, E.164; absent: one is made up."""
    flow: NotRequired[str]
    region: NotRequired[str]
    instance: NotRequired[str]
    """Id or alias, where a region has several instances."""
    presses: NotRequired[list[str]]
    """Keys, in the order in which they are pressed: an entry is pressed at once ("1", "12345#")."""
    says: NotRequired[list[str]]
    """What is said or written, when words are waited for."""
    patience: NotRequired[float]
    """Seconds in a queue after which the caller hangs up; absent: never."""
    talk: NotRequired[float]
    """Seconds with an agent; absent: as long as the agent talks."""
    channel: NotRequired[Literal["VOICE", "CHAT", "TASK"]]
    attributes: NotRequired[dict[str, str]]
    interactive: NotRequired[bool]
    """Whether keys and words come by `call/turn`: without it a script that has ended presses nothing more."""


class Started(TypedDict):
    """The contact; "" with `outcome` refused, and `why`."""

    contact_id: str
    region: str
    outcome: Outcome
    why: str


class Turning(TypedDict):
    """One of `keys`, `say`, `hang_up` and nothing; then time passes until the call waits for the caller, or has ended.

    `wait_seconds` (world time, default 0) is how long at most. On a standing clock it is moved, else it is waited for.
    """

    contact_id: str
    keys: NotRequired[str]
    say: NotRequired[str]
    hang_up: NotRequired[bool]
    wait_seconds: NotRequired[float]


class Heard(TypedDict):
    """`kind`: Text, SSML, PromptId, Media as the flow has it; Keys and Words are the caller's own."""

    text: str
    kind: str
    when: float
    role: Literal["CUSTOMER", "AGENT", "SYSTEM"]


class PathRow(TypedDict):
    """One block of a flow that was entered. `took`: the branch, "" for the next block; null while it is not known."""

    flow: str
    block: str
    type: str
    when: float
    took: str | None
    results: str | None


class CallState(TypedDict):
    """`heard` and `path` are what is new since the last `call/turn`.

    `waiting_for`: "keys", "words", "keys or words", "queue", "agent", "function", "time" or "" (nothing, or ended). `queue` and
    `agent` are names.
    """

    contact_id: str
    region: str
    state: CallStatus
    waiting_for: str
    heard: list[Heard]
    path: list[PathRow]
    queue: str
    agent: str
    waited_seconds: float
    outcome: Outcome
    reason: str
    """AWS's DisconnectReason; "" while it goes on."""
    failure: str
    """Why its flow failed; "" where it did not."""


class MixRow(TypedDict):
    """One sort of caller. `number` goes before the generator's; `weight` is its share beside the others (default 1)."""

    weight: NotRequired[float]
    number: NotRequired[str]
    presses: NotRequired[list[str]]
    says: NotRequired[list[str]]
    patience: NotRequired[float]
    talk: NotRequired[float]
    attributes: NotRequired[dict[str, str]]


class NewCallers(TypedDict):
    """`seconds` of world time, absent: until they are stopped. `number`: one, or several in turns; absent: the mix's, else all
    claimed numbers in turns. `again`: seconds after which a caller that was lost or refused calls once more (absent: 15; null:
    never), at most `again_times` (10). `expected_region`: answered elsewhere counts as `wrong_region`; callers/expect sets it.
    """

    rate_per_minute: float
    seconds: NotRequired[float]
    mix: NotRequired[list[MixRow]]
    number: NotRequired[str | list[str]]
    again: NotRequired[float | None]
    again_times: NotRequired[int]
    expected_region: NotRequired[str]
    patience: NotRequired[float]
    """For rows of the mix without one; default 60."""
    unlimited: NotRequired[bool]
    """Whether the quota of concurrent calls refuses none of these; default false. For drills, which measure regions."""


class Which(TypedDict):
    """A generator; absent: all."""

    id: NotRequired[str]


class Expect(TypedDict):
    """`POST callers/expect`: where calls ought to be answered from now on; "" for anywhere. Answers `{"callers": [...]}`."""

    id: NotRequired[str]
    region: str


class CallersRow(TypedDict):
    """A generator and its totals. `until` null: until it is stopped."""

    id: str
    state: Literal["running", "stopped", "done"]
    rate_per_minute: float
    began: float
    until: float | None
    numbers: list[str]
    expected_region: str
    started: int
    again: int
    """How many of `started` were calls of callers that call once more."""
    answered: int
    served: int
    lost: int
    refused: int
    why_refused: str
    """The last reason; "" where none was refused."""
    wrong_region: int
    in_progress: int
    waiting: int
    wait_seconds_max: float


class Span(TypedDict):
    """`since` to `until`, epoch seconds, both inside; absent: all of the last 24 hours that are kept."""

    since: NotRequired[float]
    until: NotRequired[float]
    id: NotRequired[str]


class SecondRow(TypedDict):
    """What happened in one second in one region. Seconds in which nothing happened and nobody waited are left out.

    `taken`: a flow began for the call. `lost` counts refused calls too. `waiting`: in a queue at the end of the second.
    `wait_seconds_max`: the longest wait of those that were answered or lost in it.
    """

    second: int
    region: str
    started: int
    taken: int
    answered: int
    served: int
    lost: int
    wrong_region: int
    waiting: int
    wait_seconds_max: float


class Route(TypedDict):
    """A carrier's re-routing of `number`: calls to it reach `to`, another claimed number; "" takes it back."""

    number: str
    to: str


class NewAgents(TypedDict):
    """Agents for every queue of the instances, so that `per_queue` (default 3) serve each.

    Users whose routing profile serves a queue sign in first; where they do not suffice (or there are none) agents that only the
    simulation knows take the rest. They accept after `accept_seconds` (3), talk `talk_seconds` (90), then work `acw_seconds` (10).
    """

    per_queue: NotRequired[int]
    talk_seconds: NotRequired[float]
    acw_seconds: NotRequired[float]
    accept_seconds: NotRequired[float]
    region: NotRequired[str]
    instance: NotRequired[str]


class Where(TypedDict):
    """Absent: everywhere."""

    region: NotRequired[str]
    instance: NotRequired[str]


class AgentRow(TypedDict):
    """`synthetic`: only the simulation knows it; AWS's API does not show it. `simulated`: it answers by itself."""

    id: str
    name: str
    region: str
    instance: str
    status: str
    since: float
    synthetic: bool
    simulated: bool
    queues: list[str]
    """Names of the queues that it serves."""
    contacts: list[str]
    answered: int
    missed: int


class QueueRow(TypedDict):
    """One queue now. `answered` and `lost` since the world began or was reset."""

    queue: str
    name: str
    waiting: int
    callbacks: int
    """How many of `waiting` are callbacks."""
    oldest_seconds: float
    available: int
    staffed: int
    answered: int
    lost: int


class InstanceCalls(TypedDict):
    """Calls of one instance; queues where nobody waited and nobody serves are left out."""

    region: str
    instance: str
    alias: str
    in_progress: int
    quota: int
    """Calls that may be in progress at a time (Service Quotas, L-12AB7C57): more are refused."""
    in_flow: int
    waiting: int
    callbacks: int
    """Callbacks that wait, also those whose time has not come."""
    connected: int
    agents_available: int
    agents_staffed: int
    answered: int
    served: int
    lost: int
    refused: int
    queues: list[QueueRow]


class Calls(TypedDict):
    """All instances that had a contact or have an agent, by region and alias; and totals."""

    instances: list[InstanceCalls]
    in_progress: int
    waiting: int
    answered: int
    served: int
    lost: int
    refused: int
