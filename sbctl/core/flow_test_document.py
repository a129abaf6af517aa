"""A test of a flow as the project's files say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class FlowTestDocument:
    """A test of a flow before it is rendered for a region.

    `content` is the test language of Amazon Connect, with the placeholders of flows in its strings. The call begins in the flow
    named `flow`, or in that of the number `called`, "" where the flow says it.
    """

    name: str
    description: str
    content: Mapping[str, Any]
    at: str
    """The file it came from."""
    flow: str = ""
    channel: Literal["VOICE", "CHAT"] = "VOICE"
    caller: str = ""
    called: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """The contact's attributes from the beginning."""
