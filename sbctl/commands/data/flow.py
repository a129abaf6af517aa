"""What the commands of contact flows tell."""

from __future__ import annotations

from typing import Any, Literal

from sbctl.failover.data.told import Told


class DiagnosticTold(Told):
    """A finding. `at` is file:line:column; `page` the URL of the AWS page that the rule comes from, or ""."""

    rule: str
    level: Literal["error", "warning"]
    flow: str
    block: str
    at: str
    message: str
    page: str
    fix: str


class FileTold(Told):
    """A flow that was checked. `type_from`: where its type is from; `note` says what is guessed."""

    file: str
    flow: str
    type: str
    type_from: Literal["stated", "place", "metadata", "guessed"]
    status: Literal["PUBLISHED", "SAVED"]
    note: str


class Linted(Told):
    """`flow lint`: the flows that were checked, and what was found, errors first."""

    flows: tuple[str, ...]
    findings: int
    errors: int
    warnings: int
    files: tuple[FileTold, ...]
    diagnostics: tuple[DiagnosticTold, ...]


class Rendered(Told):
    """`flow render`."""

    flow: str
    region: str
    content: dict[str, Any]


class Drawn(Told):
    """`flow render --draw`: `[indent, text]` a line."""

    flow: str
    lines: tuple[tuple[int, str], ...]
