"""References in the texts of a flow: `$.Attributes.name`, `$.Attributes['a key']`, `$['Attributes']['Language']`.

https://docs.aws.amazon.com/connect/latest/adminguide/how-to-reference-attributes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from sbctl.files.positions import JsonPath
from sbctl.flows.language.graph import MAPPINGS, SEQUENCES, Block

_KEY = r"\.?\[(?:'[^']*'|\"[^\"]*\"|\d+)\]|\.\w(?:[\w-]*\w)?"
_REFERENCE = re.compile(rf"\$(?:\.([A-Za-z]\w*)|\['([^'\]]+)'\])((?:{_KEY})*)")
_EACH_KEY = re.compile(r"\[(?:'([^']*)'|\"([^\"]*)\"|(\d+))\]|\.(\w(?:[\w-]*\w)?)")


class Reference(NamedTuple):
    """A reference in a text: `$.Lex.Slots.City` has the root Lex and the keys Slots, City."""

    root: str
    keys: tuple[str, ...]
    text: str
    whole: bool
    """It is all of the text, and not a part of it."""


def references(text: str) -> tuple[Reference, ...]:
    """Every reference of a text."""
    return _references(text) if "$" in text else ()


@lru_cache(maxsize=1024)
def _references(text: str) -> tuple[Reference, ...]:
    whole = text.strip(" `")
    return tuple(
        Reference(found[1] or found[2], _keys(found[3]), found[0], found[0] == whole)
        for found in _REFERENCE.finditer(text)
    )


def _keys(text: str) -> tuple[str, ...]:
    return tuple(next(part for part in one.groups() if part is not None) for one in _EACH_KEY.finditer(text))


def only_reference(text: str) -> Reference | None:
    """The reference that is all of a text; None for another text."""
    found = references(text)
    return found[0] if len(found) == 1 and found[0].whole else None


def texts(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    """Every text inside of a value, with its place. A key of an object is none."""
    waiting: list[tuple[JsonPath, Any]] = [(path, value)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, str):
            yield place, one
        elif isinstance(one, MAPPINGS):
            waiting.extend([((*place, str(key)), item) for key, item in one.items()][::-1])
        elif isinstance(one, SEQUENCES):
            waiting.extend([((*place, number), item) for number, item in enumerate(one)][::-1])


def block_texts(block: Block) -> list[tuple[JsonPath, str]]:
    """Every text of a block that AWS reads: those of its parameters, and the operands of its conditions."""
    path = block.at()
    found: list[tuple[JsonPath, str]] = []
    for name, value in block.parameters.items():
        if isinstance(value, str):
            found.append(((*path, str(name)), value))
        else:
            found += texts(value, (*path, str(name)))
    for branch in block.conditions:
        for number, operand in enumerate(branch.operands):
            found += texts(operand, (*branch.path, "Condition", "Operands", number))
    return found
