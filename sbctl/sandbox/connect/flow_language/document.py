"""Why the service would not publish content: everything at once, in its own words.

https://docs.aws.amazon.com/connect/latest/APIReference/flow-language.html
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.flow_language.accepted import Accepted, actions, no_types
from sbctl.sandbox.connect.flow_language.contract import Contract, at_call, inside
from sbctl.sandbox.connect.flow_language.forms import forms
from sbctl.sandbox.connect.flow_language.parameters import parameters
from sbctl.sandbox.connect.flow_language.reading import Step, read
from sbctl.sandbox.connect.flow_language.references import references
from sbctl.sandbox.connect.flow_language.saying import Said, missing, unknown_type, wrong
from sbctl.sandbox.connect.flow_language.transitions import operands, targets, transitions
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.documents import read_document

LOG = logging.getLogger("sbctl.sandbox")
VERSION = "2019-10-30"
LARGEST = 256_000
"""Characters."""
MOST_ACTIONS = 250
LONGEST_NAME = 50
FORBIDDEN = frozenset("%:(\\/)=$,;[]{}")
FORBIDDEN_NAMES = frozenset(
    {
        *("__proto__", "__defineGetter__", "__defineSetter__", "constructor", "hasOwnProperty", "isPrototypeOf"),
        *("propertyIsEnumerable", "toLocaleString", "toString", "valueOf"),
    }
)
"""Of identifiers."""
UNCHECKED = "CAMPAIGN"
"""A type of flows that have other actions, of which nothing is known here."""
NO_JSON = "Invalid JSON"


@dataclass(frozen=True)
class Published:
    """What content is published as. `own` is the contract of a module; a flow, which has a `type`, has none."""

    name: str
    instance: Instance
    type: str = ""
    own: Contract | None = None


def problems(content: str, published: Published) -> list[str]:
    """Everything for which content cannot be published; empty where it can. What AWS may refuse as well goes to the log."""
    try:
        tree = read_document(content)
    except ValueError:
        return [NO_JSON]
    said = list(_document(content, tree, published))
    doubts = list(dict.fromkeys(one.text for one in said if not one.refused))
    if doubts:
        LOG.info("flow %r: taken here, AWS may refuse it: %r", published.name, "; ".join(doubts))
    return [one.text for one in said if one.refused]


def is_json(content: str) -> bool:
    """What a draft must be, and nothing else."""
    try:
        read_document(content)
    except ValueError:
        return False
    return True


def _document(content: str, tree: Any, published: Published) -> Iterable[Said]:
    if not isinstance(tree, dict):
        return [Said(NO_JSON)]
    if published.type == UNCHECKED:
        return []
    found = tree.get("Actions")
    if not isinstance(found, list) or not found:
        return [Said("Flow is missing required property. Path: Actions")]
    if len(content) > LARGEST or len(found) > MOST_ACTIONS:
        return [Said("Flow exceeds the maximum size")]
    return _flow(tree, found, published)


def _flow(tree: Mapping[str, Any], found: list[Any], published: Published) -> Iterator[Said]:
    if tree.get("Version") != VERSION:
        yield Said("Invalid flow property value. Path: Version")
    given = [action.get("Identifier") for action in found if isinstance(action, Mapping)]
    names = frozenset(name for name in given if isinstance(name, str))
    start = tree.get("StartAction")
    if not isinstance(start, str) or start not in names:
        yield Said("Invalid flow property value. Path: StartAction")
    often = Counter(name for name in given if isinstance(name, str))
    if any(count > 1 for count in often.values()):
        yield Said("Duplicate action identifiers")
    for number, action in enumerate(found):
        yield from _identifier(number, action)
        step, said = read(number, action)
        yield from said
        if step is not None:
            yield from _step(step, names, published)


def _identifier(number: int, action: Any) -> Iterator[Said]:
    if not isinstance(action, Mapping):
        return
    name = action.get("Identifier")
    if not isinstance(name, str) or not name:
        yield Said(missing(number, "Identifier"))
    elif len(name) > LONGEST_NAME or set(name) & FORBIDDEN or name in FORBIDDEN_NAMES:
        yield Said(wrong(number, "Identifier"))


def _step(step: Step, names: frozenset[str], published: Published) -> Iterator[Said]:
    yield from targets(step, names)
    yield from operands(step)
    accepted = actions().get(step.kind)
    if accepted is None:
        yield from _unknown(step)
        return
    if _is_elsewhere(accepted, published):
        yield Said(unknown_type(step.number, step.kind))
    yield from parameters(step, accepted)
    yield from references(step, accepted, published.instance)
    yield from transitions(step, accepted)
    yield from forms(step, published.type)
    yield from inside(step, published.own)
    yield from at_call(step, published.instance)


def _unknown(step: Step) -> Iterator[Said]:
    """The service says it twice. A type that is not known here may be one that AWS has added."""
    refused = step.kind in no_types()
    yield from [Said(unknown_type(step.number, step.kind), refused)] * 2


def _is_elsewhere(accepted: Accepted, published: Published) -> bool:
    """Whether a type of action was seen refused in flows of this type."""
    return published.type in accepted.never_in or (accepted.modules_only and published.own is None)
