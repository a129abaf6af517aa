"""A contact flow as a file has it, before it is rendered for a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class FlowDocument:
    """A contact flow before it is rendered for a region.

    `content` is the flow language with placeholders in strings: `${queue:Sales}`, `${flow:AfterHours}`,
    `${module:Greeting}`, `${prompt:Hello}`, `${hours:24x7}`, `${lambda:customer_lookup}`, `${region}`,
    `${region-name}`; `$${` is the text `${`. A flow module is one of the type MODULE.
    """

    name: str
    type: str
    description: str
    content: Mapping[str, Any]
    at: str
    """The file it came from."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of a flow module: what goes in and out of it. Flows have none."""
    status: Literal["PUBLISHED", "SAVED"] = "PUBLISHED"
    """SAVED: a draft that no caller meets. AWS does not validate it. Modules are always published."""


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
