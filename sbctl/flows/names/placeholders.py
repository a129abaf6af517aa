"""Named placeholders in flow texts: `${queue:Sales}` and the like, and the kinds of resources they stand for.

A text that only looks like one has another `$` before it: `$${region}` is the text `${region}`, and `$$${` is `$${`. In a name,
`}` is written `\\}`, and a backslash before `}`, before another one or at the end is written twice.

`${queue:Sales}` is the ARN and `${queue-id:Sales}` the id. Where Connect takes an id it takes the ARN too; in an attribute and in
a condition the two are different texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
BY_ID: Mapping[str, str] = {f"{kind}-id": kind for kind in KINDS if kind != "lambda"}
"""Word of a placeholder that is the id alone → its kind. A function has no id beside its ARN."""
REGION_WORDS = ("region", "region-name")
PATTERN = re.compile(r"(?<!\$)\$\{([a-z-]+)(?::((?:[^}\\]|\\.)*))?\}", re.DOTALL)
"""A placeholder: its kind, and its name as it is written, which `plain_name` reads."""
_ESCAPED = re.compile(r"\$(\$+\{)")
_LIKE_ONE = re.compile(r"(?<!\$)\$(?=\$+\{|\{(?:[a-z-]+[:}]|[a-z-]*\Z))")
"""What is a placeholder, or becomes one by what is put behind the text."""
_IN_NAME = re.compile(r"\\([\\}])")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder and the action that it stands in, "" outside of actions. `${region}` and `${region-name}` have no name."""

    kind: str
    name: str
    action: str
    by_id: bool = field(default=False, compare=False)
    """It is the id of the resource, and not its ARN."""

    @property
    def text(self) -> str:
        """As it is written."""
        word = f"{self.kind}-id" if self.by_id else self.kind
        return placeholder(word, self.name) if self.name else f"${{{word}}}"


def placeholders(content: Mapping[str, Any]) -> Iterator[Placeholder]:
    """Every placeholder of a flow's content: action by action, and then those of what people alone look at."""
    actions = content.get("Actions")
    for action in actions if isinstance(actions, list | tuple) else ():
        identifier = str(action.get("Identifier", "")) if isinstance(action, Mapping) else ""
        yield from _within(action, identifier)
    yield from _within({key: value for key, value in content.items() if key != "Actions"}, "")


def in_texts(content: Mapping[str, Any]) -> Iterator[Placeholder]:
    """Those that stand inside of longer texts, which people may hear: what is a value or an ARN of its own is meant as such."""
    for used in placeholders({**content, "Actions": _only_texts(content.get("Actions") or [])}):
        if used.action:
            yield used


def _only_texts(value: Any) -> Any:
    """A value without the texts that are a placeholder or an ARN."""
    if isinstance(value, str):
        return "" if PATTERN.fullmatch(value) or value.startswith("arn:") else value
    if isinstance(value, Mapping):
        return {key: _only_texts(item) for key, item in value.items()}
    return [_only_texts(item) for item in value] if isinstance(value, list) else value


def placeholder(kind: str, name: str) -> str:
    """What stands for a resource of this name: `${queue:Sales}`."""
    written = re.sub(r"\\(?=[\\}]|\Z)|\}", lambda found: f"\\{found[0]}", name)
    return f"${{{kind}:{written}}}"


def of_the_id(text: str) -> str:
    """The placeholder of the id where a text begins with one of the ARN, with what is behind it; any other text as it is."""
    found = PATTERN.match(text)
    if found is None or not found[2] or f"{found[1]}-id" not in BY_ID:
        return text
    return f"${{{found[1]}-id:{found[2]}}}{text[found.end() :]}"


def plain_name(written: str) -> str:
    """The name that is written in a placeholder."""
    return _IN_NAME.sub(r"\1", written)


def escaped(text: str) -> str:
    """A text as a document says it: nothing in it is taken for a placeholder."""
    return _LIKE_ONE.sub("$$", text) if "${" in text else text


def unescaped(text: str) -> str:
    """What a text without placeholders says."""
    return _ESCAPED.sub(r"\1", text) if "$${" in text else text


def _within(value: Any, action: str) -> Iterator[Placeholder]:
    for text in _texts(value):
        for found in PATTERN.finditer(text):
            word = found.group(1)
            yield Placeholder(BY_ID.get(word, word), plain_name(found.group(2) or ""), action, by_id=word in BY_ID)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
