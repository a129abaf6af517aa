"""What was said of a contact centre: the config's sections, files, what was left out, and what one has to know of the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


class Fetch(Protocol):
    """What AWS hands out by signed addresses. Each raises NotSayable when there is nothing to be had."""

    def audio(self, prompt: str) -> bytes:
        """The audio of a prompt, by its id."""

    def package(self, function: str) -> bytes:
        """The zip of a function, by its name."""


@dataclass(frozen=True)
class LeftOut:
    """What stays as it is in AWS, unknown to the config, and why; or what is to be known of something."""

    kind: str
    name: str
    why: str


@dataclass(frozen=True)
class Unresolved:
    """An id or ARN in a flow that nothing stands for; `at` is its place in the content."""

    flow: str
    block: str
    at: str
    value: str
    kind: str
    """What it is of; "" where nothing says it."""


@dataclass
class Worded:
    """Sections of regions.json, files by their path in the project, and what was left out."""

    sections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    """Flows, audio and code as bytes."""
    left: list[LeftOut] = field(default_factory=list)
    notes: list[LeftOut] = field(default_factory=list)
    """What was taken over, and how it would not work in another region."""
    unresolved: list[Unresolved] = field(default_factory=list)
    """Ids and ARNs in flows that mean something in one region only."""
