"""The names that contact flows refer to by placeholder, checked against what the project has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sbctl.core.flow_document import FlowDocument, FlowTestDocument
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Project
from sbctl.desired.config.findings import SUMMARIES
from sbctl.files.misfits import did_you_mean
from sbctl.files.regular import read_regular, unified
from sbctl.flows.lint.lint import called
from sbctl.flows.names.placeholders import placeholders

SECTION_OF: Mapping[str, str] = {
    "queue": "queues",
    "hours": "hours",
    "lambda": "lambdas",
    "prompt": "prompts",
}
"""In which section the name of a placeholder must stand; `flow` and `module` name files."""


def missing_names(document: FlowDocument, project: Project) -> Iterator[Problem]:
    """A problem for each name that a flow uses and the project does not have."""
    yield from _missing(document.content, called(document), document.at, project)


def missing_in_test(test: FlowTestDocument, project: Project) -> Iterator[Problem]:
    """The same for a flow test, with the flow in which it begins."""
    if test.flow and test.flow not in project.flows:
        yield _problem(
            f"test {test.name}: {test.flow!r} is not in flows/", test.at, test.flow, "", project.flows, "flows/"
        )
    yield from _missing(test.content, f"test {test.name}", test.at, project)


def _missing(content: Mapping[str, Any], whose: str, at: str, project: Project) -> Iterator[Problem]:
    found = {(used.kind, used.name, used.text): used.action for used in placeholders(content)}
    for (kind, name, text), action in sorted(found.items()):
        if kind == "flow":
            known, where = frozenset(project.flows), "flows/"
        elif kind == "module":
            known, where = frozenset(project.modules), "flows/modules/"
        elif kind in SECTION_OF:
            known, where = project.names(SECTION_OF[kind]), SECTION_OF[kind]
        else:
            continue
        if name not in known:
            place = f", block {action}" if action else ", metadata" if "Actions" in content else ""
            yield _problem(f"{whose}{place}: {text}, but {name!r} is not in {where}", at, name, text, known, where)


def _problem(detail: str, at: str, name: str, text: str, known: Iterable[str], where: str) -> Problem:
    return Problem(
        code="unknown-name",
        summary=SUMMARIES["unknown-name"],
        detail=detail,
        at=_line_of(at, text, name),
        fix=f"{did_you_mean(name, known)} Or add it to {where}.",
        exit=Exit.USAGE,
    )


def _line_of(file: str, placed: str, name: str) -> str:
    """`file:line` where the flow names it, as placeholder or, in Python, as an argument; else the file."""
    path = Path(file)
    try:
        content = read_regular(path)
    except OSError:
        return file
    lines = unified(content.decode("utf-8", errors="replace")).split("\n")  # Python files may have another coding
    for text in (*([placed] if placed else []), f'"{name}"', f"'{name}'"):
        for number, line in enumerate(lines, 1):
            if text in line:
                return f"{file}:{number}"
    return file
