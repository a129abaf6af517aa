"""A lint rule as people see it: in the reference, in SARIF, and as a name to ignore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """A rule. `what` says what it reports; `page` is the URL of the AWS page that it comes from, "" where none says it."""

    name: str
    level: Literal["error", "warning", "error or warning"]
    """The highest level at which it reports: by the fact that it is about, or by the status of the flow."""
    what: str
    page: str = ""
