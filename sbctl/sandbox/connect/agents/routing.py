"""Whom a routing profile lets take what: queues with priority and delay, channels with concurrency and cross-channel behaviour.

https://docs.aws.amazon.com/connect/latest/adminguide/routing-profiles.html
https://docs.aws.amazon.com/connect/latest/adminguide/concepts-routing.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sbctl.sandbox.connect.agents.agent import Agent
from sbctl.sandbox.connect.store import Instance

PROFILE = "routing-profile"
SYNTHETIC = {"VOICE": 1, "CHAT": 2, "TASK": 10}
"""Concurrency of agents that only the simulation knows: AWS's default of chats, its highest of tasks."""


@dataclass(frozen=True)
class Turn:
    """Where a queue stands in a routing profile: a low priority goes first; only contacts that have waited `delay` seconds."""

    priority: int
    delay: float


@dataclass(frozen=True)
class Rules:
    """A routing profile: turns by (queue, channel), concurrency by channel, and from which channels others may come on top."""

    turns: Mapping[tuple[str, str], Turn]
    concurrency: Mapping[str, int]
    mixed: frozenset[str]


NOTHING = Rules({}, {}, frozenset())


def rules_of(instance: Instance, agent: Agent) -> Rules:
    """What an agent may take now."""
    if agent.synthetic:
        return _synthetic(agent.queues)
    found = instance.all(PROFILE).get(agent.profile)
    return NOTHING if found is None else rules(found.values)


@lru_cache(maxsize=4096)
def _synthetic(queues: tuple[str, ...]) -> Rules:
    turns = {(queue, channel): Turn(1, 0.0) for queue in queues for channel in SYNTHETIC}
    return Rules(turns, SYNTHETIC, frozenset())


def rules(values: Mapping[str, Any]) -> Rules:
    """The rules that a routing profile's values state."""
    pairs = values.get("Queues") or []
    turns = {(one["QueueId"], one["Channel"]): Turn(int(one["Priority"]), float(one["Delay"])) for one in pairs}
    concurrencies = values.get("MediaConcurrencies") or []
    behaviours = {one["Channel"]: (one.get("CrossChannelBehavior") or {}).get("BehaviorType") for one in concurrencies}
    mixed = frozenset(channel for channel, how in behaviours.items() if how == "ROUTE_ANY_CHANNEL")
    return Rules(turns, {one["Channel"]: int(one["Concurrency"]) for one in concurrencies}, mixed)


def has_slot(agent: Agent, found: Rules, channel: str) -> bool:
    """Whether another contact of a channel fits beside those that the agent has."""
    if not agent.is_routable:
        return False
    held = [one.channel for one in agent.contacts.values()]
    if held.count(channel) >= found.concurrency.get(channel, 0):  # type: ignore[arg-type]
        return False
    return all(other == channel or other in found.mixed for other in held)
