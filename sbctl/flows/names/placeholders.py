"""Named placeholders in flow texts: `${queue:Sales}` and the like, and the kinds of resources they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KINDS: Mapping[str, tuple[str, str]] = {
    "queue": ("connect_queue", "arn"),
    "flow": ("connect_flow", "arn"),
    "hours": ("connect_hours", "arn"),
    "lambda": ("lambda_function", "arn"),
    "prompt": ("connect_prompt", "arn"),
    "module": ("connect_flow_module", "arn"),
}
"""Placeholder kind → (resource kind, output)."""
REGION_WORDS = ("region", "region-name")
PATTERN = re.compile(r"\$\{([a-z-]+)(?::([^}]*))?\}")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder and the action that it stands in. `name` is empty for `${region}` and `${region-name}`."""

    kind: str
    name: str
    action: str


def placeholders(content: Mapping[str, Any]) -> Iterator[Placeholder]:
    """Every placeholder of a flow's content, in order, action by action."""
    for action in content.get("Actions", ()):
        identifier = str(action.get("Identifier", "")) if isinstance(action, Mapping) else ""
        for text in _texts(action):
            for found in PATTERN.finditer(text):
                yield Placeholder(found.group(1), found.group(2) or "", identifier)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
