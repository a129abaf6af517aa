"""Why the service would not publish a flow, in its own words (connect-api 2.3 lists texts seen on real instances)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.sandbox.connect.flow_language.actions import ACTIONS, ONLY_IN, REFERENCES, Accepts
from sbctl.sandbox.connect.store import Instance, bare
from sbctl.sandbox.documents import read_document

LARGEST = 256_000
MOST_ACTIONS = 250
MODULE = "MODULE"
"""In place of a flow's type, which modules do not have."""
LATEST = ":$LATEST"


def problems(content: str, instance: Instance, flow_type: str) -> list[str]:
    """Everything that is wrong with published content; empty when it can be published."""
    try:
        flow = read_document(content)
    except ValueError:
        return ["Invalid JSON"]
    if not isinstance(flow, dict) or not isinstance(flow.get("Actions"), list):
        return ["Flow is missing required property. Path: Actions"]
    if len(content) > LARGEST or len(flow["Actions"]) > MOST_ACTIONS:
        return ["Flow exceeds the maximum size"]
    return list(_flow(flow, instance, flow_type))


def _flow(flow: Mapping[str, Any], instance: Instance, flow_type: str) -> Iterator[str]:
    if flow.get("Version") != "2019-10-30":
        yield "Invalid flow property value. Path: Version"
    names = [str(action.get("Identifier")) for action in flow["Actions"]]
    if flow.get("StartAction") not in names:
        yield "Invalid flow property value. Path: StartAction"
    if len(set(names)) != len(names):
        yield "Duplicate action identifiers"
    for number, action in enumerate(flow["Actions"]):
        if flow_type not in ONLY_IN.get(str(action.get("Type")), flow_type).split():
            yield f"Invalid Action type. Type: {action['Type']}"
        yield from _action(number, action, set(names), instance)


def _action(number: int, action: Mapping[str, Any], names: set[str], instance: Instance) -> Iterator[str]:
    kind = action.get("Type")
    accepts = ACTIONS.get(str(kind))
    where = f"Actions[{number}]"
    if accepts is None:
        yield f"Invalid Action type. Type: {kind}"
        return
    parameters = action.get("Parameters") or {}
    for name in parameters:
        if name not in accepts.parameters.split():
            yield f"Invalid Action property name. Path: {where}.Parameters.{name}"
    yield from _references(where, parameters, instance)
    yield from _transitions(where, str(kind), accepts, action, names)


def _transitions(where: str, kind: str, accepts: Accepts, action: Mapping[str, Any], names: set[str]) -> Iterator[str]:
    found = action.get("Transitions") or {}
    errors = {str(error.get("ErrorType")): error for error in found.get("Errors") or []}
    conditions = found.get("Conditions") or []
    if accepts.ends:
        if found.get("NextAction") or errors or conditions:
            yield f"Action does not support transitions. Path: {where}"
        return
    if not found.get("NextAction") and kind != "MessageParticipantIteratively":
        yield f"Action is missing required property. Path: {where}.Transitions.NextAction"
    must, may = _errors(kind, accepts, action.get("Parameters") or {})
    for name in sorted(must - set(errors)):
        yield f"Action is missing required error. Error: {name}"
    for name in sorted(set(errors) - must - may):
        yield f"Invalid Action error. Error: {name}, Path: {where}"
    if conditions and not accepts.branches:
        yield f"Action does not support conditions. Path: {where}"
    if any("" in (c.get("Condition", {}).get("Operands") or [""]) for c in conditions):
        yield f"Invalid branch. Path: {where.removeprefix('Actions[').rstrip(']')}.Evaluate"
    targets = [found.get("NextAction"), *(e.get("NextAction") for e in errors.values())]
    for target in [*targets, *(c.get("NextAction") for c in conditions)]:
        if target is not None and target not in names:
            yield f"Invalid Action property value. Path: {where}.Transitions"


def _errors(kind: str, accepts: Accepts, parameters: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    must, may = set(accepts.must.split()), set(accepts.may.split())
    if kind == "GetParticipantInput":
        if parameters.get("StoreInput") != "True":
            return must | {"NoMatchingCondition", "InputTimeLimitExceeded"}, set()
        phone = "PhoneNumberValidation" in (parameters.get("InputValidation") or {})
        return must | ({"InvalidPhoneNumber"} if phone else set()), set()
    if kind == "TransferParticipantToThirdParty":
        return (must | may if parameters.get("ContinueFlowExecution") == "True" else must), set()
    return must, may


def _references(where: str, parameters: Mapping[str, Any], instance: Instance) -> Iterator[str]:
    """What is named must exist in the instance (seen by Terraform users, connect-api 7.2 rule 7)."""
    for name, kind in REFERENCES.items():
        if _unknown(parameters.get(name), kind, instance):
            yield f"Invalid Action property value. Path: {where}.Parameters.{name}"
    for number, message in enumerate(parameters.get("Messages") or []):
        if isinstance(message, Mapping) and _unknown(message.get("PromptId"), "prompt", instance):
            yield f"Invalid Action property value. Path: {where}.Parameters.Messages[{number}].PromptId"
    function = parameters.get("LambdaFunctionARN")
    if isinstance(function, str) and not function.startswith("$") and function not in instance.functions:
        yield f"Invalid Action property value. Path: {where}.Parameters.LambdaFunctionARN"
    for hook, value in (parameters.get("EventHooks") or {}).items():
        if _unknown(value, "contact-flow", instance):
            yield f"Invalid Action property value. Path: {where}.Parameters.EventHooks.{hook}"


def _unknown(value: Any, kind: str, instance: Instance) -> bool:
    """Whether a text is neither a path nor the id or ARN of a thing of this kind in this very instance."""
    if not isinstance(value, str) or value.startswith("$"):
        return False
    named = value.removesuffix(LATEST)
    found = instance.all(kind).get(bare(named))
    return found is None or named not in (found.id, found.arn)
