"""Finds flows in a JSON value: exports of the console, and what other tools put around them.

sbctl's own wrapper {"name", "type", "description", "content", "settings"}, the output of describe-contact-flow and of
describe-contact-flow-module, {"Content"}, CloudFormation's Properties.Content, and lists of those.
https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContactFlow.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sbctl.files.positions import JsonPath

FLOW_RESOURCES = {"AWS::Connect::ContactFlow": False, "AWS::Connect::ContactFlowModule": True}
"""CloudFormation's types → whether they are modules."""
RESPONSES = {"ContactFlow": False, "ContactFlowModule": True}
"""Members of the answers of AWS → whether they hold modules; with an s, those of answers with several."""
OWN = ("$schema", "name", "type", "description", "status", "settings", "content")
"""The members of sbctl's own wrapper."""
Form = Literal["export", "wrapper", "aws"]


@dataclass(frozen=True)
class Wrapped:
    """A flow that was found. `content` may be anything yet; a text is JSON."""

    content: Any
    inside: JsonPath
    form: Form
    fields: Mapping[str, Any] = field(default_factory=dict)
    """name, type, description, status, settings, of those that the wrapper has."""
    module: bool = False
    strange: tuple[JsonPath, ...] = ()
    """Members of sbctl's own wrapper that it does not have."""


def flows_of(tree: Any, at: JsonPath = ()) -> Iterator[Wrapped]:
    """Every flow of a value, with its place; none where the value holds none."""
    if isinstance(tree, list):
        for number, one in enumerate(tree):
            yield from flows_of(one, (*at, number))
    elif isinstance(tree, dict):
        yield from _of_object(tree, at)


def is_old(tree: Any) -> bool:
    """Whether a value is an export of the old format."""
    return isinstance(tree, dict) and isinstance(tree.get("modules"), list) and "start" in tree


def is_wrapper(tree: Any) -> bool:
    """Whether a value is something around a flow, and not a flow itself."""
    bare = {"Actions", "StartAction"}
    return isinstance(tree, dict) and not bare & set(tree) and not is_old(tree) and any(True for _ in flows_of(tree))


def _is_flow(tree: Mapping[str, Any]) -> bool:
    """Whether an object is a flow, which may lack a member."""
    return ("Actions" in tree or "StartAction" in tree) and not _is_other(tree)


def _is_other(tree: Any) -> bool:
    """Whether it has actions of another sort: views of agents' guides have names, and triggers have jobs."""
    if not isinstance(tree, dict) or "Actions" not in tree or {"StartAction", "Version"} & set(tree):
        return False
    actions = tree["Actions"] if isinstance(tree["Actions"], list) else []
    names = [one for one in actions if isinstance(one, str)]
    others = [one for one in actions if isinstance(one, dict) and not {"Identifier", "Type"} & set(one)]
    return "Template" in tree or (bool(actions) and len(actions) in (len(names), len(others)))


def _of_object(tree: Mapping[str, Any], at: JsonPath) -> Iterator[Wrapped]:
    if "content" in tree:
        strange = tuple((*at, name) for name in tree if name not in OWN)
        yield Wrapped(tree["content"], (*at, "content"), "wrapper", _lower(tree), strange=strange)
    elif _is_flow(tree) or is_old(tree):
        yield Wrapped(tree, at, "export")
    elif "Content" in tree and not _is_other(tree["Content"]):
        yield _of_aws(tree, at, module="Settings" in tree and "Type" not in tree)
    else:
        yield from _of_answer(tree, at)
        yield from _of_template(tree, at)


def _of_answer(tree: Mapping[str, Any], at: JsonPath) -> Iterator[Wrapped]:
    for name, module in RESPONSES.items():
        if isinstance(tree.get(name), dict):
            yield _of_aws(tree[name], (*at, name), module=module)
        several = tree.get(f"{name}s")
        for number, one in enumerate(several if isinstance(several, list) else ()):
            if isinstance(one, dict) and "Content" in one:
                yield _of_aws(one, (*at, f"{name}s", number), module=module)


def _of_template(tree: Mapping[str, Any], at: JsonPath) -> Iterator[Wrapped]:
    """The flows of a template of CloudFormation, or of one resource of it."""
    resources, properties = tree.get("Resources"), tree.get("Properties")
    if isinstance(resources, dict):
        for name, one in resources.items():
            if isinstance(one, dict) and one.get("Type") in FLOW_RESOURCES:
                yield from _of_template(one, (*at, "Resources", name))
    elif isinstance(properties, dict) and "Content" in properties:
        module = FLOW_RESOURCES.get(str(tree.get("Type")), "Settings" in properties)
        yield _of_aws(properties, (*at, "Properties"), module=module)


def _of_aws(tree: Mapping[str, Any], at: JsonPath, *, module: bool) -> Wrapped:
    if "Content" not in tree:
        return Wrapped(None, at, "aws", _capital(tree), module)
    content, inside = tree["Content"], (*at, "Content")
    if isinstance(content, dict) and set(content) == {"Fn::Sub"}:
        content, inside = content["Fn::Sub"], (*inside, "Fn::Sub")
        if isinstance(content, list) and content:
            content, inside = content[0], (*inside, 0)
    return Wrapped(content, inside, "aws", _capital(tree), module)


def _lower(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tree[name] for name in OWN[1:-1] if name in tree}


def _capital(tree: Mapping[str, Any]) -> dict[str, Any]:
    return _lower({name[:1].lower() + name[1:]: value for name, value in tree.items()})
