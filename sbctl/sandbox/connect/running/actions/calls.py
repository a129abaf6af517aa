"""Telephone calls that a flow makes: to third parties, to a customer who is called back, to one whom an agent calls.

https://docs.aws.amazon.com/connect/latest/adminguide/transfer-to-phone-number.html
https://docs.aws.amazon.com/connect/latest/adminguide/set-callback-number.html
https://docs.aws.amazon.com/connect/latest/APIReference/interactions-createcallbackcontact.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import CallRequest, Elapsed, Event, ThirdPartyEnded, Waiting
from sbctl.sandbox.connect.running.outcome import Done, Failed, Outcome, Over, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.dialling import is_dialable, whole_number
from sbctl.sandbox.connect.running.values.references import text
from sbctl.sandbox.connect.running.values.targets import agent_id, flow_of_type, queue_id

INBOUND = frozenset({"CONTACT_FLOW"})
NO_NUMBER, UNREACHABLE = "InvalidCallbackNumber", "CallbackNumberNotDialable"


def third_party(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """TransferParticipantToThirdParty."""
    called = whole_number(text(parameters.get("ThirdPartyPhoneNumber")))
    limit = number(parameters.get("ThirdPartyConnectionTimeLimitSeconds"))
    if called is None or not is_dialable(called) or limit is None:
        return Failed(why=f"{parameters.get('ThirdPartyPhoneNumber')} is no number, or there is no time limit")
    context.chained = 0.0
    request = CallRequest(called, text(parameters.get("ThirdPartyDTMFDigits")), _goes_on(parameters))
    until = context.now + max(0.0, float(limit))
    return Paused(Waiting("third-party", step.identifier, until, request=request))


def _goes_on(parameters: Mapping[str, Any]) -> bool:
    return parameters.get("ContinueFlowExecution") == "True"


def third_party_ended(_context: RunContext, _step: Step, pending: Pending, event: Event) -> Outcome | None:
    """The third party hung up, or never answered."""
    if isinstance(event, Elapsed):
        event = ThirdPartyEnded("ConnectionTimeLimitExceeded")
    if not isinstance(event, ThirdPartyEnded):
        return None
    if not _goes_on(pending.parameters):
        return Over("third-party", event.error)
    return Failed(event.error) if event.error else Done()


def set_callback(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactCallbackNumber."""
    found = whole_number(text(parameters.get("CallbackNumber")))
    if found is None:
        return Failed(NO_NUMBER, f"{parameters.get('CallbackNumber')} is no number")
    if not is_dialable(found):
        return Failed(UNREACHABLE, f"no country has the number {found}")
    context.contact.callback_number = found
    return Done()


def call_back(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """CreateCallbackContact. With a flow of its own, which must find the queue, the first delay does not count."""
    contact, instance = context.contact, context.instance
    called = contact.callback_number or contact.customer
    named, flow_named = parameters.get("QueueId"), parameters.get("ContactFlowId")
    agent = agent_id(instance, parameters["AgentId"]) if parameters.get("AgentId") else ""
    queue = queue_id(instance, named) if named else "" if agent else contact.queue
    flow = flow_of_type(instance, flow_named, INBOUND) if flow_named else ""
    if not called or (flow_named and not flow) or (named and not queue) or not (queue or agent or flow):
        return Failed(why="there is no number, no queue or no such flow")
    settings = {
        "delay": 0.0 if flow else _count(parameters, "InitialCallDelaySeconds", 0),
        "retry": _count(parameters, "RetryDelaySeconds", 0),
        "attempts": int(_count(parameters, "MaximumConnectionAttempts", 1)),
        "flow": flow,
        "agent": agent,
        "mode": text(parameters.get("CallbackMode")),
    }
    error = context.centre.call_back(contact, called, queue, {key: one for key, one in settings.items() if one != ""})
    return Failed(error) if error else Done()


def _count(parameters: Mapping[str, Any], name: str, other: int) -> float:
    found = number(parameters.get(name))
    return float(other if found is None else found)


def dial(_context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """CompleteOutboundCall."""
    return Over("dial", goes_on=True)


def dialled(_context: RunContext, _step: Step, _pending: Pending, event: Event) -> Outcome | None:
    """The customer answered."""
    return Done() if isinstance(event, Elapsed) else None
