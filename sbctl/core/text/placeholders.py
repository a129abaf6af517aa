"""Placeholders in the texts of steps of one's own: `${to}`, `${env:NAME}`, `${arn:aws:secretsmanager:${to}:…}`.

`$${` is a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

Sort = Literal["fact", "env", "secret", "unknown"]
FACTS = ("from", "to", "mode", "reason", "run", "project", "step", "drill")
"""What a move says of itself. `drill` is the drill's run, empty outside drills."""
_PLACE = re.compile(r"(\$\$\{)|\$\{((?:[^${}]|\$\{[a-z]+\})*)\}")
_SECRET = re.compile(r"^arn:(aws[a-z-]*):secretsmanager:([^:]+):([0-9]{12}):secret:([^:]+)((?::[^:]*){0,3})$")
"""A secret's ARN, and behind it, as in ECS: the key within its JSON, the version's stage, the version's id.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
"""
_ENV = re.compile(r"^env:[A-Za-z_][A-Za-z0-9_]*$")


def sort_of(inner: str) -> Sort:
    """What a placeholder asks for, by the text between its braces."""
    if inner in FACTS:
        return "fact"
    if _ENV.match(inner):
        return "env"
    return "secret" if _SECRET.match(inner) else "unknown"


def placeholders(text: str) -> Iterator[str]:
    """The text between the braces of each placeholder; those of ARNs hold `${to}` as it is written."""
    return (found[2] for found in _PLACE.finditer(text) if found[1] is None)


def filled(text: str, value: Callable[[str], str]) -> str:
    """The text with `value(inner)` in place of each placeholder, whose facts are filled in first."""
    return _PLACE.sub(lambda found: "${" if found[1] else value(filled(found[2], value)), text)


def texts_in(value: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every text of a JSON value, with its path; keys are no texts."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from texts_in(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from texts_in(one, (*path, number))


def filled_in(value: Any, fill: Callable[[str], str]) -> Any:
    """A JSON value with each of its texts filled."""
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, dict):
        return {name: filled_in(one, fill) for name, one in value.items()}
    return [filled_in(one, fill) for one in value] if isinstance(value, list) else value


def secret_arn(inner: str) -> tuple[str, str, str, str, str]:
    """A secret's ARN without what follows it, its region, JSON key, version stage and version id; "" for what is not named."""
    found = _SECRET.match(inner)
    assert found is not None
    key, stage, version = ([*found[5].split(":")[1:], "", "", ""])[:3]
    return f"arn:{found[1]}:secretsmanager:{found[2]}:{found[3]}:secret:{found[4]}", found[2], key, stage, version
