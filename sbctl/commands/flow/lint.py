"""`sbctl flow lint`: check flows before they are deployed. Calls nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.flow.lint_targets import Looked, looked_at
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.core.text.counted import counted
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.flows.lint.rules import NEVER_IGNORED, rules
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.ui.flow_views import FlowsLinted

EPILOG = epilog_of(
    """
    sbctl flow lint                          all flows of the project
    sbctl flow lint SalesInbound
    sbctl flow lint exports/ other.json --ignore id-bare
    sbctl flow lint -o sarif > flows.sarif
    """,
    "0 no errors, 2 errors (with --strict also for warnings), or a file that cannot be read",
)


@click.command("lint", epilog=EPILOG)
@click.argument("targets", nargs=-1, metavar="[PATH|NAME]...", shell_complete=completions.flows)
@click.option("--ignore", "ignored", multiple=True, metavar="RULE", help="Rule to ignore. Repeatable.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@command("flow lint", ("sarif", "github"))
def lint(app: App, targets: tuple[str, ...], ignored: tuple[str, ...], strict: bool) -> Report:
    """Check flows and modules by Connect's rules. Calls nothing.

    Takes names of the project's flows, files, folders, patterns, and - for standard input: console exports, the output of
    describe-contact-flow, CloudFormation, and Python files with FlowBuilder. Without arguments, all flows of the project.
    """
    unknown = [_unknown(rule) for rule in ignored if rule not in rules() or rule in NEVER_IGNORED]
    if unknown:
        return Report(command="flow lint", problems=tuple(unknown))
    found = looked_at(app, targets)
    kept = [one for one in found.diagnostics if one.rule not in ignored]
    told = [replace(one, level="error") for one in kept] if strict else kept
    diagnostics = tuple(sorted(told, key=lambda one: (one.level, one.file, one.line, one.column)))
    guessed = sum(1 for file in found.files if file.type_from == "guessed")
    return Report(
        command="flow lint",
        data=_data(found, diagnostics),
        problems=(*found.problems, *_sum(diagnostics, strict=strict)),
        view=FlowsLinted(diagnostics, len(found.files), guessed),
    )


def _data(found: Looked, diagnostics: tuple[Diagnostic, ...]) -> dict[str, Any]:
    """What JSON tells: `Linted` of commands/data/flow.py, whose models a lint of many files does not wait for."""
    return {
        "flows": [file.document.name for file in found.files],
        "findings": len(diagnostics),
        "errors": sum(1 for one in diagnostics if one.level == "error"),
        "warnings": sum(1 for one in diagnostics if one.level == "warning"),
        "files": [_file(file) for file in found.files],
        "diagnostics": [_diagnostic(one) for one in diagnostics],
    }


def _file(file: FlowFile) -> dict[str, str]:
    return {
        "file": file.file,
        "flow": file.document.name,
        "type": file.document.type,
        "type_from": file.type_from,
        "status": file.status,
        "note": file.note,
    }


def _diagnostic(one: Diagnostic) -> dict[str, str]:
    told = ("rule", "level", "flow", "block", "at", "message", "page", "fix")
    return {name: str(getattr(one, name)) for name in told}


def _sum(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> list[Problem]:
    """What makes the exit code 2: how many errors there are; each is among the findings."""
    errors = [one for one in diagnostics if one.level == "error"]
    if not errors:
        return []
    flows = {(one.file, one.flow) for one in errors}
    return [
        Problem(
            code="flow-invalid",
            summary="A flow would be refused by Connect" if not strict else "A flow has findings",
            detail=f"{counted(len(errors), 'error')} in {counted(len(flows), 'flow')}",
            at=errors[0].at,
            fix="Correct the flow; each finding has its place and remedy.",
            exit=Exit.USAGE,
        )
    ]


def _unknown(rule: str) -> Problem:
    never = rule in NEVER_IGNORED
    return Problem(
        code="flow-unknown-rule",
        summary="The rule cannot be ignored" if never else "There is no such lint rule",
        detail=rule,
        at="--ignore",
        fix="Correct the flow." if never else did_you_mean(rule, rules(), "See docs/reference/flow-rules.md."),
        exit=Exit.USAGE,
    )
