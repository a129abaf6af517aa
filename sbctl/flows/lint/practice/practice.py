"""What the rules of practice find on one flow."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.core.project import FlowDocument
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.practice.rules import RULES
from sbctl.flows.lint.practice.subject import Subject


def practice_findings(document: FlowDocument, around: Around) -> Iterator[Finding]:
    """Every finding on a flow, rule by rule. Content of any shape is taken: what is no action is passed over."""
    subject = Subject(document, around)
    for rule in RULES:
        for one in rule.find(subject):
            yield Finding(rule.name, one.level, one.block, one.path, one.message, one.fix, rule.page)
