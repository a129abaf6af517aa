"""Actions that come in several forms: which errors they must have depends on their parameters, and so do other things.

Errors of a form are told as (presence, level), as the facts tell those that every form has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sbctl.files.misfits import shown
from sbctl.flows.language.facts import Level
from sbctl.flows.lint.acceptance.block import Block
from sbctl.flows.lint.finding import Finding

Errors = Mapping[str, tuple[str, Level]]
MUST: tuple[str, Level] = ("required", "error")
MUST_NOT: tuple[str, Level] = ("forbidden", "error")
MAY: tuple[str, Level] = ("optional", "")
SHOULD: tuple[str, Level] = ("required", "warning")


def error_forms(block: Block) -> Errors:
    """The errors of the form that an action has."""
    form = _ERRORS.get(block.type)
    return form(block) if form else {}


def form_findings(block: Block) -> Iterator[Finding]:
    """What is wrong with the form of an action."""
    form = _FINDINGS.get(block.type)
    return form(block) if form else iter(())


def _is_buffer(block: Block) -> bool:
    return "EnableDTMFBuffer" in block.parameters


def _stores(block: Block) -> bool:
    return block.parameters.get("StoreInput") == "True"


def _input_errors(block: Block) -> Errors:
    """A menu, the store form, or the buffer of keys."""
    menu = ("NoMatchingCondition", "InputTimeLimitExceeded")
    if _is_buffer(block):
        return dict.fromkeys((*menu, "InvalidPhoneNumber"), ("forbidden", "warning"))
    if _stores(block):
        phone = "PhoneNumberValidation" in (block.parameters.get("InputValidation") or {})
        return {**dict.fromkeys(menu, MUST_NOT), "InvalidPhoneNumber": MUST if phone else MUST_NOT}
    if block.parameters.get("StoreInput") == "False":
        return {**dict.fromkeys(menu, MUST), "InvalidPhoneNumber": ("forbidden", "warning")}
    return dict.fromkeys((*menu, "InvalidPhoneNumber"), MAY)


def _third_party_errors(block: Block) -> Errors:
    names = ("CallFailed", "ConnectionTimeLimitExceeded")
    goes_on = block.parameters.get("ContinueFlowExecution")
    if block.flow_type == "AGENT_TRANSFER":  # where the API was seen to refuse both
        return dict.fromkeys(names, ("forbidden", "warning"))
    return dict.fromkeys(names, MUST if goes_on == "True" else MUST_NOT if goes_on == "False" else MAY)


def _analytics_errors(block: Block) -> Errors:
    return {"InFlightRedactionConfigurationFailed": MUST if "ChatBehavior" in block.parameters else MUST_NOT}


def _routing_errors(block: Block) -> Errors:
    if "RoutingProficiencies" in block.parameters:
        return {"NoMatchingError": MUST}
    numbers = {"QueuePriority", "QueueTimeAdjustmentSeconds"} & set(block.parameters)
    return {"NoMatchingError": MUST_NOT if numbers else MAY}


def _case_errors(block: Block) -> Errors:
    linked = block.parameters.get("LinkContactToCase")
    return {"ContactNotLinked": SHOULD if linked == "true" else MAY}


_ERRORS: Mapping[str, Callable[[Block], Errors]] = {
    "GetParticipantInput": _input_errors,
    "TransferParticipantToThirdParty": _third_party_errors,
    "UpdateContactRecordingAndAnalyticsBehavior": _analytics_errors,
    "UpdateContactRoutingBehavior": _routing_errors,
    "CreateCase": _case_errors,
    "GetCase": _case_errors,
    "UpdateCase": _case_errors,
    "Wait": lambda _: {"ParticipantNotFound": MAY},
}
WITH_FORMS = frozenset(_ERRORS)
"""Types whose errors depend on their form."""


def _input(block: Block) -> Iterator[Finding]:
    if _is_buffer(block):
        return
    if _stores(block):
        yield from _store(block)
    elif "InputValidation" in block.parameters:
        message, fix = "a menu takes no InputValidation", 'Remove it, or set StoreInput to "True".'
        yield block.finding("menu-shape", "error", message, fix, "Parameters", "InputValidation")
    if not _stores(block) and "DTMFConfiguration" in block.parameters:
        message, fix = "a menu may not take DTMFConfiguration", "Remove it."
        yield block.finding("menu-shape", "warning", message, fix, "Parameters", "DTMFConfiguration")


def _store(block: Block) -> Iterator[Finding]:
    validation = block.parameters.get("InputValidation")
    kinds = {"PhoneNumberValidation", "CustomValidation"} & set(validation or {})
    if len(kinds) != 1:
        message = "the store form needs InputValidation with one of PhoneNumberValidation, CustomValidation"
        fix = 'Add "InputValidation": {"CustomValidation": {"MaximumLength": "20"}}.'
        place = ("Parameters", "InputValidation") if validation else ("Parameters",)
        yield block.finding("store-shape", "error", message, fix, *place)
    if block.conditions:
        message, fix = "the store form takes no conditions", "Remove its conditions."
        yield block.finding("store-shape", "error", message, fix, "Transitions", "Conditions")
    if "InputEncryption" in block.parameters and "PhoneNumberValidation" in kinds:
        message, fix = "a phone number cannot be encrypted", "Use CustomValidation, or remove InputEncryption."
        yield block.finding("store-shape", "error", message, fix, "Parameters", "InputEncryption")


def _messages(block: Block) -> Iterator[Finding]:
    messages = block.parameters.get("Messages")
    keys = {"PromptId", "Text", "SSML", "Media"}
    for number, one in enumerate(messages if isinstance(messages, list) else ()):
        if not isinstance(one, Mapping) or len(keys & set(one)) != 1:
            message = f"message {number + 1} does not have exactly one of PromptId, Text, SSML, Media"
            yield block.finding("messages", "warning", message, "Keep one of them.", "Parameters", "Messages", number)
    if isinstance(messages, list) and not messages:
        yield block.finding("messages", "warning", "it has no messages", "Add a message.", "Parameters", "Messages")


def _attributes(block: Block) -> Iterator[Finding]:
    attributes = block.parameters.get("Attributes")
    for name in attributes if isinstance(attributes, Mapping) else ():
        if "$" in name or "." in name:
            message, fix = f"attribute {shown(name)} has $ or . in its name", "Rename it."
            yield block.finding("attribute-name", "warning", message, fix, "Parameters", "Attributes", name)


def _flow_attributes(block: Block) -> Iterator[Finding]:
    attributes = block.parameters.get("FlowAttributes")
    for name, value in attributes.items() if isinstance(attributes, Mapping) else ():
        if not isinstance(value, Mapping) or "Value" not in value:
            message, fix = f"flow attribute {shown(name)} is a flat value", 'Write {"name": {"Value": "…"}}.'
            yield block.finding("flow-attribute-shape", "error", message, fix, "Parameters", "FlowAttributes", name)


def _data(block: Block) -> Iterator[Finding]:
    if not block.parameters:
        message, fix = "UpdateContactData needs a parameter", "Add what it sets, or remove the block."
        yield block.finding("parameter-missing", "error", message, fix)


def _metric(block: Block) -> Iterator[Finding]:
    if not str(block.parameters.get("MetricType", "")).startswith("NumberOfAgents"):
        return
    for number, one in enumerate(block.conditions):
        condition = one.get("Condition") or {}
        operands = [str(value) for value in condition.get("Operands") or ()]
        if (condition.get("Operator"), operands) != ("NumberGreaterThan", ["0"]):
            message = "a number of agents is only compared by NumberGreaterThan 0"
            fix = "Write the condition NumberGreaterThan 0."
            yield block.finding("metric-condition", "warning", message, fix, "Transitions", "Conditions", number)


def _wait(block: Block) -> Iterator[Finding]:
    if "TimeLimitSeconds" not in block.parameters and "ContinueExecution" not in block.parameters:
        message, fix = "Wait needs the parameter TimeLimitSeconds", "Add TimeLimitSeconds."
        yield block.finding("parameter-missing", "error", message, fix, "Parameters")
    for name in block.parameters.get("Events") or ():
        if name not in block.operands:
            message, fix = f"the branch {name} is missing", f"Add the condition Equals {name}."
            yield block.finding("branch-missing", "warning", message, fix, "Transitions", "Conditions")


ROOTS_OF_MANY = frozenset({"Attributes", "FlowAttributes", "Lex", "Metrics", "Customer", "Case", "Views", "Modules"})
"""Namespaces, of which only a member can be compared."""


def _compare(block: Block) -> Iterator[Finding]:
    value = block.parameters.get("ComparisonValue")
    root = value.removeprefix("$.") if isinstance(value, str) and value.startswith("$.") else ""
    if root == "External" or root in ROOTS_OF_MANY:
        level: Any = "error" if root == "External" else "warning"
        message, fix = f"$.{root} alone cannot be compared", f"Write $.{root}.NAME."
        yield block.finding("reference-bare", level, message, fix, "Parameters", "ComparisonValue")


_FINDINGS: Mapping[str, Callable[[Block], Iterator[Finding]]] = {
    "GetParticipantInput": _input,
    "MessageParticipantIteratively": _messages,
    "UpdateContactAttributes": _attributes,
    "UpdateFlowAttributes": _flow_attributes,
    "UpdateContactData": _data,
    "CheckMetricData": _metric,
    "Wait": _wait,
    "Compare": _compare,
}
