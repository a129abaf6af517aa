"""Rules about menus: keys that a prompt names, keys that branch, and callers who never leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sbctl.flows.language.behaviour import INPUT, is_menu, waits
from sbctl.flows.language.graph import Block, Branch
from sbctl.flows.lint.practice.subject import Seen, Subject, fixed, seen

RETRIED = ("InputTimeLimitExceeded", "NoMatchingCondition")
KEYS = frozenset("0123456789*#")
WORDS = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "star": "*",
    "asterisk": "*",
    "pound": "#",
    "hash": "#",
}
_VERBS = (
    r"press|push|dial|hit|tap|touch"
    r"|presione|presiona|oprima|oprime|pulse|marque|appuyez sur|appuyer sur|tapez"
    r"|drücken sie|wählen sie|digite|pressione|aperte|prema|premi|premere|digiti|toets|druk op"
)
_BETWEEN = r"or say|the|number|key|option|button|digit|el|la|le|die|taste|número|numero|tecla|touche|opción|tasto|toets"
_SYMBOL = r"[0-9](?![-.]?\d)(?!\s+\d)(?!\w)|[*#]"
_NO_AMOUNT = r"(?!\s*-?\s*(?:digit|number|character|time|second|minute|hour|day)s?\b)"
_SAID = re.compile(
    rf"\b(?:{_VERBS})\s+(?:(?:{_BETWEEN})\s+)*[\"'“(]?"
    rf"({_SYMBOL}|(?:{'|'.join(WORDS)})\b(?!\s+of\b)){_NO_AMOUNT}",
    re.IGNORECASE,
)
_CHOSEN = re.compile(rf"\b(?:select|choose|enter)\s+(?:(?:{_BETWEEN})\s+)*({_SYMBOL}){_NO_AMOUNT}", re.IGNORECASE)
_LISTED = re.compile(
    rf"[\"'”)]?\s*(?:,\s*(?:or|and)?|\b(?:or|and|oder|und|ou|et|o|y)\b)\s*[\"'“(]?({_SYMBOL}){_NO_AMOUNT}",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    rf"(?:[.,;:\n]|\b(?:or|and|oder|und|ou|et|o|y)\b)\s*({_SYMBOL})\s+(?:for|to|if|para|pour|für)\b(?!\s*\d)",
    re.IGNORECASE,
)
"""Keys that are said after others: "press 1 for sales, 2 for support"."""
_MENTIONED = re.compile(rf"(?<!\d)\d(?!\d)|[*#]|\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


def self_menu(subject: Subject) -> Iterator[Seen]:
    """An input that a wrong or missing key leads straight back to. (testing-simulation-observe-block)"""
    for block in subject.of_type(INPUT):
        again = next(
            (branch for branch in _retries(block) if subject.graph.named.get(branch.target) == block.number), None
        )
        if again:
            yield seen(
                block,
                again.path,
                f"{again.error or 'the next action'} leads straight back to this block: callers hear no hint, and test cases hang",
                "Add a message between.",
            )


def retry_unbounded(subject: Subject) -> Iterator[Seen]:
    """A menu that time-out or no match lead back to, as often as they come. (bp-contact-flows)"""
    ends: dict[int, int] = {}
    for block in subject.blocks:
        if not is_menu(block):
            continue
        late = [branch for branch in _retries(block) if branch.error in RETRIED or branch.how == "next"]
        again = next((branch for branch in late if _back(subject, branch, block, ends)), None)
        if again:
            yield seen(
                block,
                again.path,
                f"{again.error or 'the next action'} leads back to this menu without a limit",
                "Add a Loop on the way, and lead DoneLooping elsewhere.",
            )


def _retries(block: Block) -> list[Branch]:
    """The branches without a key. The console writes the one of another key as next action too: it is the last."""
    return sorted((one for one in block.branches if one.how != "condition"), key=lambda one: one.how == "next")


def _back(subject: Subject, branch: Branch, menu: Block, ends: dict[int, int]) -> bool:
    """Whether a branch comes back to the menu over blocks that neither wait nor choose."""
    target = subject.graph.named.get(branch.target)
    return target is not None and _end(subject, target, ends) == menu.number


def _end(subject: Subject, number: int, ends: dict[int, int]) -> int:
    """The first block on the straight way from a block, itself included, that waits or chooses; -1 in a circle."""
    graph = subject.graph
    way: list[int] = []
    on_way: set[int] = set()
    while number not in ends and number not in on_way:
        following = _straight(subject, number)
        if following is None:
            ends[number] = number
            break
        way.append(number)
        on_way.add(number)
        number = following
    end = ends.get(number, -1)
    ends.update(dict.fromkeys(way, end))
    return end if end in graph.blocks else -1


def _straight(subject: Subject, number: int) -> int | None:
    """The next block where the present one only does its work; None where it waits, chooses or ends."""
    block = subject.graph.blocks[number]
    if waits(block) or block.conditions or any(branch.error == "NoMatchingCondition" for branch in block.branches):
        return None
    return next((edge.target for edge in subject.graph.out[number] if edge.branch.how == "next"), None)


def key_missing(subject: Subject) -> Iterator[Seen]:
    """A prompt names a key that has no branch. (get-customer-input)"""
    for block, text in _spoken(subject):
        keys = {branch.operand for branch in block.conditions}
        for key in sorted(_said(text) - keys):
            yield seen(
                block,
                block.at("Text"),
                f"the text names key {key}, which has no branch",
                f"Add the condition Equals {key}.",
            )


def key_unsaid(subject: Subject) -> Iterator[Seen]:
    """A key has a branch, and a prompt that names other keys does not name it. (get-customer-input)"""
    for block, text in _spoken(subject):
        said = _said(text)
        if not said or all(branch.operand in said for branch in block.conditions):
            continue  # where the text names no key, another block may have said what they do
        named = {WORDS.get(word.lower(), word) for word in _MENTIONED.findall(text)}
        for branch in block.conditions:
            if branch.operand in KEYS - named:
                yield seen(
                    block,
                    branch.path,
                    f"key {branch.operand} has a branch, and the text does not name it",
                    "Name it in the text.",
                )


def key_twice(subject: Subject) -> Iterator[Seen]:
    """Two branches of a menu have the same key: the second never runs. (get-customer-input)"""
    for block in subject.of_type(INPUT):
        known: set[str] = set()
        for branch in block.conditions:
            if branch.operand and branch.operand in known:
                yield seen(
                    block,
                    branch.path,
                    f"key {branch.operand} has two branches: the second never runs",
                    "Remove one of them.",
                )
            known.add(branch.operand)


def _spoken(subject: Subject) -> Iterator[tuple[Block, str]]:
    """The menus whose text is known: plain, without references."""
    for block in subject.of_type(INPUT):
        text = block.text("Text")
        if (
            is_menu(block)
            and text
            and "<" not in text
            and fixed(text.replace("${region-name}", "").replace("${region}", ""))
        ):
            yield block, text


@lru_cache(maxsize=256)
def _said(text: str) -> frozenset[str]:
    """The keys that a text tells to press."""
    found: set[str] = set()
    for one in (*_SAID.finditer(text), *_CHOSEN.finditer(text)):
        found.add(one[1])
        place = one.end()
        while other := _LISTED.match(text, place):
            found.add(other[1])
            place = other.end()
    if found:
        found |= set(_CLAUSE.findall(text))
    return frozenset(WORDS.get(word.lower(), word) for word in found)
