"""The values of an action's parameters: of a list, in a range, as text, and the members of objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sbctl.files.misfits import shown
from sbctl.flows.language.facts import Parameter, actions, event_hooks
from sbctl.flows.lint.acceptance.block import Block, Level, is_reference, is_static
from sbctl.flows.lint.acceptance.parameters import UNKNOWN
from sbctl.flows.lint.acceptance.spelling import did_you_mean, nearest
from sbctl.flows.lint.finding import Finding

RANGE_RULES = {
    "Loop": "loop-count",
    "Wait": "wait",
    "UpdateContactRoutingBehavior": "routing-lifo",
    "InvokeLambdaFunction": "lambda-timeout",
    "CreateCallbackContact": "callback",
}
"""Types whose range is a rule of its own; those of others are `value-range`."""
BOUNDS = re.compile(r"(\d+)\.\.(\d+)$")
LONGEST = re.compile(r"<= (\d+)\b")
SPOKEN = frozenset({"Text", "SSML"})
"""Their length is a matter of what is spoken."""
NUMBERS = (bool, int, float)
HOLDERS = (dict, list)
Path = tuple[str | int, ...]
Taken = frozenset[str] | range | None
"""What a parameter takes, as far as that is seen at once."""
LONGEST_NUMBER, LARGEST = 30, 10**29
"""Digits that are read, and the largest number."""


def value_findings(block: Block) -> Iterator[Finding]:
    """What is wrong with the values of known parameters."""
    sound = _sound(block.type)
    left = [
        (name, value)
        for name, value in block.parameters.items()
        if not (isinstance(value, str) and _is_sound(sound, name, value))
    ]
    return _unsound(block, left) if left else iter(())


def _unsound(block: Block, left: Iterable[tuple[str, Any]]) -> Iterator[Finding]:
    for name, value in left:
        parameter = block.facts.parameters.get(name)
        if not isinstance(value, str):
            yield from _of_structure(block, parameter, value, ("Parameters", name))
        elif parameter is not None:
            yield from _listed(block, parameter, value)
            yield from _in_range(block, parameter, value)
            yield from _of_kind(block, parameter, value)


def _of_structure(block: Block, parameter: Parameter | None, value: Any, path: Path) -> Iterator[Finding]:
    """What is wrong with a value that is no text."""
    if parameter is None or not parameter.facts.get("native", False):
        yield from _native(block, value, path)
    if parameter is not None:
        yield from _listed(block, parameter, value)
        yield from _in_range(block, parameter, value)
        yield from _entries(block, parameter, value)
        yield from _of_kind(block, parameter, value)
        yield from _fields(block, parameter.facts.get("fields") or {}, value, path)


def _is_sound(sound: Mapping[str, Taken], name: str, value: str) -> bool:
    """Whether it is seen at once that nothing is wrong with a text."""
    if name not in sound:
        return False
    taken = sound[name]
    if isinstance(taken, range):
        return value.isdecimal() and len(value) < LONGEST_NUMBER and int(value) in taken
    return taken is None or value in taken


@cache
def _sound(name: str) -> Mapping[str, Taken]:
    """Of an action type: parameters that take any text (None), any of these texts, or any number of these."""
    numbers: dict[str, Taken] = {
        one.name: range(one.facts.get("min") or 0, (one.facts.get("max") or LARGEST) + 1)
        for one in actions()[name].parameters.values()
        if one.kind == "integer-string" and one.dynamic != "path-only" and not one.facts.get("values")
    }
    return numbers | {
        one.name: frozenset(taken) if taken else None
        for one in actions()[name].parameters.values()
        if one.kind not in ("integer-string", "object") and one.dynamic != "path-only"
        if one.name in SPOKEN or not one.facts.get("max_characters")
        for taken in [one.facts.get("values") or one.facts.get("values_hint")]
    }


def _native(block: Block, value: Any, path: Path) -> Iterator[Finding]:
    """Numbers and booleans where the flow language has texts."""
    if isinstance(value, NUMBERS):
        refused = isinstance(value, bool) and path[1:] == ("DTMFConfiguration", "DisableCancelKey")
        level: Level = "error" if refused else "warning"
        text = str(value)
        message = f"{_dotted(path)} is {'a boolean' if isinstance(value, bool) else 'a number'}, not a text"
        yield block.finding("value-native", level, message, f'Write it as text: "{text}".', *path)
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in members:
        if not isinstance(one, str):
            yield from _native(block, one, (*path, name))


def _listed(block: Block, parameter: Parameter, value: Any) -> Iterator[Finding]:
    """Values of a list that is closed (`values`) or only what sbctl knows (`values_hint`)."""
    closed, hint = parameter.facts.get("values"), parameter.facts.get("values_hint")
    known = closed or hint
    if not known:
        return
    for path, one in _texts(value, ("Parameters", parameter.name)):
        if not is_static(one) or one in known or one == "":
            continue
        near = nearest(one, known)
        fix = did_you_mean(near, f"Use one of {', '.join(known)}.")
        if closed:
            level: Level = "error" if parameter.facts.get("value_level") == "error" else "warning"
            yield block.finding("value", level, f"{parameter.name} is {shown(one)}", fix, *path)
        else:
            rule = "near-miss" if near else "value-unknown"
            yield block.finding(rule, "warning", f"{parameter.name} {shown(one)} is {UNKNOWN}", fix, *path)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        yield from (((*path, number), one) for number, one in enumerate(value) if isinstance(one, str))


def _in_range(block: Block, parameter: Parameter, value: Any) -> Iterator[Finding]:
    if parameter.kind != "integer-string" or (not is_static(value) and not _is_number(value)) or value == "":
        return
    low, high = _bounds(block, parameter)
    text, path = str(value), ("Parameters", parameter.name)
    rule = RANGE_RULES.get(block.type, "value-range")
    limit = f"from {low} to {high}" if high is not None else f"of at least {low}" if low is not None else ""
    if not re.fullmatch(r"-?\d{1,30}", text):
        message = f"{parameter.name} is {shown(value)}, and takes a whole number"
        yield block.finding(rule, "warning", message, f"Use a whole number {limit}.".replace(" .", "."), *path)
    elif (low is not None and int(text) < low) or (high is not None and int(text) > high):
        level: Level = "error" if parameter.facts.get("range_level") == "error" else "warning"
        yield block.finding(rule, level, f"{parameter.name} is {text}", f"Use a whole number {limit}.", *path)


def _bounds(block: Block, parameter: Parameter) -> tuple[int | None, int | None]:
    facts = parameter.facts
    later = block.parameters.get("InvocationType") == "ASYNCHRONOUS" and "max_async" in facts
    return facts.get("min"), facts["max_async"] if later else facts.get("max")


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _entries(block: Block, parameter: Parameter, value: Any) -> Iterator[Finding]:
    """How many entries a list or map has, and the keys of one whose keys are known."""
    if not isinstance(value, HOLDERS):
        return
    facts, path = parameter.facts, ("Parameters", parameter.name)
    least, most = facts.get("min_entries", 0), facts.get("max_entries", len(value))
    if not least <= len(value) <= most:
        level: Level = "error" if facts.get("entries_level") == "error" else "warning"
        fix = f"Give it at least {least}." if len(value) < least else f"Give it at most {most}."
        yield block.finding("value-entries", level, f"{parameter.name} has {len(value)} entries", fix, *path)
    if facts.get("keys") == "event_hooks":
        for name in value:
            if name not in event_hooks():
                near = nearest(str(name), event_hooks())
                fix = did_you_mean(near, f"Use one of {', '.join(sorted(event_hooks()))}.")
                rule = "near-miss" if near else "hook-unknown"
                yield block.finding(rule, "warning", f"event hook {name} is {UNKNOWN}", fix, *path, str(name))


def _of_kind(block: Block, parameter: Parameter, value: Any) -> Iterator[Finding]:
    """A text, a list or an object in the place of another; a text that is too long; a literal in the place of a reference."""
    path = ("Parameters", parameter.name)
    wanted = _SHAPES.get(parameter.kind)
    if wanted is not None and not isinstance(value, wanted[0]) and not isinstance(value, NUMBERS):
        level: Level = "error" if (block.type, parameter.name) == ("UpdateContactTargetQueue", "QueueId") else "warning"
        message = f"{parameter.name} is {shown(value)}, and takes {wanted[1]}"
        yield block.finding("value", level, message, f"Write {wanted[1]}.", *path)
    longest = parameter.facts.get("max_characters")
    if longest and parameter.name not in SPOKEN and isinstance(value, str) and len(value) > longest:
        message = f"{parameter.name} has {len(value)} characters"
        yield block.finding("value-length", "warning", message, f"Use at most {longest} characters.", *path)
    if parameter.dynamic == "path-only" and isinstance(value, str) and value and not is_reference(value):
        level = "error" if block.type == "Compare" else "warning"
        message = f"{parameter.name} is {shown(value)}, and takes a reference"
        yield block.finding("reference-missing", level, message, "Write a reference such as $.Attributes.name.", *path)


_SHAPES: Mapping[str, tuple[type[object] | tuple[type[object], ...], str]] = {
    "object": (dict, "an object"),
    "map": ((dict, str), "an object"),
    "list": ((list, str), "a list"),
    **dict.fromkeys(("text", "enum", "integer-string", "path", "phone"), (str, "a text")),
    **dict.fromkeys(("queue", "agent", "flow", "prompt", "hours", "module", "lambda"), (str, "a text")),
}
"""By a parameter's kind: what its value is, and how people call that."""


def _fields(block: Block, wanted: Mapping[str, Any], value: Any, path: Path) -> Iterator[Finding]:
    """The members of an object, as far as they are known."""
    if not wanted or not isinstance(value, dict):
        return
    for name, fact in wanted.items():
        if name in value:
            yield from _field(block, fact, value[name], (*path, name))
        elif isinstance(fact, str) and fact.startswith("required"):
            message = f"{_dotted(path)} needs {name}"
            yield block.finding("parameter-missing", "error", message, f"Add {name}.", *path)
    for name in value:
        near = "" if name in wanted else nearest(str(name), wanted)
        if near:
            message = f"{_dotted((*path, name))} is {UNKNOWN}"
            yield block.finding("near-miss", "warning", message, did_you_mean(near, ""), *path, name)


def _field(block: Block, fact: Any, value: Any, path: Path) -> Iterator[Finding]:
    if isinstance(fact, Mapping):
        yield from _fields(block, fact, value, path)
    elif isinstance(fact, list):
        for place, one in _texts(value, path):
            if is_static(one) and one and one not in fact:
                refused = path[-1] == "ResponseType" and one == "JSON_OBJECT"
                fix = did_you_mean(nearest(one, fact), f"Use one of {', '.join(fact)}.")
                message = f"{_dotted(path)} is {shown(one)}"
                yield block.finding("value", "error" if refused else "warning", message, fix, *place)
    elif isinstance(fact, str) and is_static(value):
        yield from _limited(block, fact, value, path)


def _limited(block: Block, fact: str, value: str, path: Path) -> Iterator[Finding]:
    bounds, longest = BOUNDS.match(fact), LONGEST.match(fact)
    if bounds and not (value.isdecimal() and int(bounds[1]) <= int(value[:30]) <= int(bounds[2])):
        fix = f"Use a whole number from {bounds[1]} to {bounds[2]}."
        yield block.finding("value-range", "warning", f"{_dotted(path)} is {shown(value)}", fix, *path)
    if longest and len(value) > int(longest[1]):
        fix = f"Use at most {longest[1]} characters."
        yield block.finding("value-length", "warning", f"{_dotted(path)} has {len(value)} characters", fix, *path)


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path[1:])
