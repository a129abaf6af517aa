"""What `sbctl flow import` tells: what was taken in, what the config lacks for it, and what has no name here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sbctl.commands.flow.import_around import Surroundings
from sbctl.commands.flow.import_config import Config
from sbctl.core.problem import AGAIN, Exit, Problem
from sbctl.core.report import Report
from sbctl.core.text.counted import counted
from sbctl.desired.config.flow_names import SECTION_OF
from sbctl.flows.importing.files import Target
from sbctl.flows.importing.imported import Imported, Unresolved
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.map_file import skeleton
from sbctl.flows.names.placeholders import placeholders
from sbctl.ui.views import Pairs

NAME = "flow import"
SHOWN = 6
"""Entries of the map that a remedy shows; JSON output has all."""


def told(
    project: Surroundings, found: Sequence[Target], config: Config, notes: Sequence[Problem], *, dry_run: bool
) -> Report:
    missing = _missing(project, found, config)
    data = {
        "imported": [_row(one) for one in found],
        "unresolved": [],
        "map": {},
        "missing": missing,
        "functions": list(config.stubs),
        "dry_run": dry_run,
    }
    written = [one for one in found if one.state != "unchanged"]
    rows = [(one.flow.document.name, f"{_said(one)}: {one.path}") for one in found]
    rows += [(name, f"stub: {project.lambdas / name}") for name in config.stubs]
    title = f"{'To import' if dry_run else 'Imported'}: {counted(len(written), 'flow')}"
    problems = (*notes, *_notes(found), *(_lacking(one) for one in missing))
    return Report(command=NAME, data=data, problems=problems, view=Pairs(title, tuple(rows)))


def _said(one: Target) -> str:
    kind = "module" if one.flow.document.type == MODULE else one.flow.document.type
    return f"{kind}, {one.state}"


def _row(one: Target) -> dict[str, Any]:
    document = one.flow.document
    return {
        "name": document.name,
        "type": document.type,
        "type_from": one.flow.file.type_from,
        "status": document.status,
        "source": one.flow.file.file,
        "file": str(one.path),
        "state": one.state,
        "notes": list(one.flow.notes),
    }


def _notes(found: Sequence[Target]) -> list[Problem]:
    """One for each thing to know, with the flows that it is about."""
    rows: dict[str, list[Target]] = {}
    for one in found:
        for note in one.flow.notes:
            rows.setdefault(note, []).append(one)
    return [
        Problem(
            code="flow-imported",
            summary="Look at an imported flow",
            detail=f"{_flows(among)}: {note}",
            at=among[0].flow.file.file,
            exit=Exit.DONE,
        )
        for note, among in rows.items()
    ]


def _flows(among: Sequence[Target]) -> str:
    names = [one.flow.document.name for one in among]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _missing(project: Surroundings, found: Sequence[Target], config: Config) -> list[dict[str, Any]]:
    """What the flows name and the config does not have: it does not load until that is added."""
    new = {(_word(one), one.flow.document.name) for one in found} | {("lambda", name) for name in config.stubs}
    used: dict[tuple[str, str], list[str]] = {}
    for one in found:
        for use in dict.fromkeys((use.kind, use.name) for use in placeholders(one.flow.document.content) if use.name):
            used.setdefault(use, []).append(one.flow.document.name)
    rows = []
    for (kind, name), flows in sorted(used.items()):
        known = project.names(kind)
        if (kind, name) not in new and known is not None and name not in known:
            section = SECTION_OF.get(kind, "flows" if kind == "flow" else "flows/modules")
            rows.append({"section": section, "name": name, "flows": flows})
    return rows


def _word(one: Target) -> str:
    return "module" if one.flow.document.type == MODULE else "flow"


def _lacking(row: dict[str, Any]) -> Problem:
    section, name = row["section"], row["name"]
    is_file = section.startswith("flows")
    fix = f"Import it too, or add its file to {section}/." if is_file else _item_to_add(section, name)
    return Problem(
        code="name-missing",
        summary="Imported flows name what the config does not have",
        detail=f"{section} has no {name!r}; used by {', '.join(row['flows'])}",
        at=section,
        fix=fix,
        exit=Exit.DONE,
    )


def _item_to_add(section: str, name: str) -> str:
    fields = {"queues": ', "hours": "NAME"', "hours": ', "timeZone": "UTC", "always": true'}.get(section, "")
    return f'Add {{"name": {json.dumps(name, ensure_ascii=False)}{fields}}} to "{section}" in regions.json.'


def asked(flows: Sequence[Imported], unresolved: Sequence[Unresolved], *, dry_run: bool) -> Report:
    """All that has no name here, once a value. Nothing was written."""
    arns = {one.value.rpartition("/")[2] for one in unresolved if "/" in one.value}
    entries = skeleton((one.value, one.kind) for one in unresolved if one.value not in arns)
    data = {
        "imported": [],
        "unresolved": [vars(one) for one in unresolved],
        "map": entries,
        "missing": [],
        "functions": [],
        "dry_run": dry_run,
    }
    counts = Counter(one.value for one in unresolved)
    first = {one.value: one for one in reversed(unresolved)}
    problems = [_question(first[value], count) for value, count in counts.items()]
    shown = dict(list(entries.items())[:SHOWN])
    more = "" if len(shown) == len(entries) else f" and {len(entries) - len(shown)} more (data.map of -o json has all)"
    ask = Problem(
        code="needs-map",
        summary="IDs of another centre have no name in this project",
        detail=f"{counted(len(entries), 'value')} in {counted(len(flows), 'flow')}; nothing was written",
        at="--map",
        fix=f"Write a file such as names.json with a placeholder for each: {json.dumps(shown)}{more}."
        f" Then: {AGAIN} --map names.json",
        exit=Exit.USAGE,
    )
    return Report(command=NAME, data=data, problems=(*problems, ask))


def _question(one: Unresolved, count: int) -> Problem:
    named = f" called {one.name!r}" if one.name else ""
    often = f", and {count - 1} more" if count > 1 else ""
    kind = f"{one.kind} " if one.kind else ""
    return Problem(
        code="unresolved-reference",
        summary="Nothing stands for an ID or ARN of another centre",
        detail=f"flow {one.flow}, block {one.block}: {kind}{one.value}{named}{often}",
        at=one.at,
        fix="Write its placeholder into the map.",
        exit=Exit.USAGE,
    )
