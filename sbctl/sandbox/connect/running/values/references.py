"""References to what a contact and its flow know: `$.Attributes.tier`, `$.Attributes['first name']`, `` `$.Lex.Slots.city` ``.

A value without a reference is left as it is; texts that hold one are read once, when the flow is.

https://docs.aws.amazon.com/connect/latest/adminguide/how-to-reference-attributes.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Key = str | int
Path = tuple[Key, ...]
Lookup = Callable[[Path], Any]
"""The value of a path; None where there is none."""

_QUOTED = r"""\.?\[\s*(?:'[^']*'|"[^"]*")\s*\]"""
_KEY = rf"\.[\w-]+(?::[\w-]+)*|{_QUOTED}|\[\d+\]"
_REFERENCE = re.compile(rf"\$(?:\.[A-Za-z_]\w*|{_QUOTED})(?:{_KEY})*")
_TOKEN = re.compile(_KEY)
_TICKED = re.compile(rf"`({_REFERENCE.pattern})`|({_REFERENCE.pattern})")
SINGLE = frozenset(
    {
        *("AwsRegion", "CallbackNumber", "Channel", "ContactId", "CustomerId", "Description", "InitialContactId"),
        *("InitiationMethod", "InstanceARN", "LanguageCode", "Name", "PreviousContactId", "RelatedContactId"),
        *("StoredCustomerInput", "TextToSpeechVoiceId"),
    }
)
"""Roots that are a value themselves: what follows one in a text is text."""
FLAT = frozenset({"Attributes", "FlowAttributes", "Tags"})
"""Roots whose names hold values and no further names."""


@dataclass(frozen=True)
class Whole:
    """A reference and nothing else: resolved it may be of any type."""

    path: Path


@dataclass(frozen=True)
class Text:
    """A text with references in it."""

    parts: tuple[str | Path, ...]


Compiled = Any
"""A value in which each text with a reference is a `Whole` or a `Text`."""


def compiled(value: Any) -> tuple[Compiled, bool]:
    """A value of a document ready to be resolved, and whether there is a reference in it."""
    if isinstance(value, str):
        return _text(value) if "$" in value else (value, False)
    if isinstance(value, Mapping):
        pairs = {key: compiled(one) for key, one in value.items()}
        return {key: one for key, (one, _) in pairs.items()}, any(refers for _, refers in pairs.values())
    if isinstance(value, list):
        rows = [compiled(one) for one in value]
        return [one for one, _ in rows], any(refers for _, refers in rows)
    return value, False


def _text(value: str) -> tuple[Compiled, bool]:
    bare = value[1:-1] if len(value) > 2 and value[0] == value[-1] == "`" else value
    if _REFERENCE.fullmatch(bare):
        return Whole(path(bare)), True
    parts: list[str | Path] = []
    end = 0
    for match in _TICKED.finditer(value):
        whole, begin = (match[1], match.start(1)) if match[1] else (match[2], match.start(2))
        keys, length = _cut(whole)
        last = match.end() if match[1] else begin + length
        parts += [value[end : match.start()], keys]
        end = last
    return (Text((*parts, value[end:])), True) if parts else (value, False)


def _cut(reference: str) -> tuple[Path, int]:
    """The path of a reference within a text, and how much of the text it is: "$.Channel.com" is a channel and ".com"."""
    keys: list[Key] = []
    length = 1
    for token in _TOKEN.finditer(reference, 1):
        depth = 1 if keys and keys[0] in SINGLE else 2 if keys and keys[0] in FLAT else len(keys) + 1
        if len(keys) >= depth:
            break
        keys.append(_key(token[0]))
        length = token.end()
    return tuple(keys), length


def path(reference: str) -> Path:
    """The keys of a reference."""
    return tuple(_key(token[0]) for token in _TOKEN.finditer(reference, 1))


def _key(token: str) -> Key:
    inner = token.removeprefix(".")
    if not inner.startswith("["):
        return inner
    inner = inner[1:-1].strip()
    return int(inner) if inner.isdigit() else inner[1:-1]


def resolved(value: Compiled, lookup: Lookup) -> Any:
    """A compiled value with what its references stand for; of one that stands for nothing, an empty text."""
    if isinstance(value, Whole):
        found = lookup(value.path)
        return "" if found is None else found
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else text(lookup(part)) for part in value.parts)
    if isinstance(value, dict):
        return {key: resolved(one, lookup) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, lookup) for one in value]
    return value


def walked(value: Any, keys: Path) -> Any:
    """What stands at these keys below a value; None where there is nothing."""
    for key in keys:
        if isinstance(value, Mapping):
            value = value.get(str(key))
        elif isinstance(value, list):
            number = int(key) if isinstance(key, int) or key.isdigit() else -1
            value = value[number] if 0 <= number < len(value) else None
        else:
            return None
    return value


def text(value: Any) -> str:
    """A value as it stands in a text or is compared: JSON of what is no text, nothing for nothing."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
