"""Whether a test can ring an agent: a simulated contact is a real one, and waits in a queue like any other.

https://docs.aws.amazon.com/connect/latest/adminguide/testing-simulation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.flow_document import FlowTestDocument
from sbctl.flows.names.placeholders import placeholders
from sbctl.flows.testing.language import FLOW_ACTION_STARTED, TO_QUEUE, mapping, observed, overrides


def can_ring(test: FlowTestDocument, flows: Mapping[str, Mapping[str, Any]]) -> str:
    """Why an agent could be rung by a test that does what it expects; "" where none is. `flows`: contents by name."""
    every = list(observed(test.content))
    answered = {_queue(one) for one in overrides(test.content) if one.get("ActionType") == TO_QUEUE}
    for one in every:
        if one.event == FLOW_ACTION_STARTED and one.properties.get("ActionType") == TO_QUEUE and not one.ends_test:
            queue = _queue(one.properties)
            if queue not in answered:
                return f"it goes on after {queue or 'a queue'} is reached"
    if any(one.ends_test for one in every):
        return ""
    return "it never ends, and its flow leads to a queue" if _leads_to_queue(test.flow, flows) else ""


def _queue(properties: Mapping[str, Any]) -> str:
    return str(mapping(properties.get("ActionParameters")).get("QueueId") or "")


def _leads_to_queue(flow: str, flows: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a flow, or one that it leads to, transfers to a queue. An unknown flow may."""
    seen: set[str] = set()
    ahead = [flow]
    while ahead:
        name = ahead.pop()
        if name not in flows:
            return True
        seen.add(name)
        content = flows[name]
        if any(mapping(action).get("Type") == TO_QUEUE for action in content.get("Actions") or ()):
            return True
        ahead += [one.name for one in placeholders(content) if one.kind == "flow" and one.name not in seen]
    return False
