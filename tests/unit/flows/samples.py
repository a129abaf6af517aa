"""A sound action of every type, made of the facts: what must be there, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.flows.language.facts import Action, Parameter, actions

MODULE = "MODULE"
ADDED: Mapping[str, Mapping[str, Any]] = {
    "GetParticipantInput": {"StoreInput": "False", "Text": "Press 1"},
    "UpdateContactData": {"Name": "Ann"},
    "Wait": {"TimeLimitSeconds": "60"},
    "MessageParticipantIteratively": {"Messages": [{"Text": "Please wait"}]},
    "UpdateFlowAttributes": {"FlowAttributes": {"a": {"Value": "b"}}},
    "TransferParticipantToThirdParty": {"ContinueFlowExecution": "False"},
    "UpdateContactEventHooks": {"EventHooks": {"CustomerQueue": "${flow:Queue}"}},
    **{name: {"LinkContactToCase": "false"} for name in ("CreateCase", "GetCase", "UpdateCase")},
    "Loop": {"LoopCount": "3"},
    "CheckMetricData": {"MetricType": "NumberOfAgentsStaffed"},
    "Compare": {"ComparisonValue": "$.Attributes.a"},
    "UpdateContactCallbackNumber": {"CallbackNumber": "$.CustomerEndpoint.Address"},
}
"""What facts alone do not tell of a sound action."""
FORMS: Mapping[str, tuple[str, ...]] = {
    "GetParticipantInput": ("NoMatchingCondition", "InputTimeLimitExceeded"),
}
"""The errors of the form that the sample has."""
CONDITIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "CheckMetricData": (("NumberGreaterThan", "0"),),
    "Compare": (("Equals", "b"),),
}


def value_of(parameter: Parameter) -> Any:
    """A value that a parameter takes."""
    facts = parameter.facts
    known = facts.get("values") or facts.get("values_hint")
    if parameter.kind == "list":
        return [known[0]] if known else ["a"]
    if known:
        return known[0]
    if parameter.kind == "integer-string":
        return str(facts.get("min", 1))
    if parameter.kind in ("object", "object or path", "map"):
        fields = facts.get("fields")
        return {name: _field(one) for name, one in fields.items()} if fields else {"a": "b"}
    return "$.Attributes.a"


def _field(fact: Any) -> Any:
    if isinstance(fact, Mapping):
        return {name: _field(one) for name, one in fact.items()}
    if isinstance(fact, list):
        return fact[0]
    return "$.Attributes.a" if ".." not in str(fact) else str(fact).split("..", maxsplit=1)[0]


def flow_type(facts: Action) -> str:
    """A type of flow that takes the action."""
    if facts.type == "EndFlowModuleExecution":
        return MODULE
    return "CONTACT_FLOW" if "CONTACT_FLOW" in facts.flow_types or not facts.flow_types else min(facts.flow_types)


def sample(name: str) -> dict[str, Any]:
    """A sound action of a type, called "a"; it goes to "end"."""
    facts = actions()[name]
    parameters = {key: value_of(one) for key, one in facts.parameters.items() if one.missing}
    for group in facts.groups:
        if group.least and group.too_few and not set(group.keys) & set(parameters):
            parameters[group.keys[0]] = value_of(facts.parameters[group.keys[0]])
    parameters |= ADDED.get(name, {})
    if facts.next == "forbidden":
        return {"Identifier": "a", "Type": name, "Parameters": parameters, "Transitions": {}}
    errors = [key for key, one in facts.errors.items() if one.presence == "required"] + list(FORMS.get(name, ()))
    conditions = [("Equals", operand) for operand in facts.conditions.required_operands]
    conditions += CONDITIONS.get(name, ())
    return {
        "Identifier": "a",
        "Type": name,
        "Parameters": parameters,
        "Transitions": {
            "NextAction": "end",
            "Errors": [{"NextAction": "end", "ErrorType": key} for key in errors],
            "Conditions": [condition(operator, operand) for operator, operand in conditions],
        },
    }


def condition(operator: str, *operands: Any) -> dict[str, Any]:
    """A branch to the end."""
    return {"NextAction": "end", "Condition": {"Operator": operator, "Operands": list(operands)}}


def flow(*several: Mapping[str, Any], kind: str = "CONTACT_FLOW") -> dict[str, Any]:
    """A flow of these actions, the first of which is the start, and an end."""
    ends = {"CUSTOMER_HOLD", "AGENT_HOLD", "CUSTOMER_WHISPER", "AGENT_WHISPER", "OUTBOUND_WHISPER"}
    stop = (
        "EndFlowModuleExecution" if kind == MODULE else "EndFlowExecution" if kind in ends else "DisconnectParticipant"
    )
    end = {"Identifier": "end", "Type": stop, "Parameters": {}, "Transitions": {}}
    start = several[0]["Identifier"] if several else "end"
    return {"Version": "2019-10-30", "StartAction": start, "Metadata": {}, "Actions": [*several, end]}
