"""Queues and agents: where a contact is to wait, and how it gets there.

https://docs.aws.amazon.com/connect/latest/adminguide/set-working-queue.html
https://docs.aws.amazon.com/connect/latest/adminguide/transfer-to-queue.html
https://docs.aws.amazon.com/connect/latest/adminguide/change-routing-priority.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.context import RunContext
from sbctl.sandbox.connect.running.outcome import Done, Failed, Outcome, Over
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.targets import agent_id, queue_id

HIGHEST = 9223372036854775807


def set_queue(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactTargetQueue."""
    target = _target(context, parameters)
    if isinstance(target, Failed):
        return target
    contact = context.contact
    contact.queue, agent = target
    if agent or contact.connected is None:
        contact.agent = agent
    return Done()


def _target(context: RunContext, parameters: Mapping[str, Any]) -> tuple[str, str] | Failed:
    """Queue and agent that an action names, one of them "". An agent's queue is named by its ARN too."""
    instance, named = context.instance, parameters.get("QueueId")
    queue = queue_id(instance, named)
    agent = "" if queue else agent_id(instance, parameters.get("AgentId") or named)
    return (
        (queue, agent) if queue or agent else Failed(why=f"there is no {named or parameters.get('AgentId') or 'queue'}")
    )


def enqueue(context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """TransferContactToQueue."""
    contact = context.contact
    if _waits(contact) or _talks(contact):
        return Failed(why="the contact is in a queue already, or with an agent")
    queue, agent = contact.queue, "" if contact.queue else contact.agent
    if not (queue or agent):
        return Failed(why="no queue is set")
    error = context.centre.enqueue(contact, queue, agent)
    return Failed(error) if error else Over("queued")


def requeue(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """DequeueContactAndTransferToQueue: the flow goes on beside the contact that waits in its new queue."""
    named = bool(parameters.get("QueueId") or parameters.get("AgentId"))
    target = _target(context, parameters) if named else (context.contact.queue, "")
    if isinstance(target, Failed):
        return target
    if not _waits(context.contact) or not any(target):
        return Failed(why="the contact is in no queue")
    error = context.centre.enqueue(context.contact, *target)
    return Failed(error) if error else Done()


def _waits(contact: Contact) -> bool:
    return contact.queued is not None and contact.dequeued is None


def _talks(contact: Contact) -> bool:
    return contact.connected is not None and contact.acw_begun is None


def to_agent(context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """TransferContactToAgent: to the agent that was chosen; where they cannot take the contact it ends."""
    agent = context.contact.agent
    error = context.centre.enqueue(context.contact, "", agent) if agent else "no agent was chosen"
    return Over("disconnect", error) if error else Over("queued")


def offer(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """RouteContactToAgent: the contact stays in its queue, and in this flow."""
    agent = agent_id(context.instance, parameters.get("AgentId"))
    if not agent or not _waits(context.contact):
        return Failed(why="there is no such agent, or the contact is in no queue")
    error = context.centre.enqueue(context.contact, context.contact.queue, agent)
    return Failed(error) if error else Done()


def set_routing(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactRoutingBehavior. Proficiencies are kept as they stand."""
    contact = context.contact
    priority, age = number(parameters.get("QueuePriority")), number(parameters.get("QueueTimeAdjustmentSeconds"))
    if priority is not None and 1 <= priority <= HIGHEST:
        contact.priority = int(priority)
    elif age is not None:
        contact.routing_age += float(age)
    elif isinstance(parameters.get("RoutingProficiencies"), Mapping):
        contact.criteria = dict(parameters["RoutingProficiencies"])
    else:
        return Failed(why="neither a priority nor an age")
    return Done()


def set_criteria(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactRoutingCriteria: an object, also where a reference stands for it."""
    criteria = parameters.get("RoutingCriteria")
    if not isinstance(criteria, Mapping) or not isinstance(criteria.get("Steps"), list):
        return Failed(why="RoutingCriteria is no object with Steps")
    context.contact.criteria = dict(criteria)
    return Done()
