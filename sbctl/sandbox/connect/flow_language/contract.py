"""What a module says of itself in its Settings: its branches, what goes in, what comes out (connect-api 2.4).

Both sides are held to it. The member Settings of the API is meant, a JSON text; the object of that name inside the content says
nothing.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.flow_language.parameters import is_static
from sbctl.sandbox.connect.flow_language.qualifier import Named, version
from sbctl.sandbox.connect.flow_language.reading import Step
from sbctl.sandbox.connect.flow_language.references import found
from sbctl.sandbox.connect.flow_language.saying import Said, wrong
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.documents import read_document

MOST_BRANCHES = 8
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


@dataclass(frozen=True)
class Contract:
    """`takes` and `gives` are schemas of JSON Schema, empty where the module says nothing of them."""

    branches: tuple[str, ...]
    takes: Mapping[str, Any]
    gives: Mapping[str, Any]


def contract(settings: str | None) -> Contract:
    """What Settings say. Raises ValueError for a text that is no JSON object; other members than those known are passed over."""
    tree = read_document(settings) if settings else {}
    if not isinstance(tree, dict):
        raise ValueError("Settings is no JSON object")
    results = _at(tree, "transitions").get("results")
    rows = results if isinstance(results, list) else []
    names = tuple(str(row["name"]) for row in rows if isinstance(row, Mapping) and "name" in row)
    return Contract(names, _at(_at(tree, "input"), "schema"), _at(_at(tree, "resultData"), "schema"))


def inside(step: Step, own: Contract | None) -> Iterator[Said]:
    """What a module's return says against the module's own contract."""
    if own is None or step.kind != "EndFlowModuleExecution":
        return
    if step.has("Result") and step.text("Result") not in own.branches:
        yield Said(wrong(step.number, "Parameters.Result"))
    yield from _fits(step, "ResultData", own.gives)


def at_call(step: Step, instance: Instance) -> Iterator[Said]:
    """What an invocation says against the contract of a module that it names by id or ARN."""
    named = step.parameters.get("FlowModuleId")
    module = found(instance, "flow-module", named) if is_static(named) else None
    if step.kind != "InvokeFlowModule" or module is None:
        return
    theirs = _of(module)
    yield from _fits(step, "Input", theirs.takes)
    if any(operand not in theirs.branches for condition in step.conditions for operand in condition.operands):
        yield Said(wrong(step.number, "Transitions.Conditions"))


def _of(module: Named) -> Contract:
    """The contract of what is invoked: that of a version is the version's own."""
    latest = module.is_latest or module.is_draft
    settings = module.resource.values.get("Settings") if latest else version(module)["Settings"]
    return contract(settings)


def _fits(step: Step, name: str, schema: Mapping[str, Any]) -> Iterator[Said]:
    """Keys that the schema does not have, and values of another type. A reference is a string, whatever it will hold."""
    known = _at(schema, "properties")
    for key, value in step.part(name).items():
        if key in known:
            if not _is_of(value, known[key]):
                yield Said(wrong(step.number, f"Parameters.{name}.{key}"))
        elif "properties" in schema and schema.get("additionalProperties") in (None, False):
            yield Said(wrong(step.number, f"Parameters.{name}.{key}"))


def _is_of(value: Any, schema: Any) -> bool:
    """Whether a value is of the type that a schema names; a schema that names none takes all."""
    wanted = schema.get("type") if isinstance(schema, Mapping) else None
    names = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
    kinds = [kind for name in names if isinstance(name, str) for kind in TYPES.get(name, (object,))]
    if isinstance(value, bool) and object not in kinds:
        return not kinds or bool in kinds
    return not kinds or isinstance(value, tuple(kinds))


def _at(tree: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    value = tree.get(member)
    return value if isinstance(value, Mapping) else {}
