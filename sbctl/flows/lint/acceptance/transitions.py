"""Where an action goes: its next action, its error branches, its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sbctl.files.misfits import shown
from sbctl.flows.language.facts import actions, operators
from sbctl.flows.lint.acceptance.block import Block, is_static
from sbctl.flows.lint.acceptance.forms import WITH_FORMS, error_forms
from sbctl.flows.lint.acceptance.parameters import UNKNOWN
from sbctl.flows.lint.acceptance.spelling import did_you_mean, nearest
from sbctl.flows.lint.finding import Finding

FORBIDDEN = "forbidden"
NUMBERS = (bool, int, float)
WITHOUT_OPERAND = frozenset({"KeyExists", "Exists", "And", "Or"})
"""Operators whose operands no source tells."""


def transition_findings(block: Block) -> Iterator[Finding]:
    """What is missing, refused or unknown among the branches."""
    usual = block.facts.next != "forbidden" and bool(block.transitions.get("NextAction")) and _is_usual(block)
    if usual and not block.conditions and block.facts.conditions.mode == "none":
        return iter(())  # seen at once, as of most actions
    return _unusual(block)


def _unusual(block: Block) -> Iterator[Finding]:
    following = block.transitions.get("NextAction")
    following_level = block.facts.next
    if following_level == "forbidden":
        if following or block.errors or block.conditions:
            message = f"{block.type} ends the flow, so nothing can follow it"
            yield block.finding("terminal", "error", message, 'Write "Transitions": {}.', "Transitions")
        elif block.action.get("Transitions") is None:
            message = "it has no Transitions; AWS was seen to refuse that in a block that ends the flow"
            yield block.finding("terminal", "warning", message, 'Write "Transitions": {}.')
        return
    if not following and following_level:
        message = "it has no next action"
        yield block.finding(
            "next-missing", following_level, message, "Add NextAction, its default branch.", "Transitions"
        )
    if not _is_usual(block):
        yield from _errors(block)
    if block.conditions or block.facts.conditions.mode != "none":
        yield from _conditions(block)


def _is_usual(block: Block) -> bool:
    """Whether it is seen at once that nothing is wrong with its errors: all that it must have, and none that are strange."""
    return block.type not in WITH_FORMS and _required(block.type) <= block.error_types <= _free(block.type)


@cache
def _required(name: str) -> frozenset[str]:
    """Of an action type: the errors whose absence may be told of."""
    return frozenset(error for error, one in actions()[name].errors.items() if one.presence == "required")


@cache
def _free(name: str) -> frozenset[str]:
    """Of an action type: the errors that it may have."""
    return frozenset(error for error, one in actions()[name].errors.items() if one.presence != FORBIDDEN)


def _errors(block: Block) -> Iterator[Finding]:
    forms = error_forms(block)
    here = block.error_types
    for name, branch in block.facts.errors.items():
        presence, level = forms.get(name, (branch.presence, branch.level))
        if presence == "required" and name not in here and level:
            message = f"the branch for {name} is missing"
            yield block.finding("error-missing", level, message, f"Add the error {name}.", "Transitions", "Errors")
    for number, one in enumerate(block.errors):
        name = one["ErrorType"]
        path = ("Transitions", "Errors", number)
        known = block.facts.errors.get(name)
        if known is None:
            near = nearest(name, block.facts.errors)
            rule = "near-miss" if near else "error-unknown"
            fix = did_you_mean(near, f"Its errors: {', '.join(_taken(block)) or 'none'}.")
            yield block.finding(rule, "warning", f"error {name} of {block.type} is {UNKNOWN}", fix, *path)
            continue
        presence, level = forms.get(name, (known.presence, known.level))
        if presence == FORBIDDEN and level:
            fix = f"Remove it; its errors: {', '.join(_taken(block)) or 'none'}."
            yield block.finding("error-refused", level, f"{block.type} does not take the error {name} here", fix, *path)


def _taken(block: Block) -> list[str]:
    forms = error_forms(block)
    errors = block.facts.errors.items()
    return [name for name, one in errors if forms.get(name, (one.presence, one.level))[0] != FORBIDDEN]


def _conditions(block: Block) -> Iterator[Finding]:
    facts, found = block.facts.conditions, block.conditions
    if facts.mode == "none":
        if found:
            message = f"conditions of {block.type} are {UNKNOWN}"
            yield block.finding(
                "condition-unsupported", "warning", message, "Remove its conditions.", "Transitions", "Conditions"
            )
        return
    for number, one in enumerate(found):
        yield from _condition(block, number, one.get("Condition") or {})
    yield from _branches(block)


def _branches(block: Block) -> Iterator[Finding]:
    """Conditions that must be there."""
    facts, found = block.facts.conditions, block.conditions
    for name in facts.required_operands:
        if name not in block.operands:
            message, fix = f"the branch {name} is missing", f"Add the condition Equals {name}."
            yield block.finding("branch-missing", "error", message, fix, "Transitions", "Conditions")
    if len(found) < facts.minimum:
        message = f"{block.type} needs at least {facts.minimum} condition"
        yield block.finding("branch-missing", "error", message, "Add a condition.", "Transitions", "Conditions")
    if block.type == "Compare" and not found:
        fix = "Add a condition, or remove the block."
        yield block.finding("compare-empty", "warning", "it compares with nothing", fix, "Transitions")


def _condition(block: Block, number: int, condition: Mapping[str, Any]) -> Iterator[Finding]:
    path = ("Transitions", "Conditions", number)
    operator, operands = condition.get("Operator"), condition.get("Operands") or []
    yield from _operator(block, path, operator)
    if operator not in WITHOUT_OPERAND:
        yield from _operands(block, path, operator, operands)


def _operands(block: Block, path: tuple[str | int, ...], operator: Any, operands: Sequence[Any]) -> Iterator[Finding]:
    if not operands or any(value == "" for value in operands):
        fix = "Give the condition one operand that is not empty."
        yield block.finding("compare-empty", "error", "a condition compares with an empty text", fix, *path)
    if len(operands) > 1:
        level: Any = "error" if operator == "Equals" else "warning"
        fix = "Write a condition for each operand."
        yield block.finding("operand-count", level, f"a condition has {len(operands)} operands", fix, *path)
    known = block.facts.conditions.operands
    for value in operands:
        if (
            known is not None
            and value != ""
            and str(value) not in known
            and (is_static(value) or not isinstance(value, str))
        ):
            yield from _operand(block, path, str(value), known)
    if any(isinstance(value, NUMBERS) for value in operands) and block.type != "DistributeByPercentage":
        message = f"operand {shown(operands[0])} is not a text"
        yield block.finding("value-native", "warning", message, "Write it as text.", *path)


def _operand(block: Block, path: tuple[str | int, ...], value: str, known: tuple[str, ...]) -> Iterator[Finding]:
    near = nearest(value, known)
    level = block.facts.conditions.extra
    if level:
        rule = "near-miss" if near and level == "warning" else "operand-unknown"
        fix = did_you_mean(near, f"Its branches: {', '.join(known)}.")
        message = f"branch {value} of {block.type} is {UNKNOWN if level == 'warning' else 'refused by AWS'}"
        yield block.finding(rule, level, message, fix, *path)


def _operator(block: Block, path: tuple[str | int, ...], operator: Any) -> Iterator[Finding]:
    facts = block.facts.conditions
    if operator in (facts.operators or operators()) and operator not in facts.refused:
        return
    taken = facts.operators or tuple(sorted(operators()))
    allowed = f"Use one of {', '.join(taken)}."
    if operator in facts.refused:
        message = f"{block.type} does not take the operator {operator}"
        yield block.finding("operator-refused", "error", message, allowed, *path)
    elif not operator:
        yield block.finding("operator-unknown", "warning", "a condition has no operator", allowed, *path)
    else:
        near = nearest(operator, taken)
        rule = "near-miss" if near else "operator-unknown"
        message = f"operator {operator} of {block.type} is {UNKNOWN}"
        yield block.finding(rule, "warning", message, did_you_mean(near, allowed), *path)
