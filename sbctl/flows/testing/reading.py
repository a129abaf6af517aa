"""Reads flows/tests/: JSON files in Amazon Connect's own test language and Python files with builders. All problems at once.

A JSON file is a wrapper {"name", "description", "flow", "channel", "from", "to", "attributes", "content"}, or what
create-test-case takes and describe-test-case answers. A Python file has a constant TEST (a FlowTest) or TESTS (a list of them).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sbctl.core.flow_document import FlowTestDocument
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.folders import in_place_of
from sbctl.files.positions import Source, parse_json, read_json
from sbctl.files.regular import is_hidden
from sbctl.flows.names.placeholders import PATTERN, plain_name
from sbctl.flows.reading.found import TESTS, Found, outside
from sbctl.flows.reading.python_file import run_values
from sbctl.flows.testing.file import FlowTestFile
from sbctl.flows.testing.language import mapping
from sbctl.flows.testing.problems import invalid

OWN = ("name", "description", "flow", "channel", "from", "to", "attributes", "content", "$schema")
AWS = ("Name", "Description", "EntryPoint", "InitializationData", "Content")
ANSWERED = ("Arn", "Id", "Status", "LastModifiedTime", "LastModifiedRegion", "Tags", "TestCaseSha256", "InstanceId")
"""What describe-test-case answers besides, and means nothing for another instance."""
CHANNELS = {"VOICE": "VOICE", "CHAT": "CHAT"}
NO_TEST = 'Give it "flow" and "content" with "Version" and "Observations".'


def project_tests(folder: Path, *, run: bool = True) -> tuple[list[FlowTestFile], list[Problem]]:
    """The tests of a folder of flows, and the problems of what cannot be read. `run` False: Python files are passed over."""
    tests = folder / TESTS
    if in_place_of(tests):
        return [], []
    files: list[FlowTestFile] = []
    problems: list[Problem] = []
    forms = ("*.json", "*.py") if run else ("*.json",)
    for path in sorted(path for form in forms for path in tests.glob(form) if not is_hidden(path)):
        try:
            files += _read(path, folder)
        except SbctlError as error:
            problems += error.problems
    return files, [*problems, *_twice(files)]


def _read(path: Path, root: Path) -> list[FlowTestFile]:
    """Raises SbctlError."""
    why = outside(Found(path, root))
    if why:
        raise SbctlError(invalid(str(path), why, "Put the file itself there."))
    if path.suffix == ".py":
        from sbctl.flows.testing.builder import FlowTest  # where there is no such file, nobody needs it

        built = run_values(path, ("TEST", "TESTS"), FlowTest, "test")
        return [FlowTestFile(one.build(str(path))) for one in built]
    return [_of_json(read_json(path), path.stem)]


def _of_json(source: Source, stem: str) -> FlowTestFile:
    data = mapping(source.data.get("TestCase")) or source.data
    if "Content" in data:
        return _of_aws(source, data, ("TestCase",) if "TestCase" in source.data else (), stem)
    problems = [
        invalid(source.at((key,)), f"there is no field {key!r}", f"Use {', '.join(OWN[:-1])}.")
        for key in source.data
        if key not in OWN
    ]
    content, attributes = source.data.get("content"), source.data.get("attributes", {})
    if not isinstance(content, Mapping):
        problems.append(invalid(source.at(("content",)), "it has no content", NO_TEST))
    if not _are_texts(attributes):
        fix = "Write attributes as an object of texts."
        problems.append(invalid(source.at(("attributes",)), "attributes are not texts", fix))
    texts = {name: source.data.get(name, "") for name in ("name", "description", "flow", "channel", "from", "to")}
    problems += [
        invalid(source.at((name,)), f"{name} is not a text", "Write it in quotes.")
        for name, value in texts.items()
        if not isinstance(value, str)
    ]
    channel = texts["channel"] or "VOICE"
    if isinstance(channel, str) and channel not in CHANNELS:
        problems.append(invalid(source.at(("channel",)), f"there is no channel {channel!r}", "Write VOICE or CHAT."))
    if problems:
        raise SbctlError(*problems)
    document = FlowTestDocument(
        name=texts["name"] or stem,
        description=texts["description"],
        content=content or {},
        at=source.file,
        flow=texts["flow"],
        channel="CHAT" if channel == "CHAT" else "VOICE",
        caller=texts["from"],
        called=texts["to"],
        attributes=attributes,
    )
    return FlowTestFile(document, source, ("content",))


def _of_aws(source: Source, data: Mapping[str, Any], inside: tuple[str, ...], stem: str) -> FlowTestFile:
    """What the AWS CLI takes and answers. Its flow must be a placeholder: an id is of one instance."""
    problems = [
        invalid(source.at((*inside, key)), f"there is no field {key!r}", f"Use {', '.join(AWS)}.")
        for key in data
        if key not in (*AWS, *ANSWERED)
    ]
    point = mapping(data.get("EntryPoint"))
    chat = point.get("Type") == "CHAT"
    numbers = mapping(point.get("ChatEntryPointParameters" if chat else "VoiceCallEntryPointParameters"))
    flow = str(numbers.get("FlowId") or "")
    found = PATTERN.fullmatch(flow)
    if flow and (found is None or found[1] not in ("flow", "flow-id")):
        fix = "Write ${flow:NAME}, so that each region gets its own."
        problems.append(invalid(source.at((*inside, "EntryPoint")), f"FlowId {flow} is of one instance", fix))
    content, embedded = _content(source, data["Content"], (*inside, "Content"), problems)
    attributes = _initial(source, data.get("InitializationData"), (*inside, "InitializationData"), problems)
    if problems:
        raise SbctlError(*problems)
    document = FlowTestDocument(
        name=str(data.get("Name") or stem),
        description=str(data.get("Description") or ""),
        content=content,
        at=source.file,
        flow=plain_name(found[2] or "") if found else "",
        channel="CHAT" if chat else "VOICE",
        caller=str(numbers.get("SourcePhoneNumber") or ""),
        called=str(numbers.get("DestinationPhoneNumber") or ""),
        attributes=attributes,
    )
    return FlowTestFile(document, source, (*inside, "Content"), embedded)


def _content(
    source: Source, given: Any, path: tuple[str, ...], problems: list[Problem]
) -> tuple[Mapping[str, Any], bool]:
    if isinstance(given, Mapping):
        return given, False
    try:
        return parse_json(source.file, str(given)).data, True
    except SbctlError as error:
        problems += [invalid(source.at(path), f"Content: {one.detail}", "Correct its JSON.") for one in error.problems]
        return {}, True


def _initial(source: Source, given: Any, path: tuple[str, ...], problems: list[Problem]) -> dict[str, str]:
    if given in (None, ""):
        return {}
    try:
        found = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        found = None
    found = found.get("Attributes", found) if isinstance(found, Mapping) else found
    if not _are_texts(found):
        problems.append(invalid(source.at(path), "it is no object of texts", "Write an object of texts."))
        return {}
    return dict(found)


def _are_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


def _twice(files: list[FlowTestFile]) -> list[Problem]:
    seen: dict[str, FlowTestFile] = {}
    pairs = ((seen.setdefault(one.document.name, one), one) for one in files)
    return [
        Problem(
            code="flow-test-twice",
            summary="Two files define the same flow test",
            detail=f"{again.document.name} stands in {first.document.at} and in {again.document.at}",
            at=again.document.at,
            fix="Rename one of them.",
            exit=Exit.USAGE,
        )
        for first, again in pairs
        if first is not again
    ]
