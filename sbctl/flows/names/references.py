"""Where a flow's content names resources of AWS by id or ARN: in parameters, operands, texts and the console's metadata.

An id means something in one instance, most ARNs in one region. Which parameters take ids says the table of the language; an ARN
is found wherever it stands. https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sbctl.files.positions import JsonPath
from sbctl.flows.language.facts import actions

FURTHER: Mapping[str, Mapping[str, str]] = {
    "CreateCase": {"CaseTemplateId": "case template"},
    "CreateTask": {"TaskTemplateId": "task template"},
    "RenderMessageTemplate": {
        "WisdomMessageTemplateArn": "message template",
        "WisdomKnowledgeBaseArn": "knowledge base",
    },
    "CreateWisdomSession": {"WisdomAssistantArn": "assistant"},
}
"""Parameters with ids beside those of the table, by action type: path → what the id is of."""
OF_CONNECT: Mapping[str, str] = {
    "queue": "queue",
    "contact-flow": "flow",
    "flow-module": "module",
    "operating-hours": "hours",
    "prompt": "prompt",
    "agent": "user",
    "view": "view",
}
"""Part of an ARN of Connect → what it is of, in the words of placeholders where there is one."""
OF_SERVICE: Mapping[str, str] = {"lambda": "lambda", "lex": "lex", "wisdom": "assistant", "qconnect": "assistant"}
NAMED_BY_PEOPLE = frozenset({"dynamodb", "events", "firehose", "kinesis", "logs", "s3", "sns", "sqs", "states"})
"""Services whose ARNs end in a name that people chose, so that it can be the same in another region."""
OWNER_AWS = "aws"
"""The account of what AWS itself has in every region, such as its views."""
_SUFFIX = r"(?P<suffix>:\$LATEST|:\$SAVED|:\d+)?"
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ID = re.compile(f"(?P<id>{_UUID}){_SUFFIX}")
_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>[a-z0-9]*):"
    r"(?P<resource>[^\s\"'<>|\\,;`{}()\[\]$]+)(?P<alias>:\$(?:LATEST|SAVED))?"
)
_OF_INSTANCE = re.compile(rf"(?:arn:aws[a-z-]*:connect:[a-z0-9-]+:\d+:instance/\S+/)?(?P<id>{_UUID}){_SUFFIX}")
_END_OF_SENTENCE = ".:!?"
_OF_IDS = re.compile(r".*(Ids?|A[Rr][Nn]s?)$")
"""Keys whose values are ids."""
_IDENTIFIERS = frozenset({"Identifier", "NextAction", "StartAction"})


@dataclass(frozen=True)
class Arn:
    """The parts of an ARN."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


@dataclass(frozen=True)
class Reference:
    """An id or ARN in a content, or a dynamic value in the place of one.

    `path` leads to the string; `start` and `end` say where in it `text` and `suffix` stand.
    """

    path: JsonPath
    block: str
    """The identifier of its action, "" outside of actions."""
    kind: str
    """queue, flow, hours, prompt, module, lambda, lex, view, user, …; "" where nothing says it."""
    text: str
    """The id or ARN, without the suffix."""
    suffix: str
    """`:$LATEST`, `:$SAVED` or `:<version>`."""
    start: int
    end: int
    arn: Arn | None = None
    dynamic: bool = False
    """A value that the flow finds while it runs (`$.Attributes.queue`)."""
    display: bool = False
    """It stands in the metadata, which callers never meet."""
    sure: bool = True
    """Whether it is an id for certain: an attribute's value may only look like one."""

    @property
    def id(self) -> str:
        """The id alone: of an ARN of an instance's resource its last part, else the text."""
        found = re.search(f"/({_UUID})$", self.text) if self.arn else None
        return found[1] if found else self.text

    @property
    def value(self) -> str:
        """As it stands."""
        return self.text + self.suffix


def references(content: Mapping[str, Any]) -> Iterator[Reference]:
    """Every id, ARN and dynamic value of a content, in order. Values with placeholders are none."""
    names: set[str] = set()
    actions_there = content.get("Actions")
    for number, action in enumerate(actions_there if isinstance(actions_there, list) else ()):
        if isinstance(action, Mapping):
            names.add(str(action.get("Identifier", "")))
            yield from _of_action(action, ("Actions", number))
    for key, value in content.items():
        if key != "Actions":
            for path, text in _texts(value, (key,)):
                if text not in names:
                    yield from _in_text(path, text, "", "", display=True)


def by_id(action: Mapping[str, Any]) -> Any:
    """An action's parameters with ids alone where an id may stand as an ARN too: both name the same resource of the instance.

    A module's id alone means its latest content.
    """
    places = _places(str(action.get("Type", "")))
    return _by_id(action.get("Parameters") or {}, (), places)


def _by_id(value: Any, path: JsonPath, places: tuple[tuple[JsonPath, str], ...]) -> Any:
    if isinstance(value, Mapping):
        return {key: _by_id(item, (*path, str(key)), places) for key, item in value.items()}
    if isinstance(value, list):
        return [_by_id(item, (*path, number), places) for number, item in enumerate(value)]
    kind = next((of for place, of in places if _fits(place, path)), "") if isinstance(value, str) else ""
    found = _OF_INSTANCE.fullmatch(value) if kind else None
    if found is None:
        return value
    return found["id"] + ("" if kind == "module" and found["suffix"] == ":$LATEST" else found["suffix"] or "")


def _of_action(action: Mapping[str, Any], at: JsonPath) -> Iterator[Reference]:
    block, kind = str(action.get("Identifier", "")), str(action.get("Type", ""))
    places = _places(kind)
    for path, text in _texts(action, at):
        inside = path[len(at) + 1 :]
        here = next((of for place, of in places if _fits(place, inside)), "") if path[len(at)] == "Parameters" else ""
        if path[-1] not in _IDENTIFIERS or path[len(at)] == "Parameters":
            yield from _in_text(path, text, block, here)


def _in_text(path: JsonPath, text: str, block: str, kind: str, *, display: bool = False) -> Iterator[Reference]:
    if kind and _is_dynamic(text):
        yield Reference(path, block, kind, text, "", 0, len(text), dynamic=True, display=display)
        return
    whole = _ID.fullmatch(text)
    if whole:
        sure = bool(kind) or _is_of_ids(path)
        suffix = whole["suffix"] or ""
        yield Reference(path, block, kind, whole["id"], suffix, 0, len(text), display=display, sure=sure)
        return
    for found in _ARN.finditer(text):
        yield _of_arn(path, block, kind, found, display=display)


def _of_arn(path: JsonPath, block: str, kind: str, found: re.Match[str], *, display: bool) -> Reference:
    resource, alias = found["resource"], found["alias"] or ""
    if not alias and found.end() - found.start() != len(found.string):
        resource = resource.rstrip(_END_OF_SENTENCE)  # it stands in a text
    end = found.start("resource") + len(resource) + len(alias)
    suffix = alias
    if not alias and found["service"] == "connect" and "/view/" not in resource and ":view/" not in resource:
        version = re.search(r":\d+$", resource)
        suffix = version[0] if version else ""
        resource = resource.removesuffix(suffix)
    arn = Arn(found["partition"], found["service"], found["region"], found["account"], resource)
    text = found.string[found.start() : found.start("resource")] + resource
    return Reference(path, block, kind or _kind_of(arn), text, suffix, found.start(), end, arn, display=display)


def _kind_of(arn: Arn) -> str:
    if arn.service != "connect":
        return OF_SERVICE.get(arn.service, arn.service)
    parts = re.split("[/:]", arn.resource)
    return next((OF_CONNECT[part] for part in reversed(parts) if part in OF_CONNECT), parts[0])


def _is_dynamic(text: str) -> bool:
    return text.startswith(("$.", "$[", "`$"))


def _is_of_ids(path: JsonPath) -> bool:
    names = [part for part in path if isinstance(part, str)]
    return bool(names) and _OF_IDS.fullmatch(names[-1]) is not None


@cache
def _places(action: str) -> tuple[tuple[JsonPath, str], ...]:
    """The places of ids in an action's parameters; -1 stands for any index, "*" for any key."""
    known = actions().get(action)
    rows = {**(known.references if known else {}), **FURTHER.get(action, {})}
    return tuple((_parsed(place), kind) for place, kind in rows.items())


def _parsed(place: str) -> JsonPath:
    parts: list[str | int] = []
    for part in place.split("."):
        name = part.removesuffix("[]")
        parts += [name, -1] if name != part else [name]
    return tuple(parts)


def _fits(place: JsonPath, path: JsonPath) -> bool:
    return len(place) == len(path) and all(map(_same, place, path))


def _same(wanted: str | int, there: str | int) -> bool:
    if wanted == -1:
        return isinstance(there, int)
    return wanted in ("*", there)


def _texts(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, str(key)))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
