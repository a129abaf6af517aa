"""The flows of a JSON text: every one that can be read, and a problem with its line for every other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.text.strict_json import DEEPEST
from sbctl.files.positions import Source, dotted, walk
from sbctl.flows.language.facts import MODULE, legacy_modules
from sbctl.flows.reading.flow_file import FlowFile, Misfit, Status, TypeFrom
from sbctl.flows.reading.flow_type import known_type, status_of, type_of
from sbctl.flows.reading.json_text import JsonText, value_of
from sbctl.flows.reading.problems import old_format, unreadable
from sbctl.flows.reading.shape import misshapen
from sbctl.flows.reading.unwrap import Wrapped, flows_of, is_old, is_wrapper

NO_FLOW = 'Give it "content" with "Version", "StartAction", "Actions".'
BLOCKS_SHOWN = 6
Line = Callable[[], int]
"""Finds the line of a flow, when something is wrong with it."""


@dataclass(frozen=True)
class Place:
    """What the place of a file says of its flows. `module`: it is the folder of a project's modules."""

    file: str
    name: str
    """The name of a flow that states none."""
    module: bool = False
    project: bool = False
    """Whether the file is one of a project's flows: it is deployed, whatever status its Metadata shows."""
    lenient: bool = False
    """Whether flows with misfits are given too, with them; else they are problems."""


def parse_flows(text: str, place: Place) -> tuple[list[FlowFile], list[Problem]]:
    """The flows of a text, with the problems of those that cannot be read. No flow and no problem: it holds no flow."""
    try:
        tree = _read(text, place.file)
    except SbctlError as error:
        return [], list(error.problems)
    source = JsonText(place.file, text, {})
    files: list[FlowFile] = []
    problems: list[Problem] = []
    found = list(flows_of(tree))
    for number, one in enumerate(found):
        try:
            files.append(_flow(one, source, place, f" {number + 1}" if len(found) > 1 else ""))
        except SbctlError as error:
            problems += error.problems
    return files, problems


def _read(text: str, file: str) -> Any:
    """The value of a JSON text. Raises SbctlError for what is not JSON, and for keys that stand twice in one object.

    Only one of the values of such a key would be deployed.
    """
    try:
        tree, repeated = value_of(text)
    except json.JSONDecodeError as error:
        raise SbctlError(unreadable(file, error.msg, "Correct the JSON.", error.lineno)) from error
    except ValueError as error:
        raise SbctlError(unreadable(file, str(error), "Correct the JSON.", _too_deep(text))) from error
    if repeated:
        rows = ((f"{path[-1]!r} stands twice", text.count("\n", 0, at) + 1) for path, at in walk(text).repeated)
        raise SbctlError(*(unreadable(file, detail, "Keep one of the two.", line) for detail, line in rows))
    return tree


def _too_deep(text: str) -> int | None:
    """The line on which a text goes deeper than is read."""
    depth, line, quoted, escaped = 0, 1, False, False
    for letter in text:
        if letter == "\n":
            line += 1
        if quoted:
            quoted = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        else:
            depth += (letter in "[{") - (letter in "]}")
        if depth > DEEPEST:
            return line
    return None


def _line(source: Source, one: Wrapped) -> int:
    return source.position(one.inside)[0]


def _flow(one: Wrapped, source: Source, place: Place, number: str) -> FlowFile:
    """The flow of what was found. Raises SbctlError."""
    line = partial(_line, source, one)
    embedded = isinstance(one.content, str)
    content = _embedded(one.content, source.file, line) if embedded else one.content
    _require_flow(content, source.file, line)
    fields = _fields(one, source, line)
    settings = _settings(fields.get("settings") or content.get("Settings"), source.file, line)
    kind, type_from, note = _type(one, fields, content, place)
    module = kind == MODULE
    misfits = tuple(Misfit(*row) for row in misshapen(content))
    status = "PUBLISHED" if module else _status(fields, content, place)
    document = FlowDocument(
        name=_own_name(content, place) + number if fields.get("name") is None else fields["name"],
        type=kind,
        description=fields.get("description") or "",
        content={name: value for name, value in content.items() if not (module and name == "Settings")},
        at=source.file,
        settings=settings if module else {},
        status=status,
    )
    found = FlowFile(
        document=document,
        source=source,
        inside=one.inside,
        embedded=embedded,
        status=status,
        type_from=type_from,
        note=note,
        misfits=misfits,
        strange=one.strange,
        own=place.project or one.form == "wrapper",
        lacks_settings=module and one.form != "wrapper" and not place.project and "Settings" not in content,
    )
    if misfits and not place.lenient:
        raise SbctlError(*misfit_problems(found))
    return found


def misfit_problems(file: FlowFile) -> list[Problem]:
    """What is not of the form of a flow, as problems."""
    return [
        unreadable(file.file, f"{dotted(one.path)}: {one.said}", one.fix, file.line_column(one.path)[0])
        for one in file.misfits
    ]


def _embedded(text: str, file: str, line: Line) -> Any:
    """The value of JSON in a text. Raises SbctlError at the line of that text."""
    try:
        return _read(text, file)
    except SbctlError as error:
        details = (f"its content is no JSON text: {problem.detail}" for problem in error.problems)
        raise SbctlError(*(unreadable(file, detail, "Correct the JSON text.", line()) for detail in details)) from error


def _require_flow(content: Any, file: str, line: Line) -> None:
    """Raises SbctlError for what is no flow at all."""
    if is_old(content):
        raise SbctlError(old_format(file, _blocks(content), line()))
    if is_wrapper(content):
        fix = "Keep the inner one alone."
        raise SbctlError(unreadable(file, "it holds a wrapper in a wrapper", fix, line()))
    if isinstance(content, dict) and len(content) == 1 and str(*content).startswith(("Fn::", "Ref")):
        detail = f"its content is made by {str(*content)}, which only CloudFormation can compute"
        raise SbctlError(unreadable(file, detail, "Write the content as a text, or lint the deployed flow.", line()))
    if not isinstance(content, dict) or not {"Actions", "StartAction"} & set(content):
        raise SbctlError(unreadable(file, "it holds no flow", NO_FLOW, line()))


def _blocks(content: Mapping[str, Any]) -> str:
    """What the commonest blocks of an old export are called now."""
    types = Counter(str(one.get("type")) for one in content["modules"] if isinstance(one, dict))
    known = legacy_modules()
    rows = [f"{name} is {known[name]}" for name, _ in types.most_common() if name in known]
    more = f", and {len(rows) - BLOCKS_SHOWN} more" if len(rows) > BLOCKS_SHOWN else ""
    return f"In the present format {'; '.join(rows[:BLOCKS_SHOWN])}{more}." if rows else ""


def _fields(one: Wrapped, source: Source, line: Line) -> Mapping[str, Any]:
    """The wrapper's fields. Raises SbctlError for a name, type, description or status that is no text."""
    texts = {name: value for name, value in one.fields.items() if name != "settings" and value is not None}
    if not all(isinstance(value, str) for value in texts.values()):
        detail, fix = "name, type or description is not a text", "Write each as a text."
        raise SbctlError(unreadable(source.file, detail, fix, line()))
    return one.fields


def _settings(value: Any, file: str, line: Line) -> Mapping[str, Any]:
    """The settings of a module, which AWS gives as a JSON text. Raises SbctlError."""
    tree = _embedded(value, file, line) if isinstance(value, str) and value else value or {}
    if not isinstance(tree, dict):
        raise SbctlError(unreadable(file, "the settings are not an object", "Write an object: { … }.", line()))
    return tree


def _type(
    one: Wrapped, fields: Mapping[str, Any], content: Mapping[str, Any], place: Place
) -> tuple[str, TypeFrom, str]:
    if place.module:
        return MODULE, "place", ""
    if one.module:
        return MODULE, "stated", ""
    if fields.get("type"):
        return known_type(fields["type"]) or fields["type"], "stated", ""
    return type_of(content, "CONTACT_FLOW" if place.project else "")


def _status(fields: Mapping[str, Any], content: Mapping[str, Any], place: Place) -> Status:
    if fields.get("status") or place.project:
        return status_of(fields.get("status"))
    metadata = content.get("Metadata")
    return status_of(metadata.get("status")) if isinstance(metadata, dict) else "PUBLISHED"


def _own_name(content: Mapping[str, Any], place: Place) -> str:
    """The name of the file; of what has none, that of the console's Metadata."""
    metadata = content.get("Metadata")
    stated = metadata.get("name") if isinstance(metadata, dict) else None
    return place.name or (stated if isinstance(stated, str) and stated else "flow")
