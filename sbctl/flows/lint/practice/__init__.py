"""Practice rules: what runs, and is likely a slip."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.practice.rules import PRACTICE
from sbctl.flows.lint.practice.subject import Subject
from sbctl.flows.lint.rule import Rule

RULES: tuple[Rule, ...] = tuple(one.rule for one in PRACTICE)
"""The rules of this folder."""


def practice_findings(document: FlowDocument, around: Around) -> Iterator[Finding]:
    """What the practice rules find on a flow, rule by rule. Content of any form is taken: what is no action is passed over."""
    subject = Subject(document, around)
    for one in PRACTICE:
        for seen in one.find(subject):
            yield Finding(one.rule.name, seen.level, seen.block, seen.path, seen.message, seen.fix, one.rule.page)
