"""What of a linter's findings stops a run: its errors, as problems. Its warnings are one note, a line for each flow and rule."""

from __future__ import annotations

from collections.abc import Iterable

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Exit, Problem
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.flows.lint.lint import called, lint_document

SHOWN = 10
"""Lines of a note; the linter tells all."""


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


def note_of(found: Iterable[Diagnostic]) -> list[Problem]:
    """The warnings of a project's flows as one note, a line for each flow and rule; none without warnings."""
    rules: dict[tuple[str, str, str], list[Diagnostic]] = {}
    for one in found:
        if one.level == "warning":
            rules.setdefault((one.file, one.flow, one.rule), []).append(one)
    groups = [*rules.values()]
    if not groups:
        return []
    lines = [_line(rows) for rows in groups[:SHOWN]]
    if len(groups) > SHOWN:
        lines.append(f"and {len(groups) - SHOWN} more")
    fix = "See each with its remedy: sbctl flow lint"
    return [
        Problem(
            code="flow-warnings",
            summary="Flows have warnings",
            detail="\n".join(lines),
            at=groups[0][0].at,
            fix=fix,
            exit=Exit.DONE,
        )
    ]


def _line(rows: list[Diagnostic]) -> str:
    first, count = rows[0], len(rows)
    return f"{first.flow}: {first.rule}{f' ({count})' if count > 1 else ''}, {first.at}"


def _problem(flow: str, block: str, message: str, fix: str, at: str) -> Problem:
    return Problem(
        code="flow-invalid",
        summary="A flow would be refused by Connect",
        detail=f"{flow}, " + (f"block {block}: {message}" if block else message),
        at=at,
        fix=fix,
        exit=Exit.USAGE,
    )
