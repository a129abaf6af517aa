"""The edges that leave a block, with their labels: conditions, the next action, errors; those to one block are one edge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sbctl.core.text.cut import cut
from sbctl.flows.pictures.picture import Edge
from sbctl.flows.pictures.steps import Branch, Step

ERRORS = "errors"
NEXT = "next"
"""The label of a next action where one is needed."""
LONGEST_LABEL = 40
OTHERWISE = "no match"
_NO_MATCH = "NoMatchingCondition"
_ORDINARY = frozenset({"Compare", "DistributeByPercentage"})
"""Their branch without a match is a result like any other."""
_LEAVING = frozenset({"TransferContactToQueue", "TransferToFlow", "TransferParticipantToThirdParty"})
"""The flow ends where they succeed; the next action that AWS wants then is a copy of an error's."""
_ERRORS: Mapping[str, str] = {
    "NoMatchingError": "error",
    "InputTimeLimitExceeded": "no input",
}
_RESULTS: Mapping[str, Mapping[str, str]] = {
    "CheckHoursOfOperation": {"True": "in hours", "False": "out of hours"},
    "Loop": {"ContinueLooping": "looping", "DoneLooping": "complete"},
}
_SIGNS: Mapping[str, str] = {
    "Equals": "=",
    "NumberLessThan": "<",
    "NumberLessOrEqualTo": "≤",
    "NumberGreaterThan": ">",
    "NumberGreaterOrEqualTo": "≥",
    "TextStartsWith": "starts with",
    "TextEndsWith": "ends with",
    "TextContains": "contains",
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def edges_of(step: Step) -> list[Edge]:
    """The edges of a block, one of them marked as main: the next action, or the first condition where that is a copy.

    The console writes the default branch's target once more as the next action of a block that branches.
    """
    others = {branch.target for branch in step.errors}
    edges = [*_conditions(step), *_following(step, others), *_errors(step)]
    main = _main(step, edges, others)
    return [replace(edge, main=edge is main) for edge in edges]


def _main(step: Step, edges: Iterable[Edge], others: set[str]) -> Edge | None:
    ways = [edge for edge in edges if edge.sort != "error"]
    default = next((edge for edge in ways if edge.target == step.following and step.following not in others), None)
    hours = next((edge for edge in ways if "in hours" in edge.label.split(", ")), None)
    chosen = [edge for edge in ways if edge.label != OTHERWISE or step.type not in _ORDINARY]
    return hours or default or next(iter(chosen), None) or next(iter(ways), None)


def _conditions(step: Step) -> list[Edge]:
    labels: dict[str, list[str]] = {}
    for branch in step.conditions:
        labels.setdefault(branch.target, []).append(_tested(step, branch))
    if step.type in _ORDINARY:
        for branch in step.errors:
            if branch.names == (_NO_MATCH,):
                labels.setdefault(branch.target, []).append(OTHERWISE)
    return [Edge(step.id, target, _joined(found), "branch") for target, found in labels.items() if target]


def _following(step: Step, others: set[str]) -> Iterator[Edge]:
    """The next action, unless it is a copy of a branch."""
    if not step.following:
        return
    taken = {branch.target for branch in step.conditions} | others
    if (step.conditions or step.type in _LEAVING) and step.following in taken:
        return
    yield Edge(step.id, step.following, "", "next")


def _errors(step: Step) -> list[Edge]:
    labels: dict[str, list[str]] = {}
    for branch in step.errors:
        name = branch.names[0]
        if step.type not in _ORDINARY or name != _NO_MATCH:
            labels.setdefault(branch.target, []).append(_error(step, name))
    return [
        Edge(step.id, target, found[0] if len(found) == 1 else ERRORS, "error")
        for target, found in labels.items()
        if target
    ]


def _error(step: Step, name: str) -> str:
    if name == _NO_MATCH:
        return "other key" if step.type == "GetParticipantInput" else OTHERWISE
    return _ERRORS.get(name) or spaced(name) or "error"


def _tested(step: Step, branch: Branch) -> str:
    value = " ".join(branch.names)
    if step.type == "GetParticipantInput" and branch.operator == "Equals":
        return f"key {value}"
    known = _RESULTS.get(step.type, {}).get(value)
    if known:
        return known
    if branch.operator == "Equals" and step.type != "Compare":
        return value if " " in value else spaced(value)
    return f"{_SIGNS.get(branch.operator, spaced(branch.operator))} {value}".rstrip()


def _joined(labels: list[str]) -> str:
    unique = list(dict.fromkeys(labels))
    if len(unique) > 1 and all(label.startswith("key ") for label in unique):
        unique = [unique[0].replace("key ", "keys ", 1), *(label.removeprefix("key ") for label in unique[1:])]
    return cut(" ".join(", ".join(unique).split()), LONGEST_LABEL)


def ways_of(step: Step) -> dict[str, str]:
    """Every way on by its label, none joined; "next" is the next action, where it is no copy of a branch."""
    found = {_tested(step, branch): branch.target for branch in step.conditions}
    found |= {edge.label or NEXT: edge.target for edge in _following(step, {branch.target for branch in step.errors})}
    return found | {_error(step, branch.names[0]): branch.target for branch in step.errors}


def spaced(name: str) -> str:
    """`QueueAtCapacity` as "queue at capacity"; a name that is no such compound as it is."""
    parts = _WORD.split(name)
    return " ".join(parts).lower() if len(parts) > 1 and name[:1].isupper() and name.isalnum() else name
