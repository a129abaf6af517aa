"""Rules about functions: their time, and what they return.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.flows.language.behaviour import LAMBDA, PARTICIPANT, is_asynchronous, is_known
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.subject import Seen, Subject, seen, whole

SYNCHRONOUS = 8
CHAIN = 20
"""Seconds that functions may take together until something is heard or asked."""
NESTED = 2
"""Keys of a reference into an object that is inside of the answer."""


def timeout(subject: Subject) -> Iterator[Seen]:
    """Functions in a row whose limits come to more than Connect waits for all. (invoke-lambda-function-block)

    The limit of a single function is held against the facts of its action.
    """
    waited = {block.number: _waited(block) for block in subject.of_type(LAMBDA)}
    if sum(waited.values()) <= CHAIN:
        return
    graph = subject.graph
    silent = subject.numbers(lambda block: block.type not in PARTICIPANT and is_known(block))
    before: dict[int, int] = {}
    for group in reversed(graph.components(silent) if graph.cycles() else graph.components()):
        if group[0] not in silent:
            continue
        own = [graph.blocks[number] for number in group if waited.get(number)]
        so_far = max([before.get(number, 0) for number in group])
        total = so_far + sum(waited[block.number] for block in own)
        if own and so_far <= CHAIN < total:
            said = f"Lambda functions in a row may take {total} s, and Connect waits {CHAIN} s for all of them"
            yield seen(own[0], own[0].path, said, "Play a message between, or lower their limits.")
        for edge in (edge for number in group if total for edge in graph.out[number]):
            before[edge.target] = max(before.get(edge.target, 0), total)


def _waited(block: Block) -> int:
    """Seconds that a contact may wait for a function; 0 for one that it does not wait for."""
    return (
        0
        if is_asynchronous(block)
        else min(whole(block.parameters.get("InvocationTimeLimitSeconds")) or 0, SYNCHRONOUS)
    )


def asynchronous_result(subject: Subject) -> Iterator[Seen]:
    """`$.External` is read after a function that nobody waits for: it holds nothing. (invoke-lambda-function-block)"""
    graph = subject.graph
    started = subject.numbers(is_asynchronous)
    if not started:
        return
    filled = subject.numbers(_may_fill)
    empty = graph.after(started, without=filled) - graph.after(filled)
    for read in subject.reads.get("External", ()):
        if read.block.number in empty:
            yield seen(
                read.block,
                read.path,
                f"{read.reference.text} is read, and the function before it is ASYNCHRONOUS: it fills nothing",
                "Invoke it SYNCHRONOUS, or wait for its result.",
            )


def _may_fill(block: Block) -> bool:
    """Whether `$.External` may hold something after it: a synchronous function, a wait, the form that loads a result."""
    if block.type == LAMBDA:
        return not is_asynchronous(block) or "LambdaFunctionARN" not in block.parameters
    return block.type == "Wait" or not is_known(block)


def response(subject: Subject) -> Iterator[Seen]:
    """A value inside of an object is read, and the functions may return texts only. (connect-lambda-functions)"""
    nested = [read for read in subject.reads.get("External", ()) if len(read.reference.keys) >= NESTED]
    if not nested:
        return
    flat = [block for block in subject.of_type(LAMBDA) if _kind(block) in ("", "STRING_MAP")]
    other = subject.numbers(
        lambda block: (block.type == LAMBDA and _kind(block) not in ("", "STRING_MAP")) or not is_known(block)
    )
    graph = subject.graph
    behind = graph.after([block.number for block in flat]) - graph.after(other)
    for read in nested:
        if read.block.number in behind:
            yield seen(
                read.block,
                read.path,
                f"{read.reference.text} is inside of an object, and the function's ResponseType is STRING_MAP",
                'Set "ResponseValidation": {"ResponseType": "JSON"} at the function.',
            )


def _kind(block: Block) -> str:
    found = block.mapping("ResponseValidation").get("ResponseType", "")
    return found if isinstance(found, str) else "?"
