"""What `sandbox call`, `sandbox callers` and `sandbox agents` tell. Times are seconds since the epoch of the sandbox's clock."""

from __future__ import annotations

from sbctl.commands.data.shared import Open
from sbctl.failover.data.told import Told


class HeardTold(Open):
    """What was heard. `kind`: Text, SSML, PromptId or Media as the flow has it; Keys and Words are the caller's own."""

    text: str
    kind: str
    when: float
    role: str


class BlockTold(Open):
    """A block of a flow that the call entered. `took`: its branch, "" for the next block, null while unknown."""

    flow: str
    block: str
    type: str
    when: float
    took: str | None = None
    results: str | None = None


class CallTold(Told):
    """`sandbox call`. `outcome`: answered, served (ended by the flow, without an agent), lost, refused; "" when it was hung up."""

    contact_id: str
    region: str
    called: str
    """The number or the flow."""
    outcome: str
    reason: str
    """AWS's disconnect reason; for a refused call why it was refused."""
    failure: str
    """Why its flow failed, such as an endless loop or an error without a branch; "" where it did not."""
    queue: str
    agent: str
    waited_seconds: float
    heard: tuple[HeardTold, ...]
    path: tuple[BlockTold, ...]


class CallersRow(Open):
    """A generator of calls, with its totals."""

    id: str
    state: str
    rate_per_minute: float
    started: int
    answered: int
    served: int
    lost: int
    refused: int
    in_progress: int


class CallersTold(Told):
    """`sandbox callers list`."""

    callers: tuple[CallersRow, ...]


class CallersStoppedTold(Told):
    """`sandbox callers stop`: the generators that were stopped."""

    stopped: tuple[str, ...]


class AgentRow(Open):
    """An agent. `synthetic`: only the simulation knows it, and AWS's API does not show it."""

    id: str
    name: str
    region: str
    status: str
    synthetic: bool
    queues: tuple[str, ...]
    contacts: tuple[str, ...]
    answered: int
    missed: int


class AgentsTold(Told):
    """`sandbox agents start` and `list`."""

    agents: tuple[AgentRow, ...]


class AgentsStoppedTold(Told):
    """`sandbox agents stop`: how many agents were stopped."""

    stopped: int


class QueueRow(Open):
    """One queue now; `answered` and `lost` since the sandbox began."""

    name: str
    waiting: int
    oldest_seconds: float
    available: int
    staffed: int
    answered: int
    lost: int


class InstanceCallsRow(Open):
    """The calls of one instance."""

    region: str
    alias: str
    in_progress: int
    waiting: int
    answered: int
    served: int
    lost: int
    refused: int
    queues: tuple[QueueRow, ...]


class CallsNowTold(Open):
    """Calls of all instances, as `sandbox status` tells them under `calls`."""

    instances: tuple[InstanceCallsRow, ...]
    in_progress: int
    waiting: int
    answered: int
    served: int
    lost: int
    refused: int
