"""Rules about input that is stored: what is stored when nothing is typed, and secrets in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sbctl.flows.language.behaviour import LAMBDA, stores
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.subject import Seen, Subject, seen, whole

NOTHING_TYPED = "Timeout"
"""The value of an input that stored nothing: it takes the next action, and not an error."""
CHECKS = frozenset({"Compare", "UpdateContactCallbackNumber"})
"""What has a branch for a value that it does not know."""
SECRET = 12
"""Digits; cards and accounts have as many."""
CONSOLE_LENGTH = 20
"""What the console writes where nobody chose a length."""
LOGGING = "UpdateFlowLoggingBehavior"


def store_timeout(subject: Subject) -> Iterator[Seen]:
    """Stored input is used, and nothing compares it with `Timeout`. (store-customer-input)"""
    blocks = list(subject.blocks)
    if any(branch.operand == NOTHING_TYPED for block in blocks for branch in block.conditions):
        return
    reads = [read.block for read in subject.reads.get("StoredCustomerInput", ()) if read.block.type not in CHECKS]
    used = {block.number for block in reads if not _is_judged(subject, block)}
    if not used:
        return
    tellers = subject.numbers(lambda block: stores(block) or _compares(block) or _is_judged(subject, block))
    for block in blocks:
        if stores(block) and used & subject.graph.after((block.number,), without=tellers):
            yield seen(
                block,
                block.path,
                f"a caller who types nothing stores the text {NOTHING_TYPED}, and it is used without a check",
                f"Add a Compare of $.StoredCustomerInput with Equals {NOTHING_TYPED}.",
            )


def _is_judged(subject: Subject, block: Block) -> bool:
    """Whether a function gets the value, and the flow goes on by what it says of it."""
    following = [
        subject.graph.blocks[edge.target] for edge in subject.graph.out[block.number] if edge.branch.how == "next"
    ]
    return block.type == LAMBDA and any("$.External" in one.text("ComparisonValue") for one in following)


def _compares(block: Block) -> bool:
    return block.type == "Compare" and "StoredCustomerInput" in block.text("ComparisonValue")


def logging_secret(subject: Subject) -> Iterator[Seen]:
    """What may be a secret is typed while the flow log is on. (bp-contact-flows)"""
    inputs = [block for block in subject.blocks if stores(block) and _is_secret(block)]
    if not inputs:
        return
    on = subject.numbers(lambda block: _logs(block, "Enabled"))
    off = subject.numbers(lambda block: _logs(block, "Disabled"))
    logged = subject.graph.after(on, without=off)
    for block in inputs:
        if block.number in logged:
            yield seen(
                block,
                block.path,
                "input that may be secret is stored while flow logging is on",
                f'Add {LOGGING} with "Disabled" before it.',
            )


def _logs(block: Block, state: str) -> bool:
    return block.type == LOGGING and block.text("FlowLoggingBehavior") == state


def _is_secret(block: Block) -> bool:
    if block.mapping("InputEncryption"):
        return True
    custom = block.mapping("InputValidation").get("CustomValidation")
    length = whole(custom.get("MaximumLength")) if isinstance(custom, Mapping) else None
    return length is not None and length >= SECRET and length != CONSOLE_LENGTH
