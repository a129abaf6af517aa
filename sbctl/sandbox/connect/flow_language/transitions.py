"""Where an action leads: next action, errors, conditions, each as the service was seen to want them."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.sandbox.connect.flow_language.accepted import MUST, NEVER, SHOULD, Accepted, Branches
from sbctl.sandbox.connect.flow_language.reading import Step
from sbctl.sandbox.connect.flow_language.saying import (
    CONDITIONS_MISSING,
    NO_CONDITIONS,
    Said,
    empty_operand,
    missing,
    missing_error,
    no_transitions,
    wrong,
    wrong_error,
)

REFUSED_OPERATORS = frozenset({"Contains", "Not", "All", "Any"})
"""Seen refused. And, Or and Exists were too, in August 2026, but the console has them since: AWS decides."""
ONE_OPERAND = 1


def targets(step: Step, names: frozenset[str]) -> Iterator[Said]:
    """Every action that this one leads to must be there, of known and of unknown types."""
    if step.next is not None and not _is_in(step.next, names):
        yield Said(wrong(step.number, "Transitions.NextAction"))
    for place, target in step.targets.items():
        if target is None:
            yield Said(missing(step.number, place))
        elif not _is_in(target, names):
            yield Said(wrong(step.number, place))


def operands(step: Step) -> Iterator[Said]:
    """What holds of every condition, whatever the type of its action."""
    for place, condition in enumerate(step.conditions):
        at = f"Transitions.Conditions[{place}].Condition"
        if "" in condition.operands:
            yield Said(empty_operand(step.number))
        if condition.operator in REFUSED_OPERATORS:
            yield Said(wrong(step.number, f"{at}.Operator"))
        elif condition.operator == "Equals" and len(condition.operands) > ONE_OPERAND:
            yield Said(wrong(step.number, f"{at}.Operands"))


def transitions(step: Step, accepted: Accepted) -> Iterator[Said]:
    """What holds of this type."""
    if accepted.ends:
        if step.next is not None or step.errors or step.conditions:
            yield Said(no_transitions(step.number))
        return
    if step.next is None and accepted.goes_on in (MUST, SHOULD):
        yield Said(missing(step.number, "Transitions.NextAction"), accepted.goes_on == MUST)
    yield from _errors(step, accepted)
    if accepted.branches is not None:
        yield from _branches(step, accepted.branches)
    elif step.conditions:
        yield Said(NO_CONDITIONS, refused=False)


def _errors(step: Step, accepted: Accepted) -> Iterator[Said]:
    for name, presence in accepted.wires.items():
        if presence in (MUST, SHOULD) and name not in step.errors:
            yield Said(missing_error(step.number, name), presence == MUST)
    for name in dict.fromkeys(step.errors):
        if accepted.wires.get(name, NEVER) == NEVER:
            yield Said(wrong_error(name), name in accepted.wires)


def _branches(step: Step, branches: Branches) -> Iterator[Said]:
    if branches.need and len(step.conditions) < max(1, branches.fewest):
        yield Said(_lacking(step), branches.need == MUST)
        return
    given = {operand for condition in step.conditions for operand in condition.operands}
    if set(branches.each) - given:
        yield Said(wrong(step.number, "Transitions.Conditions"), branches.need == MUST)
    if branches.operands and given - set(branches.operands):
        yield Said(wrong(step.number, "Transitions.Conditions"), branches.operands_only)
    known = {*branches.operators, *branches.perhaps}
    if any(condition.operator not in known for condition in step.conditions):
        yield Said(wrong(step.number, "Transitions.Conditions"), refused=False)


def _lacking(step: Step) -> str:
    """AuthenticateParticipant has a text of its own for an empty list."""
    if step.kind == "AuthenticateParticipant" and step.has_conditions:
        return wrong(step.number, "Transitions.Conditions")
    return CONDITIONS_MISSING


def _is_in(target: object, names: frozenset[str]) -> bool:
    return isinstance(target, str) and target in names
