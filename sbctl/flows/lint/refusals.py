"""What of a linter's findings stops a run: its errors, as problems. Its warnings are notes, a line for each flow and rule."""

from __future__ import annotations

from collections.abc import Iterable

from sbctl.core.problem import Exit, Problem
from sbctl.core.project import FlowDocument
from sbctl.core.text.counted import counted
from sbctl.flows.lint.lint import Diagnostic, called, lint_document


def refusals(document: FlowDocument) -> list[Problem]:
    """The errors of a document that comes from no file."""
    return [
        _problem(called(document), one.block, one.message, one.fix, document.at)
        for one in lint_document(document)
        if one.level == "error"
    ]


def problems_of(found: Iterable[Diagnostic], flow: FlowDocument) -> list[Problem]:
    """The errors among a flow's diagnostics, each with its place and remedy."""
    return [_problem(called(flow), one.block, one.message, one.fix, one.at) for one in found if one.level == "error"]


def notes_of(found: Iterable[Diagnostic], flow: FlowDocument) -> list[Problem]:
    """The warnings among a flow's diagnostics: the first of each rule, with how many there are."""
    rules: dict[str, list[Diagnostic]] = {}
    for one in found:
        if one.level == "warning":
            rules.setdefault(one.rule, []).append(one)
    return [_note(called(flow), rows) for rows in rules.values()]


def _note(flow: str, rows: list[Diagnostic]) -> Problem:
    first = rows[0]
    more = f" ({counted(len(rows), 'finding')} of {first.rule})" if len(rows) > 1 else ""
    block = f", block {first.block}" if first.block else ""
    return Problem(
        code=f"flow-{first.rule}",
        summary="A flow has a warning",
        detail=f"{flow}{block}: {first.message}{more}",
        at=first.at,
        fix=first.fix,
        exit=Exit.DONE,
    )


def _problem(flow: str, block: str, message: str, fix: str, at: str) -> Problem:
    return Problem(
        code="flow-invalid",
        summary="A flow would be refused by Connect",
        detail=f"{flow}, " + (f"block {block}: {message}" if block else message),
        at=at,
        fix=fix,
        exit=Exit.USAGE,
    )
