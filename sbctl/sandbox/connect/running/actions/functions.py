"""Lambda functions: Connect's event, the time that they have, and what may be returned.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
https://docs.aws.amazon.com/connect/latest/adminguide/invoke-lambda-function-block.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import Elapsed, Event, FunctionAnswered, FunctionRequest, Waiting
from sbctl.sandbox.connect.running.outcome import ERROR, TOO_LATE, Done, Failed, Outcome, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text
from sbctl.sandbox.connect.running.values.roots import endpoint

SECONDS = 8.0
ASYNCHRONOUS_SECONDS = 60.0
CHAIN_SECONDS = 20.0
"""What functions have together while the participant hears nothing."""
MOST_BYTES = 32 * 1024


def invoke(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """InvokeLambdaFunction."""
    function = text(parameters.get("LambdaFunctionARN"))
    if not function or not context.centre.is_associated(context.contact, function):
        return Failed(why=f"the instance has no function {function}")
    awaited = parameters.get("InvocationType") != "ASYNCHRONOUS"
    most = SECONDS if awaited else ASYNCHRONOUS_SECONDS
    given = number(parameters.get("InvocationTimeLimitSeconds"))
    seconds = most if given is None or given <= 0 else min(float(given), most)
    if awaited:
        seconds = min(seconds, CHAIN_SECONDS - context.chained)
    if seconds <= 0:
        return Failed(TOO_LATE, f"functions took {CHAIN_SECONDS:.0f} seconds without a word to the participant")
    inputs = parameters.get("LambdaInvocationAttributes")
    event = contact_event(context, inputs if isinstance(inputs, Mapping) else {})
    request = FunctionRequest(function, event, seconds, awaited)
    now = context.now
    return Paused(Waiting("function", step.identifier, now + seconds, keys=context.buffering, request=request))


def answered(context: RunContext, step: Step, pending: Pending, event: Event) -> Outcome | None:
    """What the function returned becomes `$.External`, wholly."""
    if isinstance(event, Elapsed):
        event = FunctionAnswered(error=TOO_LATE)
    if not isinstance(event, FunctionAnswered):
        return None
    data, parameters = context.frame.data, pending.parameters
    if parameters.get("InvocationType") == "ASYNCHRONOUS":
        if event.error:
            return Failed(event.error)
        data["LambdaInvocation"] = {
            "InvocationId": str(uuid5(NAMESPACE_URL, f"{context.contact.id}/{step.identifier}"))
        }
        return Done()
    _spend(context, pending)
    error = event.error or refused(event.payload, is_json=_is_json(parameters))
    if error:
        return Failed(event.error or ERROR, error)
    data["External"] = event.payload
    data["LambdaInvocation"] = {"ResultData": event.payload}
    return Done()


def _spend(context: RunContext, pending: Pending) -> None:
    turn = pending.turn
    if isinstance(turn, Waiting) and turn.until is not None and isinstance(turn.request, FunctionRequest):
        begun = turn.until - turn.request.seconds
        context.chained += max(0.0, min(context.now - begun, turn.request.seconds))


def _is_json(parameters: Mapping[str, Any]) -> bool:
    validation = parameters.get("ResponseValidation")
    return isinstance(validation, Mapping) and validation.get("ResponseType") == "JSON"


def refused(payload: Any, *, is_json: bool) -> str:
    """Why a function's answer cannot be used; "" where it can: an object, of texts unless the flow wants JSON, under 32 KB."""
    if not isinstance(payload, Mapping):
        return "the function returned no object"
    if not is_json and any(not isinstance(value, str) for value in payload.values()):
        return "the function returned more than a flat object of texts"
    size = len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))
    return f"the function returned {size} bytes, not less than 32 KB" if size >= MOST_BYTES else ""


def contact_event(context: RunContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What a function of a flow is given."""
    return {
        "Name": "ContactFlowEvent",
        "Details": {"ContactData": _contact_data(context), "Parameters": dict(parameters)},
    }


def _contact_data(context: RunContext) -> dict[str, Any]:
    contact, instance = context.contact, context.instance
    streams = context.frame.data.get("MediaStreams") or {"Customer": {"Audio": None}}
    return {
        "Attributes": dict(contact.attributes),
        "AwsRegion": contact.region,
        "Channel": contact.channel,
        "ContactId": contact.id,
        "CustomerEndpoint": endpoint(contact.customer),
        "CustomerId": contact.customer_id or None,
        "Description": contact.description or None,
        "InitialContactId": contact.initial or contact.id,
        "InitiationMethod": contact.initiation,
        "InstanceARN": instance.arn,
        "LanguageCode": contact.language,
        "MediaStreams": streams,
        "Name": contact.name or None,
        "PreviousContactId": contact.previous or contact.id,
        "Queue": context.queue(),
        "References": {key: dict(one) for key, one in contact.references.items()},
        "RelatedContactId": contact.related or None,
        "SegmentAttributes": _segment(contact),
        "SystemEndpoint": endpoint(contact.system),
        "Tags": dict(contact.tags),
    }


def _segment(contact: Contact) -> dict[str, Any]:
    return {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in contact.segment_attributes.items()
    }
