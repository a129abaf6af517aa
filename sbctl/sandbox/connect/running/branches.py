"""Which action follows one that succeeded, looked at a value, or failed.

https://docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.connect.running.outcome import ERROR, NO_MATCH, Asked, Done, Failed
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import holds
from sbctl.sandbox.connect.running.values.references import Lookup


@dataclass(frozen=True)
class Choice:
    """The branch that is taken: where it leads ("" nowhere) and its name. `lost`: the error that has no branch."""

    target: str
    took: str = ""
    lost: str = ""


def choose(step: Step, outcome: Done | Asked | Failed, lookup: Lookup, *, goes_on: bool) -> Choice:
    """The branch after an action. `goes_on`: whether the next action follows an error that has no branch."""
    if isinstance(outcome, Failed):
        return _failed(step, outcome.error, goes_on=goes_on)
    value = outcome.value if isinstance(outcome, Asked) else outcome.result
    if isinstance(outcome, Done) and value is None:
        return Choice(step.next)
    for branch in step.branches:
        operand = branch.operand(lookup)
        if holds(branch.operator, value, operand):
            return Choice(branch.target, operand or branch.operator)
    other = step.errors.get(NO_MATCH)
    return Choice(step.next) if other is None else Choice(other, NO_MATCH)


def _failed(step: Step, error: str, *, goes_on: bool) -> Choice:
    for name in (error, ERROR):
        if name in step.errors:
            return Choice(step.errors[name], name)
    return Choice(step.next) if goes_on else Choice("", error, lost=error)
