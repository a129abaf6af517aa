"""Flows that AWS runs and the linter refuses: taken over all the same, with the rules that their items then ignore."""

from __future__ import annotations

from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.lint import lint_document
from sbctl.flows.lint.rules import NEVER_IGNORED

REASON = "It is as it was adopted: AWS runs it."


def unworkable(document: FlowDocument) -> str:
    """Why sbctl cannot work with a flow; "" where it can."""
    return next((one.message for one in _errors(document) if one.rule in NEVER_IGNORED), "")


def refused_by(document: FlowDocument) -> list[str]:
    """The lint rules that a flow breaks, although AWS has it."""
    return sorted({one.rule for one in _errors(document)})


def excuse(rules: list[str]) -> dict[str, Any]:
    """What the flow's item says of the linter."""
    return {"ignore": [{"rule": rule, "reason": REASON} for rule in rules]}


def _errors(document: FlowDocument) -> list[Finding]:
    around = Around(is_draft=document.status == "SAVED", has_placeholders=True)
    return [one for one in lint_document(document, around) if one.level == "error"]
