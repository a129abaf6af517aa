"""What flows decide by: attributes, hours, metrics, chance.

https://docs.aws.amazon.com/connect/latest/adminguide/check-contact-attributes.html
https://docs.aws.amazon.com/connect/latest/adminguide/check-hours-of-operation.html
https://docs.aws.amazon.com/connect/latest/adminguide/check-queue-status.html
https://docs.aws.amazon.com/connect/latest/adminguide/get-queue-metrics.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.context import RunContext
from sbctl.sandbox.connect.running.outcome import Asked, Done, Failed, Outcome
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.references import Whole, text
from sbctl.sandbox.connect.running.values.targets import agent_id, queue_id
from sbctl.sandbox.connect.store import bare

AGE = "OldestContactInQueueAgeSeconds"
FIGURES = {
    "Size": "NumberOfContactsInQueue",
    "OldestContactAge": AGE,
    "EstimatedWaitTime": "EstimatedWaitTimeSeconds",
}
"""`$.Metrics.Queue.*` and the metric behind it."""
AGENTS = ("Online", "Available", "Staffed", "AfterContactWork", "Busy", "Missed", "NonProductive")
"""`$.Metrics.Agents.*.Count`; the metric is called NumberOfAgents and this."""


def compare(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """Compare: of a path without a value no condition is true."""
    moving = step.moving.get("ComparisonValue")
    return Asked(context.lookup(moving.path) if isinstance(moving, Whole) else parameters.get("ComparisonValue"))


def hours(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """CheckHoursOfOperation: of the hours named, else those of the target queue."""
    contact = context.contact
    named = text(parameters.get("HoursOfOperationId"))
    if not named:
        queue = context.instance.all("queue").get(contact.queue)
        named = str(queue.values.get("HoursOfOperationId") or "") if queue is not None else ""
    if not named:
        return Failed(why="there are no hours: no queue is set, or an agent's")
    found = context.centre.in_hours(contact, bare(named))
    return Asked(str(found)) if isinstance(found, bool) else Failed(found, f"hours {named}")


def metric(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """CheckMetricData. The age of the oldest contact is in milliseconds here, whatever it is called."""
    place = _place(context, parameters)
    if isinstance(place, Failed):
        return place
    name = text(parameters.get("MetricType"))
    figure = context.centre.figure(context.contact, name, *place)
    if figure is None:
        return Failed(why=f"{name} is not known here")
    return Asked(_count(figure * 1000 if name == AGE else figure))


def metrics(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """GetMetricData: fills `$.Metrics`; where there are no figures at all it fails."""
    place = _place(context, parameters)
    if isinstance(place, Failed):
        return place
    queue, agent = place
    contact, figure = context.contact, context.centre.figure
    found = {name: figure(contact, metric, queue, agent) for name, metric in FIGURES.items()}
    agents = {name: figure(contact, f"NumberOfAgents{name}", queue, agent) for name in AGENTS}
    if all(value is None for value in (*found.values(), *agents.values())):
        return Failed(why="there are no figures")
    resource = context.instance.all("queue").get(queue)
    about = {"Name": resource.values["Name"], "ARN": resource.arn} if resource is not None else {}
    context.frame.data["Metrics"] = {
        "Queue": {**about, **{name: _count(value) for name, value in found.items() if value is not None}},
        "Agents": {name: {"Count": _count(value)} for name, value in agents.items() if value is not None},
    }
    return Done()


def _place(context: RunContext, parameters: Mapping[str, Any]) -> tuple[str, str] | Failed:
    """Queue and agent of which figures are asked: what the action names, else the contact's target."""
    contact = context.contact
    if parameters.get("AgentId"):
        agent = agent_id(context.instance, parameters["AgentId"])
        return ("", agent) if agent else Failed(why=f"there is no agent {parameters['AgentId']}")
    if parameters.get("QueueId"):
        queue = queue_id(context.instance, parameters["QueueId"])
        return (queue, "") if queue else Failed(why=f"there is no queue {parameters['QueueId']}")
    if contact.queue:
        return contact.queue, ""
    return ("", contact.agent) if contact.agent else Failed(why="no queue is set")


def _count(figure: float) -> int | float:
    return int(figure) if float(figure).is_integer() else figure


def percentage(context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """DistributeByPercentage."""
    return Asked(context.centre.percent(context.contact))


def call_status(_context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """CheckOutboundCallStatus: only of campaigns and of callbacks that call the customer first, which the sandbox has not."""
    return Failed(why="the call is of no campaign")
