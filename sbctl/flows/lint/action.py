"""The rules for a single action: type, parameters, branches, errors, next action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.flows.language import rules
from sbctl.flows.language.rules import RULES, Rule

Finding = tuple[str, str]


def action_findings(action: Mapping[str, Any], names: set[str], flow_type: str) -> Iterator[Finding]:
    """What is wrong with an action, and what to do. `names` are the identifiers of the flow."""
    kind = str(action.get("Type"))
    rule = RULES.get(kind)
    if rule is None:
        yield f"{kind!r} is not an action type", f"Known types: {', '.join(sorted(RULES))}."
        return
    yield from _place(kind, rule, flow_type)
    yield from _parameters(kind, rule, action.get("Parameters") or {})
    yield from _transitions(kind, rule, action, names)


def _place(kind: str, rule: Rule, flow_type: str) -> Iterator[Finding]:
    """Whether the action may stand in a flow of this type, or in a module."""
    if flow_type == rules.MODULE and not rule.flows & {rules.MODULE, *rules.IN}:
        yield f"{kind} is not allowed in a module", "Modules hold what flows of type CONTACT_FLOW hold."
    elif flow_type in rules.ALL and rule.flows == {rules.MODULE}:
        yield "it ends a module, and this is a flow", "Use DisconnectParticipant or EndFlowExecution."
    elif flow_type in rules.ALL and flow_type not in rule.flows:
        allowed = ", ".join(sorted(rule.flows))
        yield f"{kind} is not allowed in a flow of type {flow_type}", f"It is allowed in {allowed}."


def _parameters(kind: str, rule: Rule, found: Mapping[str, Any]) -> Iterator[Finding]:
    for name in sorted(set(found) - rule.parameters):
        allowed = ", ".join(sorted(rule.parameters)) or "none"
        yield f"{kind} has no parameter {name}", f"Its parameters: {allowed}."
    for name in sorted(rule.needed - set(found)):
        yield f"{kind} needs the parameter {name}", f"Add {name}."
    one = rules.EXACTLY_ONE.get(kind)
    if one and len(one & set(found)) != 1:
        yield f"{kind} takes exactly one of {', '.join(sorted(one))}", "Keep one of them."
    most = rules.AT_MOST_ONE.get(kind)
    if most and len(most & set(found)) > 1:
        yield f"{kind} takes at most one of {', '.join(sorted(most))}", "Keep one of them."
    for path in _not_strings(found, ""):
        yield f"{path} is a number or a boolean", 'Write it as text, as "5" or "True".'
    yield from _values(kind, found)


def _not_strings(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_strings(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _not_strings(item, f"{path}[{number}]")
    elif isinstance(value, bool | int | float):
        yield path


LIMITS: dict[tuple[str, str], tuple[int, int]] = {
    ("GetParticipantInput", "InputTimeLimitSeconds"): (1, 180),
    ("InvokeLambdaFunction", "InvocationTimeLimitSeconds"): (1, 8),
    ("Wait", "TimeLimitSeconds"): (1, 604_800),
    ("Loop", "LoopCount"): (0, 100),
    ("CreateCallbackContact", "InitialCallDelaySeconds"): (1, 259_200),
    ("CreateCallbackContact", "RetryDelaySeconds"): (1, 259_200),
    ("CreateCallbackContact", "MaximumConnectionAttempts"): (1, 1_000),
    ("TransferParticipantToThirdParty", "ThirdPartyConnectionTimeLimitSeconds"): (0, 600),
    ("UpdateContactRoutingBehavior", "QueuePriority"): (1, 10_000),
}


def _values(kind: str, found: Mapping[str, Any]) -> Iterator[Finding]:
    for (action, name), (low, high) in LIMITS.items():
        value = found.get(name)
        if action != kind or not isinstance(value, str) or value.startswith("$."):
            continue
        if not value.isdecimal() or not low <= int(value) <= high:
            yield f"{name} is {value!r}", f"Use a whole number from {low} to {high}."
    if kind == "CheckMetricData" and found.get("MetricType") not in rules.METRICS:
        yield f"{found.get('MetricType')!r} is not a metric", f"Use one of {', '.join(sorted(rules.METRICS))}."
    if kind == "UpdateContactEventHooks":
        for hook in sorted(set(found.get("EventHooks") or {}) - rules.EVENT_HOOKS):
            yield f"{hook} is not an event hook", f"Use one of {', '.join(sorted(rules.EVENT_HOOKS))}."
    if kind == "UpdateContactCallbackNumber" and not str(found.get("CallbackNumber", "")).startswith("$."):
        yield "the callback number must come from the contact", "Use a path such as $.CustomerEndpoint.Address."
    if kind == "UpdateFlowAttributes" and any(
        not isinstance(v, Mapping) for v in (found.get("FlowAttributes") or {}).values()
    ):
        yield "flow attributes are flat", 'Write {"name": {"Value": "…"}}.'


def _transitions(kind: str, rule: Rule, action: Mapping[str, Any], names: set[str]) -> Iterator[Finding]:
    found = action.get("Transitions") or {}
    following = found.get("NextAction")
    if rule.terminal and (following or found.get("Errors") or found.get("Conditions")):
        yield f"{kind} ends the flow, so nothing can follow it", "Remove its transitions."
        return
    if not rule.terminal and not following and not rule.holds:
        yield "it has no next action", "Wire its default branch."
    targets = [following, *(e.get("NextAction") for e in found.get("Errors") or [])]
    targets += [c.get("NextAction") for c in found.get("Conditions") or []]
    for target in targets:
        if target is not None and target not in names:
            yield f"it goes to {target!r}, which does not exist", "Name an action of this flow."
    yield from _errors(kind, rule, action, {str(e.get("ErrorType")) for e in found.get("Errors") or []})
    yield from _conditions(kind, rule, action, found.get("Conditions") or [])


def _errors(kind: str, rule: Rule, action: Mapping[str, Any], found: set[str]) -> Iterator[Finding]:
    needed, optional = _expected_errors(kind, rule, action)
    for name in sorted(needed - found):
        yield f"the branch for {name} is not wired", f"Add the error {name} to its transitions."
    for name in sorted(found - needed - optional):
        yield f"{kind} has no error {name}", f"Remove it; it may have {', '.join(sorted(needed | optional)) or 'none'}."


def _expected_errors(kind: str, rule: Rule, action: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    parameters = action.get("Parameters") or {}
    if kind == "GetParticipantInput":
        if parameters.get("StoreInput") == "True":
            phone = "PhoneNumberValidation" in (parameters.get("InputValidation") or {})
            return rule.errors | ({"InvalidPhoneNumber"} if phone else set()), frozenset()
        return rule.errors | {"NoMatchingCondition", "InputTimeLimitExceeded"}, frozenset()
    if kind == "TransferParticipantToThirdParty":
        goes_on = parameters.get("ContinueFlowExecution") == "True"
        return (rule.errors | rule.optional_errors if goes_on else rule.errors), frozenset()
    if kind == "UpdateContactRecordingAndAnalyticsBehavior" and "ChatBehavior" in parameters:
        return rule.errors | rule.optional_errors, frozenset()
    return rule.errors, rule.optional_errors


def _conditions(kind: str, rule: Rule, action: Mapping[str, Any], found: list[Any]) -> Iterator[Finding]:
    if rule.operators is None:
        if found:
            yield f"{kind} does not branch on conditions", "Remove its conditions."
        return
    operands: set[str] = set()
    for condition in found:
        inner = condition.get("Condition") or {}
        operator, values = inner.get("Operator"), inner.get("Operands") or []
        operands |= {str(value) for value in values}
        if operator not in (rule.operators or rules.OPERATORS):
            yield (
                f"{operator!r} is not an operator of {kind}",
                f"Use one of {', '.join(sorted(rule.operators or rules.OPERATORS))}.",
            )
        if not values or any(value == "" for value in values):
            yield "a condition compares with an empty text", "Give each condition one operand that is not empty."
        strange = sorted({str(value) for value in values} - rule.operands) if rule.operands else []
        if strange:
            yield f"{kind} has no branch {', '.join(strange)}", f"Its branches: {', '.join(sorted(rule.operands))}."
    for missing in sorted(_needed_operands(kind, action) - operands):
        yield f"the branch {missing} is not wired", f"Add the condition Equals {missing}."


def _needed_operands(kind: str, action: Mapping[str, Any]) -> set[str]:
    if kind == "CheckHoursOfOperation":
        return {"True", "False"}
    if kind == "Loop":
        return {"ContinueLooping", "DoneLooping"}
    if kind == "Wait":
        return {"WaitCompleted", *((action.get("Parameters") or {}).get("Events") or [])}
    return set()
