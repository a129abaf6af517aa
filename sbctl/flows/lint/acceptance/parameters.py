"""The parameters of an action: those it must have, those it has not, those of which it takes a number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sbctl.flows.language.facts import Group, actions
from sbctl.flows.lint.acceptance.block import Block, Level
from sbctl.flows.lint.acceptance.spelling import did_you_mean, nearest
from sbctl.flows.lint.finding import Finding

UNKNOWN = "not known to sbctl; AWS decides"
INSTEAD = {("UpdateContactEventHooks", "EventHooks"): "EventHooksConfiguration"}
"""A parameter that may be absent where another stands in for it, beside those of the facts."""
UNDECIDED = {
    ("UpdateContactEventHooks", "EventHooksConfiguration"): "the console writes it, and the API was seen to refuse it",
    ("UpdateContactData", "References"): "AWS documents it, and the API was seen to refuse it",
}
"""Parameters of which the sources say both."""


def parameter_findings(block: Block) -> Iterator[Finding]:
    """What is missing, unknown, refused, or too much."""
    return iter(()) if _is_usual(block) else _unusual(block)


def _is_usual(block: Block) -> bool:
    """Whether it is seen at once that nothing is wrong: most actions are so, and a flow has many."""
    here = block.parameters
    return (
        not block.facts.groups
        and here.keys() >= _required(block.type)
        and here.keys() <= _sound(block.type)
        and all(value and isinstance(value, str) for value in here.values())
    )


def _unusual(block: Block) -> Iterator[Finding]:
    here = block.parameters.keys()
    if not here >= _required(block.type):
        yield from _missing(block)
    if not here <= _sound(block.type):
        yield from _not_known(block)
    yield from _empty(block)
    for group in block.facts.groups:
        yield from _group(block, group)


def _missing(block: Block) -> Iterator[Finding]:
    found = block.parameters
    for name, level, instead in _needed(block.type):
        if name not in found and instead not in found:
            message = f"{block.type} needs the parameter {name}"
            yield block.finding("parameter-missing", level, message, f"Add {name}.", "Parameters")


@cache
def _needed(name: str) -> tuple[tuple[str, Level, str], ...]:
    """Of an action type: what it must have, the level of its absence, and what stands in for it."""
    return tuple(
        (one.name, one.missing, one.facts.get("unless") or INSTEAD.get((name, one.name), ""))
        for one in actions()[name].parameters.values()
        if one.missing
    )


@cache
def _required(name: str) -> frozenset[str]:
    """Of an action type: the parameters whose absence may be told of."""
    return frozenset(one for one, _, _ in _needed(name))


@cache
def _sound(name: str) -> frozenset[str]:
    """Of an action type: the parameters of which nothing is to be said."""
    facts = actions()[name]
    return frozenset(facts.parameters) - facts.refused_parameters - {one for kind, one in UNDECIDED if kind == name}


def _not_known(block: Block) -> Iterator[Finding]:
    known = block.facts.parameters
    allowed = f"Its parameters: {', '.join(known)}." if known else "It takes none."
    for name in block.parameters:
        if name in block.facts.refused_parameters:
            fix = did_you_mean(nearest(name, known), f"Remove it. {allowed}")
            message = f"{block.type} does not take the parameter {name}"
            yield block.finding("parameter-refused", "error", message, fix, "Parameters", name)
        elif name not in known:
            near = nearest(name, known)
            message = f"parameter {name} of {block.type} is {UNKNOWN}"
            rule = "near-miss" if near else "parameter-unknown"
            yield block.finding(rule, "warning", message, did_you_mean(near, allowed), "Parameters", name)
        elif (block.type, name) in UNDECIDED:
            message = f"parameter {name}: {UNDECIDED[block.type, name]}"
            yield block.finding("parameter-undecided", "warning", message, "Test the flow in AWS.", "Parameters", name)


def _empty(block: Block) -> Iterator[Finding]:
    """Empty texts: the service takes none as the value of a parameter."""
    for name, value in block.parameters.items():
        if value and isinstance(value, str):
            continue
        for path in empty_texts(value):
            rule = "id-empty" if _is_id(block, name, path) else "text-empty"
            required = _is_required(block, name, path)
            yield block.finding(
                rule,
                "error" if required else "warning",
                f"{'.'.join(map(str, (name, *path)))} is an empty text",
                "Write a value, or remove the parameter.",
                "Parameters",
                name,
                *path,
            )


def empty_texts(value: Any) -> Iterator[tuple[str | int, ...]]:
    """The places of empty texts in a value."""
    if value == "" and isinstance(value, str):
        yield ()
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in members:
        if not (one and isinstance(one, str)):
            for path in empty_texts(one):
                yield (name, *path)


def _is_id(block: Block, name: str, path: tuple[str | int, ...]) -> bool:
    """Whether a reference to a resource stands at a place."""
    dotted = name
    for part in path:
        dotted += "[]" if isinstance(part, int) else f".{part}"
    stars = f"{name}.*" if len(path) == 1 else ""
    return dotted in block.facts.references or stars in block.facts.references


def _is_required(block: Block, name: str, path: tuple[str | int, ...]) -> bool:
    parameter = block.facts.parameters.get(name)
    if parameter is None:
        return False
    if not path:
        return parameter.missing == "error"
    fields = parameter.facts.get("fields") or {}
    wanted = fields.get(path[0]) if len(path) == 1 else None
    attributes = block.type == "UpdateContactAttributes" and name == "Attributes"
    return attributes or (isinstance(wanted, str) and wanted.startswith("required"))


def _group(block: Block, group: Group) -> Iterator[Finding]:
    found = [name for name in group.keys if name in block.parameters]
    names = ", ".join(group.keys)
    if len(found) < group.least and group.too_few:
        message = f"{block.type} needs one of {names}"
        yield block.finding("parameter-group", group.too_few, message, f"Add one of {names}.", "Parameters")
    if len(found) > group.most and group.too_many:
        message = f"{block.type} takes only one of {names}, and has {', '.join(found)}"
        yield block.finding("parameter-group", group.too_many, message, "Keep one of them.", "Parameters", found[-1])
