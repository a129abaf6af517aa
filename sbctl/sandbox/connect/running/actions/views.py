"""Views: forms and cards that a chat's customer, or an agent, fills in.

https://docs.aws.amazon.com/connect/latest/adminguide/show-view-block.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import Elapsed, Event, ViewAnswered, Waiting
from sbctl.sandbox.connect.running.outcome import TOO_LATE, Asked, Failed, Outcome, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text

GUIDE = "connect:Guide"


def show(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """ShowView: to a chat, or beside another contact in a guide."""
    subtype = context.contact.segment_attributes.get("connect:Subtype") or {}
    if context.contact.channel != "CHAT" and GUIDE not in subtype.values():
        return Failed(why="views are shown in chats and guides only")
    resource, limit = parameters.get("ViewResource"), number(parameters.get("InvocationTimeLimitSeconds"))
    if not isinstance(resource, Mapping) or not text(resource.get("Id")) or limit is None or limit <= 0:
        return Failed(why="no view is named, or no time")
    context.chained = 0.0
    return Paused(Waiting("view", step.identifier, context.now + float(limit)))


def answered(context: RunContext, _step: Step, _pending: Pending, event: Event) -> Outcome | None:
    """The action is the result, its data becomes `$.Views`."""
    if isinstance(event, Elapsed):
        return Failed(TOO_LATE, "nobody acted on the view")
    if not isinstance(event, ViewAnswered):
        return None
    context.frame.data["Views"] = {"Action": event.action, "ViewResultData": dict(event.data)}
    return Asked(event.action)
