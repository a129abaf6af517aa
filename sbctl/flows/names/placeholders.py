"""Named placeholders in flow texts: `${queue:Sales}` and the like, and the kinds of resources they stand for.

A text that only looks like one has another `$` before it: `$${region}` is the text `${region}`, and `$$${` is `$${`. In a name,
`}` is written `\\}`, and a backslash before `}`, before another one or at the end is written twice.
"""

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
ID = "-id"
"""Behind a kind it is the id alone: `${queue-id:Sales}`, for what compares or stores ids. A function has none."""
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


def meant(kind: str) -> tuple[str, str]:
    """The kind of `KINDS` that a placeholder's word is of, and the output that stands in its place; ("", "") for no such word."""
    of = kind.removesuffix(ID)
    if of == kind:
        return (kind, KINDS[kind][1]) if kind in KINDS else ("", "")
    return (of, "id") if of in KINDS and of != "lambda" else ("", "")


def of_id(word: str) -> str:
    """A placeholder for the id alone of what `word` stands for, with what is behind it; any other text stays."""
    found = PATTERN.match(word)
    kind = found.group(1) if found else ""
    return f"${{{kind}{ID}{word[len(kind) + 2 :]}" if meant(kind + ID)[0] else word


def placeholder(kind: str, name: str) -> str:
    """What stands for a resource of this name: `${queue:Sales}`."""
    written = re.sub(r"\\(?=[\\}]|\Z)|\}", lambda found: f"\\{found[0]}", name)
    return f"${{{kind}:{written}}}"


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
            kind = meant(found.group(1))[0] or found.group(1)
            yield Placeholder(kind, plain_name(found.group(2) or ""), action)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
