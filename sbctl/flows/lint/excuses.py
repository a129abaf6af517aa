"""Findings that a project or a caller does not want to see: `lint.ignore` of a flow in regions.json, and `--ignore RULE`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.files.positions import JsonPath, Source
from sbctl.flows.language.facts import MODULE
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.flows.lint.rules import NEVER_IGNORED

SECTIONS = {"flows": False, "modules": True}
"""Sections of regions.json → whether their items are modules."""


@dataclass(frozen=True)
class Excuse:
    """A rule that is ignored on one flow, with its place in regions.json."""

    flow: str
    module: bool
    rule: str
    at: str
    file: str
    line: int
    column: int


def excuses_in(regions: Source | None) -> list[Excuse]:
    """The excuses of a project. What is not of their form is told by the check of the config."""
    if regions is None:
        return []
    return [
        _excuse(regions, name, module, rule, path)
        for section, module in SECTIONS.items()
        for name, rule, path in _rows(regions.data.get(section), section)
    ]


def _rows(items: Any, section: str) -> Iterator[tuple[str, str, JsonPath]]:
    for number, item in enumerate(items if isinstance(items, list) else ()):
        lint = item.get("lint") if isinstance(item, Mapping) else None
        ignore = lint.get("ignore") if isinstance(lint, Mapping) else None
        for index, one in enumerate(ignore if isinstance(ignore, list) else ()):
            if isinstance(one, Mapping) and isinstance(one.get("rule"), str):
                yield str(item.get("name", "")), one["rule"], (section, number, "lint", "ignore", index)


def _excuse(regions: Source, name: str, module: bool, rule: str, path: JsonPath) -> Excuse:
    line, column = regions.position(path)
    return Excuse(name, module, rule, f"{regions.file}:{line}:{column}", regions.file, line, column)


def excused(
    found: Iterable[Diagnostic], flow: FlowDocument, excuses: Iterable[Excuse], ignored: frozenset[str] = frozenset()
) -> list[Diagnostic]:
    """A flow's findings without those that are ignored, and one for each excuse that ignores nothing."""
    everything = list(found)
    own = [one for one in excuses if one.flow == flow.name and one.module == (flow.type == MODULE)]
    rules = {one.rule for one in everything}
    hidden = ({one.rule for one in own} | ignored) - NEVER_IGNORED
    kept = [one for one in everything if one.rule not in hidden]
    unused = (_unused(one) for one in own if one.rule not in rules or one.rule in NEVER_IGNORED)
    return kept if "excuse-unused" in hidden else [*kept, *unused]


def _unused(excuse: Excuse) -> Diagnostic:
    return Diagnostic(
        rule="excuse-unused",
        level="warning",
        flow=excuse.flow,
        block="",
        at=excuse.at,
        message=f"lint.ignore names {excuse.rule}, and ignores nothing",
        page="",
        fix="Remove the entry.",
        file=excuse.file,
        line=excuse.line,
        column=excuse.column,
    )
