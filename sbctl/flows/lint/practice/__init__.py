"""Practice rules: what runs, and is likely a slip."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.core.project import FlowDocument
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.rule import Rule

RULES: tuple[Rule, ...] = ()
"""The rules of this folder."""


def practice_findings(document: FlowDocument, around: Around) -> Iterator[Finding]:  # noqa: ARG001
    """What the practice rules find on a flow whose content has the form of a flow."""
    yield from ()
