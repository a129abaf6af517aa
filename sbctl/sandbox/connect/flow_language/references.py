"""What an action names by id or ARN and the instance has: queues, flows, modules, prompts, hours.

All else is taken as it stands: Lex bots, views, agents, cases, profiles, assistants, data tables, and functions. Whether AWS
wants these to be there, or associated first, is not known.

https://docs.aws.amazon.com/connect/latest/adminguide/migrate-contact-flows.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.sandbox.connect.flow_language.accepted import Accepted
from sbctl.sandbox.connect.flow_language.parameters import is_static
from sbctl.sandbox.connect.flow_language.qualifier import DRAFT, LATEST, Named, aliases, versions
from sbctl.sandbox.connect.flow_language.reading import Step
from sbctl.sandbox.connect.flow_language.saying import Said, wrong
from sbctl.sandbox.connect.store import Instance, bare

KINDS = {
    "queue": "queue",
    "flow": "contact-flow",
    "hours": "operating-hours",
    "prompt": "prompt",
    "module": "flow-module",
}
"""What a parameter holds → the kind of resource."""
QUALIFIED = ("contact-flow", "flow-module")
AGENT_QUEUE = "/queue/agent/"


def references(step: Step, accepted: Accepted, instance: Instance) -> Iterator[Said]:
    """What an action names and the instance lacks. Of what must be there, parameters.py says when it is empty."""
    for place, kind, value in _named(step, accepted):
        if is_static(value) and found(instance, kind, value) is None:
            yield Said(wrong(step.number, f"Parameters.{place}"))


def found(instance: Instance, kind: str, value: Any) -> Named | None:
    """The resource of an id or ARN, with what follows the colon; None where this very instance has none."""
    if not isinstance(value, str):
        return None
    identity, _, suffix = bare(value).partition(":")
    resource = instance.all(kind).get(identity)
    if resource is None or value.removesuffix(f":{suffix}") not in (resource.id, resource.arn):
        return None
    named = Named(resource, suffix)
    return named if _is_there(named) else None


def _is_there(named: Named) -> bool:
    if not named.suffix:
        return True
    if named.resource.kind not in QUALIFIED:
        return False
    kept = {str(number) for number in versions(named.resource)}
    return named.suffix in {DRAFT, LATEST, *kept, *aliases(named.resource)}


def _named(step: Step, accepted: Accepted) -> Iterator[tuple[str, str, Any]]:
    """What may name a resource: its place, the kind of resource, its value."""
    for name, parameter in accepted.takes.items():
        value = step.parameters.get(name)
        is_said = value is None or (value == "" and parameter.need)
        if parameter.holds in KINDS and not is_said and not _is_agents(value):
            yield name, KINDS[parameter.holds], value
    messages = step.parameters.get("Messages")
    for number, message in enumerate(messages if isinstance(messages, list) else ()):
        if isinstance(message, Mapping) and message.get("PromptId") is not None:
            yield f"Messages[{number}].PromptId", "prompt", message["PromptId"]
    for hook, value in step.part("EventHooks").items():
        yield f"EventHooks.{hook}", "contact-flow", value


def _is_agents(value: Any) -> bool:
    """Whether it is the ARN of an agent's queue. Whether the agent is there is looked at when the flow runs."""
    return isinstance(value, str) and AGENT_QUEUE in value
