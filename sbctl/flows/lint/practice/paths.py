"""Rules about the ways through a flow: blocks without a way to them, circles without an end, ways that end in nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sbctl.flows.language.behaviour import HOLDS, LEAVES, LOOP_PROMPTS, MODULE_CALL, is_known, waits
from sbctl.flows.language.facts import MODULE
from sbctl.flows.lint.practice.subject import Seen, Subject, listed, seen

Circle = tuple[int, ...]
UNBOUNDED = LEAVES | {LOOP_PROMPTS, MODULE_CALL, "ShowView", "TransferParticipantToThirdParty"}
"""What may end a contact's way through a circle that has no other way out: a transfer, an agent, the end of a contact."""


def unreachable(subject: Subject) -> Iterator[Seen]:
    """A block that no way from the start leads to. (bp-contact-flows)"""
    graph = subject.graph
    if graph.start is None:
        return
    for block in graph.in_order():
        if block.number not in graph.reachable:
            yield seen(block, block.path, "no path from the start leads to this block", "Wire it, or remove it.")


def endless(subject: Subject) -> Iterator[Seen]:
    """A circle in which nothing waits, or one without a way out. (bp-contact-flows)"""
    circles = [found for found in subject.graph.cycles() if found[0] in subject.graph.reachable]
    for circle in sorted({*_busy(subject, circles), *_closed(subject, circles)}):
        blocks = [subject.graph.blocks[number] for number in circle]
        names = listed([block.name for block in blocks])
        said = "its only way out is itself" if len(blocks) == 1 else f"contacts run in a loop without an end: {names}"
        yield seen(
            blocks[0],
            blocks[0].path,
            f"endless loop: {said}",
            "Add a Loop with a LoopCount, and lead DoneLooping out of it.",
        )


def _busy(subject: Subject, circles: Iterable[Circle]) -> Iterator[Circle]:
    """Circles of blocks none of which waits; they are inside of those of all blocks."""
    graph = subject.graph
    rest = [number for circle in circles for number in circle if not waits(graph.blocks[number])]
    for circle in graph.cycles(rest):
        speaks = any(graph.blocks[number].type == "MessageParticipant" for number in circle)
        if not (speaks and subject.document.type in HOLDS):
            yield circle


def _closed(subject: Subject, circles: Iterable[Circle]) -> Iterator[Circle]:
    """Circles that no branch leaves, and in which no block can end the contact's way."""
    graph = subject.graph
    for circle in circles:
        inside = set(circle)
        blocks = [graph.blocks[number] for number in circle]
        leaves = any(edge.target not in inside for number in circle for edge in graph.out[number])
        ends = any(block.type in UNBOUNDED or not is_known(block) for block in blocks)
        holds = subject.document.type in HOLDS and any(block.type == "MessageParticipant" for block in blocks)
        if not (leaves or ends or holds):
            yield circle


def dead_end(subject: Subject) -> Iterator[Seen]:
    """Prompts that repeat for ever in a flow that nobody ends: no disconnect, transfer or agent follows. (loop-prompts)

    That any other action leads nowhere is held against the facts of its type.
    """
    if subject.document.type in {*HOLDS, MODULE}:
        return
    for block in subject.of_type(LOOP_PROMPTS):
        if not subject.graph.out[block.number]:
            yield seen(
                block,
                block.path,
                "the path ends here: the prompts repeat, and nothing follows",
                "Lead it to a block that disconnects, transfers or ends the flow.",
            )
