"""Random flows in the form in which consoles export and the service answers them: names of blocks, layout, ids in place."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.real_flows.samples import SAMPLES, Sample

FLOW = "CONTACT_FLOW"
MODULE = "MODULE"
QUEUE_FLOW = "CUSTOMER_QUEUE"
HANGS_UP = "DisconnectParticipant"
QUIET = ("CUSTOMER_WHISPER", "AGENT_WHISPER", "OUTBOUND_WHISPER", "CUSTOMER_HOLD", "AGENT_HOLD")
"""Types in which nobody can be disconnected."""
LAST = {MODULE: "EndFlowModuleExecution", **dict.fromkeys((*QUIET, QUEUE_FLOW), "EndFlowExecution")}
"""How a flow of a type ends; all others hang up."""
ONLY_IN = {"EndFlowModuleExecution": {MODULE}, "CompleteOutboundCall": {"OUTBOUND_WHISPER"}}
NOT_IN = {HANGS_UP: set(QUIET)}


@dataclass(frozen=True)
class Names:
    """What a flow may refer to: by `@word`, the values that may stand in its place. A word without values is not used."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def knows(self, sample: Sample) -> bool:
        return all(self.values.get(word[1:]) for word in _words(sample.parameters))


@dataclass(frozen=True)
class Made:
    """A flow, and the types of its actions."""

    name: str
    type: str
    content: dict[str, Any]
    types: tuple[str, ...]


def flow(rng: random.Random, name: str, type_: str, names: Names, wanted: Iterable[str] = (), size: int = 8) -> Made:
    """A flow with an action of each `wanted` type where the names allow it, others at random, and a way to its end."""
    types = ["UpdateContactAttributes", *wanted, *(rng.choice(sorted(SAMPLES)) for _ in range(size))]
    chosen = [(one, _sample(rng, one, names)) for one in types if _fits(one, type_)]
    picked = [(one, sample) for one, sample in chosen if sample is not None and not sample.terminal]
    last = LAST.get(type_, HANGS_UP)
    ends = [(one, sample) for one, sample in chosen if sample is not None and sample.terminal and one != last]
    rows = [*picked, *ends, (last, SAMPLES[last][0])]
    ids = [_identifier(rng, number, one) for number, (one, _) in enumerate(rows)]
    actions = [_action(rng, ids, number, one, sample, names) for number, (one, sample) in enumerate(rows)]
    # Blocks that end the flow are reached by the last one that does not, so that none is out of reach.
    _reach(actions, ids, len(picked))
    content = {
        "Version": "2019-10-30",
        "StartAction": ids[0],
        "Metadata": _metadata(ids, name, type_),
        "Actions": _shuffled(rng, actions),
    }
    if type_ == MODULE:
        content["Settings"] = {"InputParameters": [], "OutputParameters": [], "Transitions": []}
    return Made(name, type_, content, tuple(one for one, _ in rows))


def _fits(one: str, type_: str) -> bool:
    return type_ in ONLY_IN.get(one, {type_}) and type_ not in NOT_IN.get(one, set())


def _sample(rng: random.Random, one: str, names: Names) -> Sample | None:
    known = [sample for sample in SAMPLES[one] if names.knows(sample)]
    return rng.choice(known) if known else None


def _identifier(rng: random.Random, number: int, type_: str) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4)) if rng.random() < 0.7 else f"{type_} {number}"[:50]


def _action(
    rng: random.Random, ids: Sequence[str], number: int, type_: str, sample: Sample, names: Names
) -> dict[str, Any]:
    parameters = _filled(rng, deepcopy(dict(sample.parameters)), names)
    action = {"Identifier": ids[number], "Type": type_, "Parameters": parameters, "Transitions": {}}
    if not sample.terminal:
        action["Transitions"] = {
            "NextAction": ids[number + 1],
            "Errors": [{"NextAction": rng.choice(ids), "ErrorType": error} for error in sample.errors],
            "Conditions": [
                {"NextAction": rng.choice(ids), "Condition": {"Operator": operator, "Operands": [operand]}}
                for operator, operand in sample.conditions
            ],
        }
    return action


def _reach(actions: list[dict[str, Any]], ids: Sequence[str], first_end: int) -> None:
    """Let the ends be reached: a Compare before them has a condition for each."""
    extra = ids[first_end:]
    if len(extra) == 1:  # the flow's own end, which is reached already
        return
    name = f"Which end {len(ids)}"
    conditions = [
        {"NextAction": one, "Condition": {"Operator": "Equals", "Operands": [f"end {number}"]}}
        for number, one in enumerate(extra)
    ]
    actions.append(
        {
            "Identifier": name,
            "Type": "Compare",
            "Parameters": {"ComparisonValue": "$.Attributes.end"},
            "Transitions": {
                "NextAction": ids[-1],
                "Errors": [{"NextAction": ids[-1], "ErrorType": "NoMatchingCondition"}],
                "Conditions": conditions,
            },
        }
    )
    actions[first_end - 1]["Transitions"]["NextAction"] = name


def _filled(rng: random.Random, value: Any, names: Names) -> Any:
    if isinstance(value, str):
        return rng.choice(names.values[value[1:]]) if value.startswith("@") else value
    if isinstance(value, dict):
        return {key: _filled(rng, one, names) for key, one in value.items()}
    return [_filled(rng, one, names) for one in value] if isinstance(value, list) else value


def _words(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value} if value.startswith("@") else set()
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return {word for one in inner for word in _words(one)}


def _metadata(ids: Sequence[str], name: str, type_: str) -> dict[str, Any]:
    places = {one: {"position": {"x": 40 + 260 * number, "y": 40}} for number, one in enumerate(ids)}
    return {
        "entryPointPosition": {"x": 14, "y": 20},
        "ActionMetadata": places,
        "Annotations": [],
        "name": name,
        "status": "published",
        **({} if type_ == MODULE else {"type": _camel(type_)}),
    }


def _camel(type_: str) -> str:
    first, *rest = type_.lower().split("_")
    return first + "".join(word.title() for word in rest)


def _shuffled(rng: random.Random, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rng.sample(actions, len(actions))
