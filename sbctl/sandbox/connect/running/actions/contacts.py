"""Contacts that a flow begins: tasks and chats.

https://docs.aws.amazon.com/connect/latest/adminguide/create-task-block.html
https://docs.aws.amazon.com/connect/latest/adminguide/send-message.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Channel
from sbctl.sandbox.connect.running.context import RunContext
from sbctl.sandbox.connect.running.outcome import Done, Failed, Outcome
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text
from sbctl.sandbox.connect.running.values.targets import flow_of_type
from sbctl.sandbox.connect.store import bare

INBOUND = frozenset({"CONTACT_FLOW"})


def create_task(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """CreateTask: runs the flow that is named, or that of the task's template."""
    at, delay = number(parameters.get("ScheduledTime")), number(parameters.get("DelaySeconds"))
    if at is not None and float(at) < context.now:
        return Failed(why="the scheduled time is past")
    given, references = parameters.get("Attributes"), parameters.get("References")
    settings: dict[str, Any] = {
        "name": text(parameters.get("Name")),
        "description": text(parameters.get("Description")),
        "attributes": _texts(given),
        "references": {str(key): _texts(one) for key, one in references.items()}
        if isinstance(references, Mapping)
        else {},
    }
    if at is not None or delay is not None:
        settings["at"] = float(at) if at is not None else context.now + float(delay or 0)
    template = context.instance.all("task-template").get(bare(text(parameters.get("TaskTemplateId"))))
    named = parameters.get("ContactFlowId") or (template.values.get("ContactFlowId") if template is not None else "")
    return _begin(context, "TASK", named, settings, "Task")


def start_chat(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """StartOutboundChatContact."""
    message = _texts(parameters.get("InitialSystemMessage")).get("Content", "")
    settings = {
        "to": _texts(parameters.get("DestinationEndpoint")).get("Address", ""),
        "source": _texts(parameters.get("SourceEndpoint")).get("Address", ""),
        "message": message,
    }
    return _begin(context, "CHAT", parameters.get("ContactFlowArn"), settings, "Chat")


def _begin(context: RunContext, channel: Channel, named: Any, settings: Mapping[str, Any], root: str) -> Outcome:
    flow = flow_of_type(context.instance, named, INBOUND)
    begun = context.centre.start(context.contact, channel, flow, settings) if flow else ""
    if not begun:
        return Failed(why=f"there is no flow {named}, or the contact could not be begun")
    context.frame.data[root] = {"ContactId": begun}
    return Done()


def _texts(value: Any) -> dict[str, str]:
    return {str(key): text(one) for key, one in value.items()} if isinstance(value, Mapping) else {}
