"""Rules about other flows and modules of the project: their types, and what goes in and out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sbctl.files.positions import JsonPath
from sbctl.flows.language.behaviour import MODULE_CALL, waits
from sbctl.flows.language.facts import MODULE
from sbctl.flows.language.graph import Block
from sbctl.flows.language.references import references
from sbctl.flows.lint.practice.subject import Seen, Subject, listed, seen, stands_for

HOOKS: Mapping[str, str] = {
    "CustomerQueue": "CUSTOMER_QUEUE",
    "AgentWhisper": "AGENT_WHISPER",
    "CustomerWhisper": "CUSTOMER_WHISPER",
    "AgentHold": "AGENT_HOLD",
    "CustomerHold": "CUSTOMER_HOLD",
    "CustomerRemaining": "CONTACT_FLOW",
    "DefaultAgentUI": "CONTACT_FLOW",
    "DisconnectAgentUI": "CONTACT_FLOW",
}
"""Event → the type of flow that runs at it. Those of paused contacts are not documented."""
TRANSFERRED = frozenset({"CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER", "CAMPAIGN"})
"""Types of flows that TransferToFlow may name; what a journey's flow does is not documented."""
JSON_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list | tuple),
    "null": lambda value: value is None,
}


def hook_type(subject: Subject) -> Iterator[Seen]:
    """An event is hooked to a flow of another type than it runs. (contact-actions-updatecontacteventhooks)"""
    for block in subject.of_type("UpdateContactEventHooks"):
        for hook, value in block.mapping("EventHooks").items():
            wanted = HOOKS.get(hook, "")
            name = stands_for(value, "flow") if isinstance(value, str) else ""
            found = (subject.around.flows or {}).get(name, "")
            if wanted and found and found != wanted:
                said = f"{hook} runs flows of type {wanted}, and {name} is of type {found}"
                yield seen(block, block.at("EventHooks", hook), said, f"Name a flow of type {wanted}.")


def transfer_type(subject: Subject) -> Iterator[Seen]:
    """A transfer to a flow that no transfer can lead to, or to this flow before anybody was asked. (transfer-to-flow)"""
    if not subject.of_type("TransferToFlow"):
        return
    busy = subject.graph.reached(
        subject.starts, without=subject.numbers(lambda block: waits(block) and not _moves(block))
    )
    for block in subject.of_type("TransferToFlow"):
        name = stands_for(block.text("ContactFlowId"), "flow")
        found = (subject.around.flows or {}).get(name, "")
        path = block.at("ContactFlowId")
        if found and found not in TRANSFERRED:
            said = f"{name} is of type {found}, and a contact cannot be transferred to such a flow"
            yield seen(block, path, said, "Name a flow of type CONTACT_FLOW, AGENT_TRANSFER or QUEUE_TRANSFER.")
        elif name and name == subject.document.name and subject.document.type != MODULE and block.number in busy:
            said = "the flow transfers to itself on a path without input: an endless loop"
            yield seen(block, path, said, "Add an input or a Loop before it.")


def _moves(block: Block) -> bool:
    return block.type == "TransferToFlow"


def contract(subject: Subject) -> Iterator[Seen]:
    """What goes in or out of a module is not what its settings declare. (contact-flow-modules)

    The service refuses it, but not in a draft, which it stores as it comes.
    """
    for one in (*_results_returned(subject), *_calls(subject)):
        yield replace(one, level="warning") if subject.around.is_draft else one


def _results_returned(subject: Subject) -> Iterator[Seen]:
    settings = subject.document.settings
    if subject.document.type == MODULE and _declares(settings):
        for block in subject.of_type("EndFlowModuleExecution"):
            yield from _result(block, settings)


def _calls(subject: Subject) -> Iterator[Seen]:
    for block in subject.of_type(MODULE_CALL):
        name = stands_for(block.text("FlowModuleId"), "module")
        settings = (subject.around.modules or {}).get(name)
        if isinstance(settings, Mapping) and (_declares(settings) or not settings):
            yield from _call(block, name, settings)


def _declares(settings: Any) -> bool:
    """Whether these are the settings of the resource, and not the block of the same name in the content, which is inert."""
    return isinstance(settings, Mapping) and bool({"input", "resultData", "transitions"} & set(settings))


def _result(block: Block, settings: Mapping[str, Any]) -> Iterator[Seen]:
    result, names = block.text("Result"), _results(settings)
    if result and result not in names:
        known = listed(sorted(names)) or "none"
        said = f"the module's settings declare no result {result}; they declare {known}"
        yield seen(block, block.at("Result"), said, "Declare it in the settings, or remove it.", "error")
    yield from _values(block, "ResultData", settings.get("resultData"), "the module's settings")


def _call(block: Block, name: str, settings: Mapping[str, Any]) -> Iterator[Seen]:
    names = _results(settings)
    for branch in block.conditions:
        if branch.operand and branch.operand not in names:
            known = listed(sorted(names)) or "none"
            said = f"the module {name} has no result {branch.operand}; it has {known}"
            yield seen(block, branch.path, said, "Name a result that the module declares.", "error")
    yield from _values(block, "Input", settings.get("input"), f"the module {name}")


def _results(settings: Mapping[str, Any]) -> set[str]:
    transitions = settings.get("transitions")
    found = transitions.get("results") if isinstance(transitions, Mapping) else None
    rows = [one.get("name") for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []
    return {name for name in rows if isinstance(name, str)}


def _values(block: Block, parameter: str, held: Any, whose: str) -> Iterator[Seen]:
    """The keys and JSON types of what is handed over, against the schema of it."""
    schema = held.get("schema") if isinstance(held, Mapping) else None
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(properties, Mapping):
        return
    for key, value in block.mapping(parameter).items():
        path = block.at(parameter, key)
        if key not in properties:
            if not schema.get("additionalProperties"):
                said = f"{parameter} has the key {key}, which {whose} does not declare"
                yield seen(block, path, said, "Declare it, or remove it.", "error")
            continue
        yield from _value(block, path, value, properties[key], f"{parameter}.{key}")


def _value(block: Block, path: JsonPath, value: Any, schema: Any, called: str) -> Iterator[Seen]:
    types = schema.get("type") if isinstance(schema, Mapping) else None
    several = types if isinstance(types, list | tuple) else [types]
    wanted = [one for one in several if isinstance(one, str)]
    if not wanted or any(JSON_TYPES.get(one, _anything)(value) for one in wanted):
        return
    kinds = " or ".join(wanted)
    if isinstance(value, str) and references(value):
        said = f"{called} is a reference, and the settings declare {kinds}: references stand for texts only"
    else:
        said = f"{called} is not of the declared JSON type {kinds}"
    yield seen(block, path, said, f"Write it as {kinds}.", "error")


def _anything(_: Any) -> bool:
    """A type that is not one of JSON Schema says nothing."""
    return True
