"""What a lint rule finds on one flow: a rule's name, a level, a place in the content, and a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sbctl.files.positions import JsonPath


@dataclass(frozen=True)
class Finding:
    """One finding. An error would be refused by the service, or the document cannot be a flow; a warning is AWS's to decide."""

    rule: str
    """Its name, by which it can be excused: `menu-key-missing`."""
    level: Literal["error", "warning"]
    block: str
    """Identifier of the action; "" for the flow as a whole."""
    path: JsonPath
    """Where it stands in the flow's content: ("Actions", 3, "Parameters", "Text")."""
    message: str
    fix: str
    page: str = ""
    """URL of the AWS page that the rule comes from, where one says it."""
