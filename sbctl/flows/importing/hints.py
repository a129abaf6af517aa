"""The names that the console keeps beside ids, in the metadata of an export: for display there, and all that is known elsewhere.

Its keys have old names, and ids of a former copy survive in them: a name counts where its id is that of the block, or absent.
https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-import-export.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.flows.names.references import Reference

BY_KIND: Mapping[str, tuple[str, ...]] = {
    "queue": ("queue", "Queue"),
    "hours": ("Hours", "hours"),
    "flow": ("ContactFlow", "contactFlow"),
    "module": ("contactFlowModuleName", "contactFlowModule"),
    "prompt": ("promptName", "audio"),
    "lex": ("lexV2BotName", "botName"),
    "view": ("viewName", "view"),
    "user": ("agent",),
}
"""What an id is of → the keys that hold its name."""
_FUNCTION = re.compile(r"function:([A-Za-z0-9_-]+)(?::([A-Za-z0-9_$-]+))?$")


def name_of(content: Mapping[str, Any], reference: Reference) -> str:
    """The name that an export gives for an id; "" where it gives none."""
    if reference.kind == "lambda":
        return function_of(reference)[0]
    metadata = _member(_member(content.get("Metadata"), "ActionMetadata"), reference.block)
    return next(_names(metadata, reference), "")


def function_of(reference: Reference) -> tuple[str, str]:
    """(name of a function, version or alias) of its ARN; ("", "") for what is none."""
    found = _FUNCTION.search(reference.value)
    return (found[1], found[2] or "") if found else ("", "")


def _names(metadata: Any, reference: Reference) -> Iterator[str]:
    inside = reference.path[3:]
    shown = _member(metadata, "parameters")
    for part in inside:
        shown = _member(shown, str(part)) if isinstance(part, str) else shown
    yield from _text(_member(shown, "displayName"))
    for key in BY_KIND.get(reference.kind, ()):
        found = _member(metadata, key)
        yield from _text(found)
        if isinstance(found, Mapping) and _is_of(found.get("id"), reference):
            yield from _text(found.get("text"))


def _is_of(identity: Any, reference: Reference) -> bool:
    """Whether a name's id is the reference's: an ARN and its id are the same."""
    return not isinstance(identity, str) or not identity or identity.rpartition("/")[2].startswith(reference.id)


def _text(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value.strip()


def _member(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
