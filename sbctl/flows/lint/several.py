"""Several flows at once: what each knows of the others, and what only shows between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.flows.language.facts import MODULE
from sbctl.flows.lint.acceptance.block import Level
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.flows.lint.lint import lint_file
from sbctl.flows.lint.nesting import chains
from sbctl.flows.lint.rules import MODULES
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.read import repeated

Linted = list[tuple[FlowFile, list[Diagnostic]]]


def lint_files(files: Iterable[FlowFile], around: Around) -> Linted:
    """The findings on each file."""
    return [(file, lint_file(file, around)) for file in files]


def around_of(files: Iterable[FlowFile], functions: frozenset[str] | None) -> Around:
    """What the flows and modules of a project know of each other."""
    documents = [file.document for file in files if not file.misfits]
    return Around(
        flows={one.name: one.type for one in documents if one.type != MODULE},
        modules={one.name: one.settings for one in documents if one.type == MODULE},
        functions=functions,
        attributes=frozenset(name for one in documents for name in _attributes(one.content)),
    )


def _attributes(content: Mapping[str, Any]) -> Iterable[str]:
    for action in content.get("Actions", ()):
        if action["Type"] == "UpdateContactAttributes":
            attributes = (action.get("Parameters") or {}).get("Attributes")
            yield from attributes if isinstance(attributes, Mapping) else ()


def nesting_of(files: Iterable[FlowFile]) -> Linted:
    """Findings on modules that run each other too deep, or themselves."""
    modules = {file.document.name: file for file in files if file.document.type == MODULE and not file.misfits}
    found = chains({name: file.document for name, file in modules.items()})
    return [(modules[name], [_nested(modules[name], name, chain)]) for name, chain in found.items()]


def twice(files: list[FlowFile]) -> Linted:
    """Findings on names that two flows have; files outside a project may be of two centres."""
    return [(one, [_twice(first, one)]) for first, one in repeated(files)]


def _twice(first: FlowFile, again: FlowFile) -> Diagnostic:
    message = f"{again.document.name} stands in {first.at()} too"
    return _of_flow(again, "flow-twice", "warning", message, "Rename one of them.")


def _nested(file: FlowFile, name: str, chain: list[str]) -> Diagnostic:
    again = len(chain) > 1 and chain[-1] == name
    rule = "module-recursion" if again else "module-depth"
    message = f"{'it runs itself' if again else 'modules run each other too deep'}: {' → '.join(chain)}"
    return _of_flow(file, rule, "error", message, "Let a module run at most 5 levels, and never itself.", MODULES)


def _of_flow(file: FlowFile, rule: str, level: Level, message: str, fix: str, page: str = "") -> Diagnostic:
    line, column = file.line_column()
    name = file.document.name
    return Diagnostic(rule, level, name, "", file.at(), message, page, fix, file.file, line, column)
