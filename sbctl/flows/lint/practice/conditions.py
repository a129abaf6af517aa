"""Rules about conditions: branches that never run, and comparisons that are never true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sbctl.flows.language.behaviour import INPUT
from sbctl.flows.language.graph import Block
from sbctl.flows.language.references import only_reference
from sbctl.flows.lint.practice.subject import Seen, Subject, decimal, fixed, seen

HUNDRED = 101
"""The highest threshold that says something: a number from 1 to 100 is drawn, and compared with less than."""
_FRACTION = re.compile(r"-?\d+\.\d+")
GIVEN: Mapping[str, frozenset[str]] = {
    "Channel": frozenset({"VOICE", "CHAT", "TASK", "EMAIL"}),
    "StoredCustomerInput": frozenset({"Timeout"}),
}
"""Root of a reference → values that AWS writes into it."""
Written = Mapping[str, set[str]]
"""Name of an attribute → the values that the flow writes into it."""


def twice(subject: Subject) -> Iterator[Seen]:
    """Two conditions of a block are the same: the second never runs. (flow-language-actions)"""
    for block in subject.blocks:
        if block.type == INPUT:
            continue  # whose keys have a rule of their own
        known: set[tuple[str, str]] = set()
        for branch in block.conditions:
            one = (branch.operator, branch.operand)
            if branch.operand and one in known:
                said = f"{branch.operator} {branch.operand!r} has two branches: the second never runs"
                yield seen(block, branch.path, said, "Remove one of them.")
            known.add(one)


def case(subject: Subject) -> Iterator[Seen]:
    """Operands that differ in upper and lower case only. (check-contact-attributes)"""
    written = _written(subject)
    for block in subject.of_type("Compare"):
        yield from _two_cases(block)
        yield from _other_case(block, written)


def _two_cases(block: Block) -> Iterator[Seen]:
    """Two operands that differ only in case, and lead to different blocks: those of one block are both meant."""
    if len({branch.operand.lower() for branch in block.conditions}) == len(block.conditions):
        return
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for branch in block.conditions:
        if not branch.operand or branch.operator.startswith("Number"):
            continue
        operand, target = known.setdefault((branch.operator, branch.operand.lower()), (branch.operand, branch.target))
        if operand != branch.operand and target != branch.target:
            yield seen(
                block,
                branch.path,
                f"{operand!r} and {branch.operand!r} differ in upper and lower case only, and lead to different blocks",
                "Compare with one spelling.",
            )


def _other_case(block: Block, written: Written) -> Iterator[Seen]:
    """An operand that this flow writes into the attribute in another case, and never as it stands."""
    found = only_reference(block.text("ComparisonValue"))
    if found is None:
        return
    values = written.get(f"{found.root}.{found.keys[0]}", set()) if found.keys else GIVEN.get(found.root, set())
    writer = "This flow" if found.keys else "Amazon Connect"
    for branch in block.conditions:
        if branch.operator != "Equals" or not branch.operand or branch.operand in values:
            continue
        other = next((value for value in sorted(values) if value.lower() == branch.operand.lower()), "")
        if other and not any(one.operand == other for one in block.conditions):
            yield seen(
                block,
                branch.path,
                f"{writer} sets {other!r}, and this compares with {branch.operand!r}: comparisons mind the case",
                f"Write {other!r}.",
            )


def _written(subject: Subject) -> Written:
    found: dict[str, set[str]] = {}
    for block in subject.of_type("UpdateContactAttributes"):
        for name, value in block.mapping("Attributes").items():
            if isinstance(value, str) and value and fixed(value):
                found.setdefault(f"Attributes.{name}", set()).add(value)
    for block in subject.of_type("UpdateFlowAttributes"):
        for name, held in block.mapping("FlowAttributes").items():
            value = held.get("Value") if isinstance(held, Mapping) else None
            if isinstance(value, str) and value and fixed(value):
                found.setdefault(f"FlowAttributes.{name}", set()).add(value)
    return found


def number_text(subject: Subject) -> Iterator[Seen]:
    """A number that is compared as a text, or a text that is compared as a number. (check-contact-attributes)"""
    for block in subject.blocks:
        for branch in block.conditions:
            if not branch.operand or not fixed(branch.operand):
                continue
            if branch.operator.startswith("Number") and decimal(branch.operand) is None:
                said = f"{branch.operator} compares numbers, and {branch.operand!r} is none: never true"
                yield seen(block, branch.path, said, "Compare with a number, or use Equals.")
            elif branch.operator == "Equals" and block.type == "Compare" and _is_amount(block, branch.operand):
                said = f"Equals compares texts: {branch.operand!r} is one number, and not a limit"
                yield seen(block, branch.path, said, "Use NumberGreaterOrEqualTo or NumberLessOrEqualTo for numbers.")


def _is_amount(block: Block, operand: str) -> bool:
    """Whether a number is one that is seldom met exactly: a fraction, or a count of contacts, agents or seconds."""
    if decimal(operand) is None:
        return False
    found = only_reference(block.text("ComparisonValue"))
    counted = found is not None and found.root == "Metrics" and found.keys[-1:] not in (("Name",), ("ARN",))
    return bool(_FRACTION.fullmatch(operand)) or (counted and operand != "0")


def percent(subject: Subject) -> Iterator[Seen]:
    """Thresholds of percentages that do not rise, or are above 100. (distribute-by-percentage)"""
    for block in subject.of_type("DistributeByPercentage"):
        before = 1.0
        for branch in block.conditions:
            threshold = decimal(branch.operand) if branch.operand else None
            if threshold is None or branch.operator != "NumberLessThan":
                continue
            if threshold > HUNDRED:
                said = f"the threshold {branch.operand} is above 100 percent"
                yield seen(block, branch.path, said, "Write the sum of the percentages so far, plus 1.")
            elif threshold <= before:
                said = f"the threshold {branch.operand} is not above the one before it: the branch never runs"
                yield seen(block, branch.path, said, "Write the sum of the percentages so far, plus 1.")
            before = max(before, threshold)
