"""A finding as people and programs get it: with its flow, and its place in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Diagnostic:
    """A finding as people see it. `at` is file:line:column; `page` the URL of the AWS page that the rule comes from."""

    rule: str
    level: Literal["error", "warning"]
    flow: str
    block: str
    at: str
    message: str
    page: str
    fix: str
    file: str = ""
    line: int = 0
    column: int = 0
