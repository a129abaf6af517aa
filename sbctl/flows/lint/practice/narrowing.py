"""Which contacts can come to a block, by what Compare blocks on one reference let through: `$.Channel`, `$.AwsRegion`."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.flows.language.graph import Block, Edge
from sbctl.flows.language.references import only_reference
from sbctl.flows.lint.practice.subject import Subject

Values = frozenset[str]
ANOTHER = ""
"""Stands for each value that no Compare names."""


def narrowed(subject: Subject, root: str, values: Values | None = None) -> Mapping[int, Values]:
    """Block → the values of `$.<root>` of contacts that can come to it; empty where no Compare asks for it.

    `values` are all that there are; None: those that the flow compares with, and another.
    """
    asking = [block for block in subject.of_type("Compare") if _asks(block, root)]
    if not asking:
        return {}
    known = values or frozenset([ANOTHER, *(branch.operand for block in asking for branch in block.conditions)])
    coming: dict[int, Values] = dict.fromkeys(subject.starts, known)
    waiting = list(coming)
    while waiting:
        number = waiting.pop()
        block = subject.graph.blocks[number]
        asks = _asks(block, root)
        for edge in subject.graph.out[number]:
            before = coming.get(edge.target, frozenset())
            through = before | (_through(block, edge, coming[number]) if asks else coming[number])
            if through != before:
                coming[edge.target] = through
                waiting.append(edge.target)
    return coming


def _asks(block: Block, root: str) -> bool:
    if block.type != "Compare":
        return False
    found = only_reference(block.text("ComparisonValue"))
    return found is not None and found.root == root and not found.keys


def _through(block: Block, edge: Edge, coming: Values) -> Values:
    """Those of the values whose contacts take this edge."""
    if edge.branch.how == "condition":
        return coming & {edge.branch.operand} if edge.branch.operator == "Equals" else coming
    return coming - {one.operand for one in block.conditions if one.operator == "Equals"}
