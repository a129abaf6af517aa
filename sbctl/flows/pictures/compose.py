"""From any content of a flow, also a damaged one, to its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sbctl.flows.pictures.branches import edges_of
from sbctl.flows.pictures.picture import Block, Edge, Picture, Role
from sbctl.flows.pictures.steps import Step, start_of, steps_of
from sbctl.flows.pictures.words import name_of

MISSING = "Missing block"


def picture_of(content: Any) -> Picture:
    """The picture of a content. A target that the content lacks is a block of the role "missing"."""
    steps = steps_of(content)
    start = start_of(content)
    edges = [edge for step in steps for edge in edges_of(step)]
    known = {step.id for step in steps}
    gone = [name for name in dict.fromkeys([start, *(edge.target for edge in edges)]) if name and name not in known]
    reached = reached_from(start, edges)
    blocks = [_block(step, reachable=step.id in reached) for step in steps]
    blocks += [Block(name, "", MISSING, name, "missing", name in reached) for name in gone]
    return Picture(start, tuple(blocks), tuple(main_marked(start, edges)))


def reached_from(start: str, edges: Iterable[Edge]) -> frozenset[str]:
    """The identifiers of the blocks that a call can come to."""
    ways: dict[str, list[str]] = {}
    for edge in edges:
        ways.setdefault(edge.source, []).append(edge.target)
    found = {start}
    left = [start]
    while left:
        fresh = [name for name in ways.get(left.pop(), ()) if name not in found]
        found.update(fresh)
        left.extend(fresh)
    return frozenset(found)


def main_marked(start: str, edges: Iterable[Edge]) -> list[Edge]:
    """The edges, of which only those of the path from the start stay marked as main."""
    listed = list(edges)
    preferred = {edge.source: place for place, edge in enumerate(listed) if edge.main}
    on_path: set[int] = set()
    at, seen = start, {start}
    while at in preferred:
        place = preferred[at]
        on_path.add(place)
        at = listed[place].target
        if at in seen:
            break
        seen.add(at)
    return [replace(edge, main=place in on_path) for place, edge in enumerate(listed)]


def _block(step: Step, *, reachable: bool) -> Block:
    title, words = name_of(step)
    return Block(step.id, step.type, title, words, _role(step), reachable)


_ROLES: Mapping[Role, tuple[str, ...]] = {
    "prompt": (
        "MessageParticipant",
        "GetParticipantInput",
        "ConnectParticipantWithLexBot",
        "ShowView",
        "StartOutbound",
    ),
    "decision": ("Check", "Compare", "DistributeByPercentage", "Loop", "Wait", "AuthenticateParticipant"),
    "lambda": ("InvokeLambdaFunction",),
    "end": ("DisconnectParticipant", "EndFlow"),
    "transfer": (
        *("TransferContactTo", "TransferTo", "TransferParticipant", "DequeueContact", "RouteContact"),
        *("CreateCallback", "UpdateContactTargetQueue", "InvokeFlowModule"),
    ),
}
"""By the beginning of the type's name."""


def _role(step: Step) -> Role:
    return next((role for role, beginnings in _ROLES.items() if step.type.startswith(beginnings)), "other")
