"""Queues, agents and flows that an action names by id or ARN."""

from __future__ import annotations

from typing import Any

from sbctl.sandbox.connect.flow_language.references import found
from sbctl.sandbox.connect.running.values.roots import USERS
from sbctl.sandbox.connect.store import Instance

AGENT_QUEUE = "/queue/agent/"


def queue_id(instance: Instance, named: Any) -> str:
    """The id of a queue of this very instance; "" where it has none."""
    queue = found(instance, "queue", named)
    return "" if queue is None else queue.resource.id


def agent_id(instance: Instance, named: Any) -> str:
    """The id of a user of this very instance, of whom also the ARN of their queue is a name; "" where it has none."""
    name = named.rpartition(AGENT_QUEUE)[2] if isinstance(named, str) and AGENT_QUEUE in named else named
    user = found(instance, USERS, name)
    return "" if user is None else user.resource.id


def flow_of_type(instance: Instance, named: Any, types: frozenset[str]) -> str:
    """The id of a flow of one of these types, with the suffix that it was named with; "" where there is none."""
    flow = found(instance, "contact-flow", named)
    if flow is None or (flow.resource.values.get("Type") or "CONTACT_FLOW") not in types:
        return ""
    return f"{flow.resource.id}:{flow.suffix}" if flow.suffix else flow.resource.id
