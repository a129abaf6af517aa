"""Check a flow by Connect's own rules before any call, and report everything at once (connect-api 7 and 8)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.problem import Exit, Problem
from sbctl.core.project import FlowDocument
from sbctl.flows.language import rules
from sbctl.flows.lint.action import action_findings
from sbctl.flows.names.placeholders import KINDS, REGION_WORDS, placeholders

Finding = tuple[str, str, str]
"""(identifier of the action or "", what is wrong, what to do)"""


def lint_flow(document: FlowDocument) -> list[Problem]:
    """Every finding on a flow, each with its place and remedy. Placeholders count as valid values."""
    found = list(_document(document.content, document.type))
    return [
        Problem(
            code="flow-invalid",
            summary="A flow would be refused by Connect",
            detail=f"{called(document)}, " + (f"block {where}: {what}" if where else what),
            at=document.at,
            fix=remedy,
            exit=Exit.USAGE,
        )
        for where, what, remedy in found
    ]


def called(document: FlowDocument) -> str:
    """A flow or module as problems name it."""
    return f"{'module' if document.type == rules.MODULE else 'flow'} {document.name}"


def _document(content: Mapping[str, Any], flow_type: str) -> Iterator[Finding]:
    if flow_type not in {*rules.ALL, rules.MODULE, "CAMPAIGN"}:
        yield "", f"{flow_type} is not a flow type", f"Use one of {', '.join(sorted(rules.ALL))}."
    if content.get("Version") != "2019-10-30":
        yield "", f"Version is {content.get('Version')!r}", 'Set "Version": "2019-10-30".'
    actions = content.get("Actions")
    if not isinstance(actions, list) or not actions:
        yield "", "it has no actions", "Add at least one action, such as DisconnectParticipant."
        return
    yield from _sizes(content, actions)
    yield from _identifiers(content, actions)
    names = {str(action.get("Identifier")) for action in actions}
    for action in actions:
        for what, remedy in action_findings(action, names, flow_type):
            yield str(action.get("Identifier")), what, remedy
    yield from _references(content)


def _sizes(content: Mapping[str, Any], actions: list[Any]) -> Iterator[Finding]:
    if len(actions) > rules.MAX_ACTIONS:
        yield (
            "",
            f"it has {len(actions)} actions, at most {rules.MAX_ACTIONS} are allowed",
            "Split it into several flows.",
        )
    size = len(json.dumps(content, default=str))
    if size > rules.MAX_CHARACTERS:
        yield (
            "",
            f"it has {size} characters, at most {rules.MAX_CHARACTERS} are allowed",
            "Split it into several flows.",
        )


def _identifiers(content: Mapping[str, Any], actions: list[Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for action in actions:
        name = str(action.get("Identifier", ""))
        bad = sorted(rules.FORBIDDEN_IN_IDENTIFIER & set(name))
        if not name or len(name) > rules.MAX_IDENTIFIER or bad or name in rules.FORBIDDEN_IDENTIFIERS:
            yield (
                name,
                "its identifier is not allowed",
                f"Use 1 to {rules.MAX_IDENTIFIER} characters without % : ( \\ / ) = $ , ; [ ] {{ }}.",
            )
        if name in seen:
            yield name, "two actions have this identifier", "Give each action its own."
        seen.add(name)
    start = content.get("StartAction")
    if start not in seen:
        yield "", f"StartAction {start!r} does not exist", "Name the first action."


def _references(content: Mapping[str, Any]) -> Iterator[Finding]:
    for found in placeholders(content):
        if found.kind not in KINDS and found.kind not in REGION_WORDS:
            yield (
                found.action,
                f"${{{found.kind}}} is not a placeholder",
                f"Known are {', '.join([*KINDS, *REGION_WORDS])}.",
            )
        elif found.kind in KINDS and not found.name:
            yield found.action, f"${{{found.kind}}} names nothing", f"Write ${{{found.kind}:NAME}}."
    for action in content.get("Actions", []):
        if ":instance/" in json.dumps(action.get("Parameters", {}), default=str):
            yield (
                str(action.get("Identifier")),
                "it holds the ARN of one instance, so it could serve one region only",
                "Use a placeholder such as ${queue:NAME} or ${flow:NAME}.",
            )
