"""The linter: every rule on one flow. An error is what the service was seen to refuse; of all else, AWS decides.

The facts: connect-api 7 and 8.

https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.files.positions import dotted
from sbctl.flows.language.facts import MODULE, Action, actions, renamed_types
from sbctl.flows.language.facts import document as limits
from sbctl.flows.language.graph import MAPPINGS
from sbctl.flows.lint.acceptance import whole
from sbctl.flows.lint.acceptance.block import Block, Level
from sbctl.flows.lint.acceptance.forms import form_findings
from sbctl.flows.lint.acceptance.length import has_no, length_of
from sbctl.flows.lint.acceptance.parameters import UNKNOWN, parameter_findings
from sbctl.flows.lint.acceptance.place import place_findings
from sbctl.flows.lint.acceptance.spelling import did_you_mean, nearest
from sbctl.flows.lint.acceptance.transitions import transition_findings
from sbctl.flows.lint.acceptance.values import value_findings
from sbctl.flows.lint.around import NOTHING, Around
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.practice import practice_findings
from sbctl.flows.reading.flow_file import FlowFile, Misfit
from sbctl.flows.reading.shape import misshapen
from sbctl.flows.reading.unwrap import OWN

CAMPAIGN = "CAMPAIGN"
"""Journey flows, of whose blocks nothing is known."""
ALWAYS_ERRORS = frozenset({"shape", "placeholder"})
"""What sbctl itself cannot work with, whatever AWS stores."""


def lint_file(file: FlowFile, around: Around = NOTHING) -> list[Diagnostic]:
    """Every finding on a flow that was read, in the order of the file."""
    told = replace(
        around,
        type_is_known=file.type_from != "guessed",
        is_draft=file.status == "SAVED",
        has_placeholders=file.own,
    )
    found = [*lint_document(file.document, told, file.misfits, file.source.text), *_settings(file, told)]
    rows = [*(_diagnostic(one, file) for one in found), *_strange(file)]
    return sorted(rows, key=lambda one: (one.line, one.column))


def lint_document(
    document: FlowDocument, around: Around = NOTHING, misfits: Sequence[Misfit] | None = None, text: str = ""
) -> list[Finding]:
    """Every finding on a document; `misfits` are those of its content, where they are known already.

    `text` is the JSON in which the content was read, where it was: of most flows it shows at once what they have not.
    """
    if misfits is None:
        misfits = tuple(Misfit(*row) for row in misshapen(document.content))
    found: dict[tuple[str, tuple[str | int, ...], str], Finding] = {}
    for one in _findings(document, around, misfits, text):
        kept = _as_draft(one) if around.is_draft else one
        key = (kept.rule, kept.path, kept.message)
        if key not in found or kept.level == "error":
            found[key] = kept
    return list(found.values())


def _findings(document: FlowDocument, around: Around, misfits: Sequence[Misfit], text: str) -> Iterator[Finding]:
    content, kind = document.content, document.type
    for misfit in misfits:
        block = _block_of(content, misfit.path)
        message = f"{dotted(misfit.path)}: {misfit.said}"
        yield Finding("shape", "error", block, misfit.path, message, misfit.fix, whole.PAGE)
    if not isinstance(content.get("Actions"), list):
        return
    wrong = {one.path[1] for one in misfits if len(one.path) > 1 and one.path[0] == "Actions"}
    fitting = [(number, one) for number, one in enumerate(content["Actions"]) if number not in wrong]
    if not has_no(text, "${"):
        yield from whole.placeholder_findings([one for one in fitting if "${" in str(one[1])], around)
    if kind == CAMPAIGN:
        return
    yield from whole.head_findings(content, kind)
    yield from whole.size_findings(content, kind, length_of(content, text, limits()["max_characters"]))
    yield from whole.identifier_findings(fitting)
    names = frozenset(_names(content))
    if not any(one.path == ("StartAction",) for one in misfits):
        yield from whole.start_findings(content, names)
    yield from whole.target_findings(fitting, names)
    known = actions()
    for number, action in fitting:
        yield from _action(number, action, known.get(action["Type"]), kind, around)
    if not misfits:
        yield from practice_findings(document, around)


def _action(
    number: int, action: Mapping[str, Any], facts: Action | None, kind: str, around: Around
) -> Iterator[Finding]:
    if facts is None:
        yield _unknown(number, action)
        return
    block = Block.of(action, number, facts, kind)
    yield from place_findings(block, around)
    yield from parameter_findings(block)
    yield from value_findings(block)
    yield from transition_findings(block)
    yield from form_findings(block)


def _unknown(number: int, action: Mapping[str, Any]) -> Finding:
    """A type that is not known: a name of another tool or of the console, a slip, or a type that AWS added."""
    name = action["Type"]
    path = ("Actions", number, "Type")
    renamed = renamed_types().get(name)
    level: Level = "warning"
    if renamed is not None:
        level = "error" if renamed.level == "error" else "warning"
        rule, message = "legacy-name", f"{name} is not an action type of the flow language"
        fix = f"Write {renamed.write}." if renamed.write else "Remove the block; no action type stands for it."
    else:
        near = nearest(name, actions())
        rule, message = "near-miss" if near else "type-unknown", f"action type {name} is {UNKNOWN}"
        fix = did_you_mean(near, "Check the name, and test the flow in AWS.")
    return Finding(rule, level, action["Identifier"], path, message, fix, whole.PAGE)


def _settings(file: FlowFile, around: Around) -> Iterator[Finding]:
    if file.lacks_settings:
        level: Level = "error" if around.type_is_known and not around.is_draft else "warning"
        fix = 'Add "Settings": {"InputParameters": [], "OutputParameters": [], "Transitions": []}.'
        yield Finding("module-settings", level, "", (), "a module needs Settings in its content", fix, whole.PAGE)


def _strange(file: FlowFile) -> Iterator[Diagnostic]:
    """Members of sbctl's wrapper that it does not have, and that would be left out silently."""
    for path in file.strange:
        line, column = file.source.position(path)
        near, name = nearest(str(path[-1]), OWN), file.document.name
        rule, fix = "near-miss" if near else "document-key", did_you_mean(near, "Remove it.")
        message = f"{path[-1]} is not a member of a flow file"
        at = f"{file.file}:{line}:{column}"
        yield Diagnostic(rule, "warning", name, "", at, message, whole.PAGE, fix, file.file, line, column)


def _as_draft(one: Finding) -> Finding:
    """Amazon Connect stores a draft without a check, so what it would refuse to publish is a warning."""
    if one.level == "warning" or one.rule in ALWAYS_ERRORS:
        return one
    return replace(one, level="warning", message=f"{one.message}; publishing it would be refused")


def _names(content: Mapping[str, Any]) -> Iterator[str]:
    """The identifiers of all actions that have one."""
    for action in content["Actions"]:
        name = action.get("Identifier") if isinstance(action, MAPPINGS) else None
        if isinstance(name, str):
            yield name


def _block_of(content: Mapping[str, Any], path: tuple[str | int, ...]) -> str:
    """The identifier of the action that a path leads into."""
    if len(path) < 2 or path[0] != "Actions" or not isinstance(path[1], int):
        return ""
    action = content["Actions"][path[1]]
    name = action.get("Identifier") if isinstance(action, Mapping) else None
    return name if isinstance(name, str) else ""


def _diagnostic(one: Finding, file: FlowFile) -> Diagnostic:
    line, column = file.line_column(one.path)
    name = file.document.name
    return Diagnostic(
        rule=one.rule,
        level=one.level,
        flow=name,
        block=one.block,
        at=file.place(line, column),
        message=one.message,
        page=one.page,
        fix=one.fix,
        file=file.file,
        line=line,
        column=column,
    )


def called(document: FlowDocument) -> str:
    """A flow or module as problems name it."""
    return f"{'module' if document.type == MODULE else 'flow'} {document.name}"
